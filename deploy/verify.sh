#!/usr/bin/env bash
# Looks at a deployed door from outside and says what a stranger can see of it: answers that must
# be there, headers on every one of them, TLS 1.3, a rate limit, and metrics that are closed, also
# to paths that a proxy and the door may read differently.
# Sends no token and no sealed body; deploy/seqthink/test-e2e.sh does that.
#
#   verify.sh https://seqthink.example.org
#   BASE_URL=https://seqthink.example.org verify.sh
#
#   --insecure         take any certificate
#   --metrics-open     /metrics is meant to be reachable from here
#   --no-flood         send none of the requests that trip the limit of failures
#
# Exits with 0 when all hold, 1 when one does not, 2 when called wrongly.
set -euo pipefail

usage() {
    sed -n '2,15s/^# \{0,1\}//p' "$0"
}

base=${BASE_URL:-}
metrics_open=false
flood=true
curl_options=(-sS -m 20 -o /dev/null)
for argument in "$@"; do
    case $argument in
        -h | --help)
            usage
            exit 0
            ;;
        --insecure) curl_options+=(-k) ;;
        --metrics-open) metrics_open=true ;;
        --no-flood) flood=false ;;
        http://* | https://*) base=${argument%/} ;;
        *)
            usage >&2
            exit 2
            ;;
    esac
done
if [ -z "$base" ]; then
    usage >&2
    exit 2
fi
command -v curl >/dev/null || {
    echo "verify: curl is missing; install it (Debian, Fedora: package curl)" >&2
    exit 2
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
held=0
broken=0

if [ -t 1 ]; then
    green=$'\033[32m' red=$'\033[31m' yellow=$'\033[33m' plain=$'\033[0m'
else
    green='' red='' yellow='' plain=''
fi

pass() {
    printf '%s✓%s %s\n' "$green" "$plain" "$1"
    held=$((held + 1))
}

fail() {
    printf '%s✗%s %s\n    %s\n' "$red" "$plain" "$1" "$2"
    broken=$((broken + 1))
}

warn() {
    printf '%s⚠%s %s\n' "$yellow" "$plain" "$1"
}

# ask PATH [CURL OPTIONS]: the status on standard output, the head in $work/head
ask() {
    local path=$1
    shift
    curl "${curl_options[@]}" -D "$work/head" -w '%{http_code}' "$@" "$base$path" 2>"$work/error" ||
        printf ' (%s)' "$(head -c 200 "$work/error")"
}

# header NAME: its value in the last head
header() {
    sed -n "s/^$1: *//Ip" "$work/head" | tr -d '\r' | head -n 1
}

# expect WHAT WANTED-STATUS PATH [CURL OPTIONS]; leaves what it got in $status
expect() {
    local what=$1 wanted=$2
    shift 2
    status=$(ask "$@")
    if [ "$status" = "$wanted" ]; then
        pass "$what: $status"
    elif [ "$status" = 429 ]; then
        fail "$what" "got 429: too many failures came from this address, as each flood here sends; wait a minute"
    else
        fail "$what" "wanted $wanted, got $status"
    fi
}

conclude() {
    echo
    if [ "$broken" -eq 0 ]; then
        printf '%s%d hold%s\n' "$green" "$held" "$plain"
        exit 0
    fi
    printf '%s%d of %d do not hold%s\n' "$red" "$broken" $((held + broken)) "$plain"
    exit 1
}

# --- what answers -------------------------------------------------------------------------------

expect "lives" 200 /health
if [[ $status = 000* ]]; then
    warn "nothing answers: the rest was not looked at"
    conclude
fi
status=$(ask /ready)
if [ "$status" = 404 ]; then
    warn "/ready is not published here: ask it inside"
else
    expect "is ready" 200 /ready
fi
expect "publishes its recipients, signed" 200 /.well-known/age-recipients
expect "names its issuer (RFC 9728)" 200 /.well-known/oauth-protected-resource
expect "wants a token" 401 /mcp/tool -X POST -H 'Content-Type: application/age'
case $status:$(header WWW-Authenticate) in
    429:*) ;;
    *:Bearer* | *:DPoP*) pass "says how to get in: $(header WWW-Authenticate | cut -c1-60)" ;;
    *) fail "says how to get in" "the 401 has no WWW-Authenticate challenge: is this the door?" ;;
