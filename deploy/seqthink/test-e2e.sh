#!/usr/bin/env bash
# Ten checks of a deployed gateway with curl, and for the sealed ones age, jq and openssl.
#
#   BASE_URL=https://seqthink.example.org test-e2e.sh
#
# Set by the environment:
#
#   BASE_URL        the gateway; default http://localhost:8443
#   PUBLIC_URL      the gateway's PUBLIC_URL, if it differs from BASE_URL
#   METRICS_URL     a replica's metrics, if they are not at BASE_URL/metrics
#   JWT_TOKEN       a token for this gateway
#   AGE_RECIPIENT   the gateway's recipient, from /.well-known/age-recipients or its operator
#   AGE_IDENTITY    file with the caller's age identity, which decrypts the replies
#   CA_FILE         certificate authorities to trust instead of the system's
#
# Checks that need a variable that is not set, or a route that is not published, print a warning.
# Exits with 0 if no check failed, 1 if one did, 2 on wrong usage.
set -euo pipefail

case "${1:-}" in
    "") ;;
    -h | --help)
        sed -n '2,18s/^# \{0,1\}//p' "$0"
        exit 0
        ;;
    *)
        echo "test-e2e: this script takes no arguments; see --help" >&2
        exit 2
        ;;
esac
command -v curl >/dev/null || {
    echo "test-e2e: curl is missing; install it (Debian, Fedora: package curl)" >&2
    exit 2
}

base=${BASE_URL:-http://localhost:8443}
base=${base%/}
public=${PUBLIC_URL:-$base}
public=${public%/}
metrics=${METRICS_URL:-$base/metrics}
token=${JWT_TOKEN:-}
identity=${AGE_IDENTITY:-}
recipient=${AGE_RECIPIENT:-}

umask 077
work=$(mktemp -d)
touch "$work/head" "$work/body"
stream=
clean_up() {
    [ -z "$stream" ] || kill "$stream" 2>/dev/null || true
    rm -rf "$work"
}
trap clean_up EXIT

passed=0
failed=0
warned=0

if [ -t 1 ]; then
    green=$'\033[32m' red=$'\033[31m' yellow=$'\033[33m' plain=$'\033[0m'
else
    green='' red='' yellow='' plain=''
fi

pass() {
    printf '%s✓%s %s\n' "$green" "$plain" "$1"
    passed=$((passed + 1))
}

fail() {
    printf '%s✗%s %s: %s\n' "$red" "$plain" "$1" "$2"
    failed=$((failed + 1))
}

warn() {
    printf '%s⚠%s %s: %s\n' "$yellow" "$plain" "$1" "$2"
    warned=$((warned + 1))
}

curl_options=(-sS -m 60)
[ -z "${CA_FILE:-}" ] || curl_options+=(--cacert "$CA_FILE")

# ask URL [CURL OPTIONS]: the status on standard output; head and body in $work
ask() {
    local url=$1
    shift
    curl "${curl_options[@]}" -D "$work/head" -o "$work/body" -w '%{http_code}' "$@" "$url" \
        2>"$work/error" || printf ' (%s)' "$(head -c 200 "$work/error")"
}

# header NAME: its value in the last head
header() {
    sed -n "s/^$1: *//Ip" "$work/head" | tr -d '\r' | head -n 1
}

# the token is passed in a file, since every user can list command lines
printf 'Authorization: Bearer %s\n' "$token" >"$work/auth"
printf 'Authorization: Bearer %s\n' not.a.token >"$work/bad-auth"
tool=$base/mcp/tool
too_many="got 429: this address has failed too often, as after deploy/verify.sh; wait a minute"
age_type='Content-Type: application/age'

# --- sealing ------------------------------------------------------------------------------------

missing=()
for needed in age age-keygen jq openssl; do
    command -v "$needed" >/dev/null || missing+=("$needed")
done
if [ -z "$token" ]; then
    unsealed="set JWT_TOKEN"
elif [ -z "$recipient" ] || [ -z "$identity" ]; then
    unsealed="set AGE_RECIPIENT and AGE_IDENTITY"
elif [ ! -r "$identity" ]; then
    unsealed="AGE_IDENTITY must name a readable file"
elif [ ${#missing[@]} -gt 0 ]; then
    unsealed="install ${missing[*]}"
else
    unsealed=
    age-keygen -y "$identity" >"$work/reply-to"
    printf '%s' "$token" | openssl dgst -sha256 -binary | openssl base64 -A |
        tr '+/' '-_' | tr -d '=' >"$work/ath"
fi

# seal ROUTE [MEMBERS]: an enveloped request, sealed, in $work/request.age
seal() {
    jq -n --arg request_id "$(openssl rand -hex 16)" --rawfile ath "$work/ath" \
        --arg to "$public$1" --arg reply_to "$(cat "$work/reply-to")" --argjson members "${2:-{\}}" \
        '{$request_id, issued_at: (now | floor), $ath, $to, $reply_to} + $members' \
        >"$work/request.json"
    age -r "$recipient" -o "$work/request.age" "$work/request.json"
}

# think THOUGHT: a sealed call; the status on standard output, the reply in $work/reply.json
think() {
    seal /mcp/tool "$(jq -n --arg thought "$1" '{tool: "sequentialthinking", payload:
        {$thought, thoughtNumber: 1, totalThoughts: 1, nextThoughtNeeded: false}}')"
    ask "$tool" -H @"$work/auth" -H "$age_type" --data-binary @"$work/request.age"
    age -d -i "$identity" -o "$work/reply.json" "$work/body" 2>/dev/null || rm -f "$work/reply.json"
}

# --- checks -------------------------------------------------------------------------------------

echo "Checking $base"

status=$(ask "$base/health")
if [ "$status" = 200 ] && [ "$(cat "$work/body")" = OK ]; then
    pass "1 health"
else
    fail "1 health" "expected 200 OK, got $status; is a gateway running at BASE_URL?"
fi

status=$(ask "$base/ready")
case $status in
    200) pass "2 ready" ;;
    404) warn "2 ready" "/ready is not published here" ;;
    *) fail "2 ready" "expected 200, got $status: $(head -c 80 "$work/body")" ;;
