#!/usr/bin/env bash
# Writes the text of a run as a comment on the pull request, in the place of the one that an earlier run has left there.
# A comment that cannot be written is a warning: the summary of the step has the same text.
#
#   COMMENT_FILE  the text; its first line is the mark
#   REPOSITORY    owner/name
#   NUMBER        of the pull request
#   AUTHOR        whose comments may be replaced
#   GH_TOKEN      for gh
set -uo pipefail

warn() {
  echo "::warning title=medianest-perf::$1"
  exit 0
}

[ -s "$COMMENT_FILE" ] || warn 'the run has left no text for a comment'
IFS= read -r mark < "$COMMENT_FILE"
# The mark becomes part of a program for jq, so nothing else may be in it.
[[ "$mark" =~ ^'<!-- medianest-perf:'[A-Za-z0-9_.:-]+' -->'$ ]] || warn 'the text of the comment does not begin with its mark'
[[ "$NUMBER" =~ ^[0-9]+$ ]] || warn 'this run belongs to no pull request'
[[ "$AUTHOR" =~ ^[A-Za-z0-9_-]+(\[bot\])?$ ]] || warn 'the input comment-author is no name of an account'

# The mark alone could be in anybody's comment.
mine=$(gh api --paginate "repos/$REPOSITORY/issues/$NUMBER/comments?per_page=100" \
  --jq ".[] | select(.user.login == \"$AUTHOR\") | select(.body | startswith(\"$mark\")) | .id") ||
  warn 'the comments of the pull request cannot be read: does the job have the permission pull-requests: write?'
id=${mine%%$'\n'*}

if [ -n "$id" ]; then
  gh api --silent --method PATCH "repos/$REPOSITORY/issues/comments/$id" --field "body=@$COMMENT_FILE"
else
  gh api --silent --method POST "repos/$REPOSITORY/issues/$NUMBER/comments" --field "body=@$COMMENT_FILE"
fi || warn 'the comment cannot be written: does the job have the permission pull-requests: write? Pull requests from forks never have it'
