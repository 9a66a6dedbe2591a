#!/usr/bin/env bash
# Runs medianest-perf with the words of $ARGS and keeps its exit code for the last step, so that the comment is written in between.
#
#   ARGS          the command line; words with spaces stand in quotes, * and ? stand for files, nothing else is expanded
#   VERSION       what npx runs, unless
#   PROGRAM       names a file for node: bin/medianest-perf.js of a checkout
#   COMMENT_FILE  where the text of the comment goes; empty for none
#   FAIL_NOW      true to end with the exit code at once
set -uo pipefail

refuse() {
  echo "::error title=medianest-perf::$1"
  echo 'exit-code=64' >> "$GITHUB_OUTPUT"
  [ "${FAIL_NOW:-false}" = true ] && exit 64
  exit 0
}

split=$(mktemp)
trap 'rm -f "$split"' EXIT
printf '%s\n' "${ARGS:-}" | xargs printf '%s\0' > "$split" || refuse 'the input args cannot be read: is there a quote without its other half?'
words=()
while IFS= read -r -d '' word; do
  # With an empty IFS a word is not split again, only matched with files; one that matches none stays as it is.
  IFS=
  # shellcheck disable=SC2206
  matches=($word)
  unset IFS
  # An empty list is an error to bash before 4.4.
  words+=(${matches[@]+"${matches[@]}"})
done < "$split"
[ "${#words[@]}" -gt 0 ] || refuse 'the input args is empty: name a command, such as compare before.json after.json'

program=(npx --yes "medianest-perf@${VERSION:-latest}")
if [ -n "${PROGRAM:-}" ]; then program=(node "$PROGRAM"); fi
if [ -n "${COMMENT_FILE:-}" ]; then
  # A text of an earlier step must not be taken for this one's.
  rm -f "$COMMENT_FILE"
  # In front, since after -- everything belongs to the command that bench times.
  words=(--output "comment=$COMMENT_FILE" "${words[@]}")
fi

"${program[@]}" "${words[@]}"
code=$?
# The program tells the same of itself; where it could not be started, or was told not to, this is all there is.
echo "exit-code=$code" >> "$GITHUB_OUTPUT"
if [ "${FAIL_NOW:-false}" = true ]; then exit "$code"; fi