esac
expect "has nothing where nothing is" 404 /nothing-here
# 421 is the door's own, the others a proxy's, which may also just hang up
status=$(ask /mcp/tool -X POST -H 'Host: other.invalid')
case $status in
    400 | 403 | 404 | 421 | 000*) pass "is no door for another host: $status" ;;
    *) fail "is no door for another host" "wanted 421 or 404, got $status" ;;
esac

# --- headers, on good answers and bad -----------------------------------------------------------

for path in /health /mcp/tool /.well-known/nothing-here; do
    ask "$path" >/dev/null
    missing=()
    [ "$(header X-Content-Type-Options)" = nosniff ] || missing+=(X-Content-Type-Options)
    [ "$(header X-Frame-Options)" = DENY ] || missing+=(X-Frame-Options)
    [ -n "$(header Content-Security-Policy)" ] || missing+=(Content-Security-Policy)
    [ "$(header Referrer-Policy)" = no-referrer ] || missing+=(Referrer-Policy)
    [ -n "$(header Cache-Control)" ] || missing+=(Cache-Control)
    if [ ${#missing[@]} -eq 0 ]; then
        pass "security headers on $path"
    else
        fail "security headers on $path" "missing or other: ${missing[*]}; a proxy may drop them"
    fi
done

# --- transport ----------------------------------------------------------------------------------

case $base in
    https://*)
        if curl "${curl_options[@]}" --tlsv1.3 "$base/health" 2>/dev/null; then
            pass "speaks TLS 1.3"
        else
            fail "speaks TLS 1.3" "no connection with it: see TLS_CERT_PATH, or the proxy's settings"
        fi
        # whoever ends TLS in front decides this; the door itself speaks 1.3 only
        if curl "${curl_options[@]}" --tls-max 1.2 "$base/health" 2>/dev/null; then
            fail "refuses TLS 1.2" "took it: set the proxy's minimum to 1.3"
        else
            pass "refuses TLS 1.2"
        fi
        ask /health >/dev/null
        if [ -n "$(header Strict-Transport-Security)" ]; then
            pass "tells browsers to stay with TLS"
        else
            warn "no Strict-Transport-Security: have the proxy that ends TLS add it"
        fi
        ;;
    *) warn "TLS not looked at: $base is no https URL" ;;
esac

# --- what strangers must not have ---------------------------------------------------------------

if $metrics_open; then
    expect "metrics are served here" 200 /metrics
else
    # a proxy that compares paths as they come lets the later ones pass
    open=()
    for path in /metrics //metrics /mcp/../metrics /mcp/%2e%2e/metrics /.well-known/%2e%2e/metrics; do
        [ "$(ask "$path" --path-as-is)" != 200 ] || open+=("$path")
    done
    if [ ${#open[@]} -eq 0 ]; then
        pass "metrics are closed"
    else
        fail "metrics are closed" \
            "got 200 for ${open[*]}: have the proxy resolve paths, and pass /mcp, /.well-known and /health only"
    fi
fi

if $flood; then
    # at once, since what a slow sender uses up is given back meanwhile
    curl "${curl_options[@]}" --parallel --parallel-max 16 -D "$work/heads" \
        -X POST -H 'Content-Type: application/age' "$base/mcp/tool#[1-400]" 2>/dev/null || true
    again=$(sed -n 's/^Retry-After: *//Ip' "$work/heads" | tr -d '\r' | head -n 1)
    if [ -n "$again" ] && grep -q '^HTTP/[^ ]* 429' "$work/heads"; then
        pass "limits failures of one address: 429, Retry-After $again"
    else
        fail "limits failures of one address" \
            "400 requests without a token and no 429 with Retry-After; each replica counts by itself"
    fi
else
    warn "limit of failures not looked at (--no-flood)"
fi

conclude
