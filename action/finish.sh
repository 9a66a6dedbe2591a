#!/usr/bin/env bash
# Ends the action with the exit code of the run, after all else is done.
#
#   EXIT_CODE  of the run; empty where it has not come to its end
#   FAIL       false to report only
set -uo pipefail

code=${EXIT_CODE:-70}
if [ "${FAIL:-true}" = false ] && [ "$code" -lt 64 ]; then exit 0; fi
exit "$code"