esac

status=$(ask "$metrics")
published=false
if [ "$status" = 200 ] && grep -q '^seqthink_requests_total' "$work/body"; then
    published=true
    pass "3 metrics"
elif [ "$status" = 404 ] && [ -z "${METRICS_URL:-}" ]; then
    warn "3 metrics" "not published here, as it should be; set METRICS_URL"
else
    fail "3 metrics" "expected 200 with seqthink_requests_total, got $status"
fi

status=$(ask "$tool" -H "$age_type" -d test)
case $status:$(header WWW-Authenticate) in
    401:Bearer* | 401:DPoP*) pass "4 a request without a token is rejected" ;;
    429:*) fail "4 a request without a token is rejected" "$too_many" ;;
    *) fail "4 a request without a token is rejected" "expected 401 with a challenge, got $status" ;;
esac

status=$(ask "$tool" -H @"$work/bad-auth" -H "$age_type" -d test)
case $status in
    401) pass "5 an invalid token is rejected" ;;
    429) fail "5 an invalid token is rejected" "$too_many" ;;
    *) fail "5 an invalid token is rejected" "expected 401, got $status" ;;
esac

# with a valid token the gateway checks the content type next
status=
[ -z "$token" ] || status=$(ask "$tool" -H @"$work/auth" -H 'Content-Type: application/json' -d '{}')
case $status in
    "") warn "6 a valid token is accepted" "set JWT_TOKEN" ;;
    401 | 403) fail "6 a valid token is accepted" "got $status: $(header WWW-Authenticate)" ;;
    415) pass "6 a valid token is accepted" ;;
    *) fail "6 a valid token is accepted" "expected 415 for another content type, got $status" ;;
esac
unsealed_status=$status

if [ -n "$unsealed" ]; then
    warn "7 a sealed call gets a sealed reply" "$unsealed"
else
    status=$(think "Does this come back?")
    if [ "$status" != 200 ] || [ "$(header Content-Type)" != application/age ]; then
        fail "7 a sealed call gets a sealed reply" "got $status: $(head -c 200 "$work/body" | tr -d '\0')"
    elif [ ! -e "$work/reply.json" ]; then
        fail "7 a sealed call gets a sealed reply" "AGE_IDENTITY cannot decrypt the reply"
    elif ! jq -e --slurpfile request "$work/request.json" \
        '.request_id == $request[0].request_id and .result' "$work/reply.json" >/dev/null; then
        fail "7 a sealed call gets a sealed reply" "the reply belongs to another request"
    else
        pass "7 a sealed call gets a sealed reply"
    fi
fi

case $unsealed_status in
    "") warn "8 another content type is rejected" "set JWT_TOKEN" ;;
    415) pass "8 another content type is rejected" ;;
    *) fail "8 another content type is rejected" "expected 415, got $unsealed_status" ;;
esac

# several replicas may share one URL, each with its own metrics
counted() {
    local count
    for _ in $(seq 20); do
        ask "$tool" -H "$age_type" -d test >/dev/null
        ask "$metrics" >/dev/null
        count=$(sed -n 's/^seqthink_requests_total[^ ]* //p' "$work/body" | head -n 1)
        case $count in
            "" | 0 | 0.0) ;;
            *) return 0 ;;
        esac
    done
    return 1
}
if ! $published; then
    warn "9 requests are counted" "metrics are not reachable; set METRICS_URL"
elif counted; then
    pass "9 requests are counted"
else
    fail "9 requests are counted" "seqthink_requests_total stays at 0"
fi

# opened FILTER: whether an event of the stream can be decrypted and matches
opened() {
    sed -n 's/^data: *//p' "$work/events" | tr -d '\r' | while read -r data; do
        printf '%s' "$data" | openssl base64 -d -A | age -d -i "$identity" 2>/dev/null |
            jq -e "$1" >/dev/null && echo yes
    done | grep -q yes
}
if [ -z "$token" ]; then
    warn "10 thoughts are streamed" "set JWT_TOKEN"
elif [ -n "$unsealed" ]; then
    status=$(ask "$base/mcp/sse" -H @"$work/auth")
    if [ "$status" = 400 ] && grep -q envelope-required "$work/body"; then
        warn "10 thoughts are streamed" "the route exists and requires an envelope; $unsealed"
    else
        fail "10 thoughts are streamed" "expected 400 envelope-required, got $status"
    fi
else
    thought="streamed $(openssl rand -hex 8)"
    seal /mcp/sse
    : >"$work/events"
    curl "${curl_options[@]}" -N -o "$work/events" -H @"$work/auth" -H "$age_type" \
        --data-binary @"$work/request.age" "$base/mcp/sse" 2>/dev/null &
    stream=$!
    think "$thought" >/dev/null
    seen=false
    for _ in $(seq 60); do
        if opened ".event == \"thought\" and (.payload.thought == \"$thought\")"; then
            seen=true
            break
        fi
        sleep 0.5
    done
    kill "$stream" 2>/dev/null || true
    wait "$stream" 2>/dev/null || true
    stream=
    if $seen; then
        pass "10 thoughts are streamed"
    else
        fail "10 thoughts are streamed" "no event with the completed thought arrived"
    fi
fi

echo
printf '%d passed, %d failed, %d not checked\n' "$passed" "$failed" "$warned"
[ "$failed" -eq 0 ]
