#!/usr/bin/env bash
# One sealed call with jq, openssl, age and curl only.
#
#   call-by-hand.sh URL ROUTE DOOR-RECIPIENT CALLER-RECIPIENT <PAYLOAD
#
# Reads from the current folder: token, auth (the header that carries it), caller.key
# Writes to it: request.json, request.age, headers, reply.age, reply.json
set -euo pipefail

ath=$(openssl dgst -sha256 -binary token | openssl base64 -A | tr '+/' '-_' | tr -d '=')
jq --arg request_id "$(openssl rand -hex 16)" --arg ath "$ath" --arg to "$2" --arg reply_to "$4" '{
    $request_id, issued_at: (now | floor), $ath, $to, $reply_to,
    tool: "sequentialthinking", payload: .
}' | tee request.json |
    age -r "$3" | tee request.age |
    curl -sS --max-time 60 -D headers -o reply.age -H @auth -H 'Content-Type: application/age' \
        --data-binary @- "$1"
age -d -i caller.key reply.age >reply.json
