#!/usr/bin/env bash
# One sealed call with the commands seal and open, and curl.
#
#   call-by-filters.sh URL ROUTE DOOR-RECIPIENT CALLER-RECIPIENT WRAPPER... <REQUEST
#
# Reads from the current folder: token, auth (the header that carries it), caller.key
set -euo pipefail

url=$1 route=$2 door=$3 caller=$4
shift 4
"$@" seal -r "$door" --to "$route" --token-file token --reply-to "$caller" --binding binding |
    curl -sS --max-time 60 -H @auth -H 'Content-Type: application/age' --data-binary @- "$url" |
    "$@" open -i caller.key --binding binding
