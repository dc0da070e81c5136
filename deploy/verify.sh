#!/usr/bin/env bash
# Checks a deployed gateway from outside, as a stranger: the public routes, the headers of every answer,
# TLS 1.3, the rate limit, that /metrics cannot be reached, and that no path is answered in any other form,
# since a proxy and the gateway may interpret such forms differently.
# It sends no token and no sealed body; deploy/seqthink/test-e2e.sh does that.
#
#   verify.sh https://seqthink.example.org
#   BASE_URL=https://seqthink.example.org verify.sh
#
#   --insecure         accept any certificate
#   --metrics-open     /metrics is meant to be reachable from here
#   --no-flood         skip the check of the failure limit, which sends 400 requests
#
# Exits with 0 if all checks pass, 1 if one fails, 2 on wrong usage.
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
        fail "$what" "got 429: this address has failed too often, as after each run of this script; wait a minute"
    else
        fail "$what" "expected $wanted, got $status"
    fi
}

conclude() {
    echo
    if [ "$broken" -eq 0 ]; then
        printf '%s%d passed%s\n' "$green" "$held" "$plain"
        exit 0
    fi
    printf '%s%d of %d failed%s\n' "$red" "$broken" $((held + broken)) "$plain"
    exit 1
}

# --- public routes -----------------------------------------------------------------------------

expect "is alive" 200 /health
if [[ $status = 000* ]]; then
    warn "nothing answers: the other checks are skipped"
    conclude
fi
status=$(ask /ready)
if [ "$status" = 404 ]; then
    warn "/ready is not published here: check it from inside"
else
    expect "is ready" 200 /ready
fi
expect "publishes its signed recipients" 200 /.well-known/age-recipients
expect "names its issuer (RFC 9728)" 200 /.well-known/oauth-protected-resource
expect "requires a token" 401 /mcp/tool -X POST -H 'Content-Type: application/age'
case $status:$(header WWW-Authenticate) in
    429:*) ;;
    *:Bearer* | *:DPoP*) pass "challenges: $(header WWW-Authenticate | cut -c1-60)" ;;
    *) fail "challenges" "the 401 has no WWW-Authenticate header: is this the gateway?" ;;
esac
expect "answers 404 for unknown paths" 404 /nothing-here
# 421 comes from the gateway, the others from a proxy, which may also close the connection
status=$(ask /mcp/tool -X POST -H 'Host: other.invalid')
case $status in
    400 | 403 | 404 | 421 | 000*) pass "rejects other hosts: $status" ;;
    *) fail "rejects other hosts" "expected 421 or 404, got $status" ;;
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
        fail "security headers on $path" "missing or different: ${missing[*]}; a proxy may remove them"
    fi
done

# --- transport ----------------------------------------------------------------------------------

case $base in
    https://*)
        if curl "${curl_options[@]}" --tlsv1.3 "$base/health" 2>/dev/null; then
            pass "speaks TLS 1.3"
        else
            fail "speaks TLS 1.3" "no TLS 1.3 connection: check TLS_CERT_PATH, or the proxy's settings"
        fi
        # a TLS terminator in front decides this; the gateway itself accepts 1.3 only
        if curl "${curl_options[@]}" --tls-max 1.2 "$base/health" 2>/dev/null; then
            fail "rejects TLS 1.2" "accepted it: set the proxy's minimum version to 1.3"
        else
            pass "rejects TLS 1.2"
        fi
        ask /health >/dev/null
        if [ -n "$(header Strict-Transport-Security)" ]; then
            pass "sends Strict-Transport-Security"
        else
            warn "no Strict-Transport-Security: let the proxy that terminates TLS add it"
        fi
        ;;
    *) warn "TLS not checked: $base is not an https URL" ;;
esac

# --- what must not be public -------------------------------------------------------------------

if $metrics_open; then
    expect "metrics are served here" 200 /metrics
else
    status=$(ask /metrics)
    if [ "$status" = 200 ]; then
        fail "metrics are not public" "got 200: let the proxy pass /mcp, /.well-known and /health only"
    else
        pass "metrics are not public: $status"
    fi
fi

# every route of every role; RouteForms in the tests compares this list with the gateway's own
routes() {
    cat <<ROUTES
/mcp/tool
/mcp/sse
/.well-known/age-recipients
/.well-known/oauth-protected-resource
/.well-known/jwks.json
/.well-known/oauth-authorization-server
/.well-known/revoked-tokens
/oauth/token
/oauth/introspect
/oauth/revoke
/health
/ready
/metrics
/q/health
/q/health/live
/q/health/ready
/q/health/started
ROUTES
}

# other_forms PATH: what some servers take for the same path
other_forms() {
    local path=$1 parent=${1%/*} name=${1##*/} letter
    letter=$(printf '%%%02x' "'${name:0:1}")
    cat <<FORMS
$path/
$path//
$path/x
$path/.
$path/%2e
$path/x/..
$path/x/%2e%2e
/$path
/.$path
/%2e$path
/x/..$path
/x/%2e%2e$path
/mcp/..;$path
$parent//$name
$parent/./$name
$parent/$letter${name:1}
$parent/${name^^}
$parent;a$path
$path;
$path;a=b
$path%2f
$path%5c
$path%00
$path%20
$path%3b
$path%3f
$path%23
FORMS
}

# statuses: reads paths and prints "STATUS URL" for each, in parallel
statuses() {
    local path
    while read -r path; do
        printf 'url = "%s"\noutput = "/dev/null"\n' "$base$path"
    done | curl "${curl_options[@]}" --globoff --path-as-is --parallel --parallel-max 16 -K - \
        -w '%{http_code} %{url_effective}\n' 2>/dev/null || true
}

answered='^(2..|401|405|406|415) '
# a proxy may bring a path into its one form before it passes it on; that must not publish any more routes
published=$(routes | statuses | grep -E "$answered" | cut -d' ' -f2- || true)
hidden_forms=()
published_forms=()
while read -r path; do
    forms=$(other_forms "$path" | statuses | grep -E "$answered" | cut -d' ' -f2- || true)
    [ -n "$forms" ] || continue
    if grep -qxF "$base$path" <<<"$published"; then
        mapfile -t -O ${#published_forms[@]} published_forms <<<"$forms"
    else
        mapfile -t -O ${#hidden_forms[@]} hidden_forms <<<"$forms"
    fi
done < <(routes)
if [ ${#hidden_forms[@]} -gt 0 ]; then
    fail "unpublished routes are not reachable through other forms of their path" \
        "answered: ${hidden_forms[*]}: make the proxy apply its rules to the path that it forwards"
elif [ ${#published_forms[@]} -gt 0 ]; then
    warn "answered in several forms: ${published_forms[*]}: a proxy normalizes them, or this is not the gateway"
else
    pass "each path is answered in one form only"
fi

if $flood; then
    # in parallel: the limit refills while a slow sender sends
    curl "${curl_options[@]}" --parallel --parallel-max 16 -D "$work/heads" \
        -X POST -H 'Content-Type: application/age' "$base/mcp/tool#[1-400]" 2>/dev/null || true
    again=$(sed -n 's/^Retry-After: *//Ip' "$work/heads" | tr -d '\r' | head -n 1)
    if [ -n "$again" ] && grep -q '^HTTP/[^ ]* 429' "$work/heads"; then
        pass "limits failures per address: 429, Retry-After $again"
    else
        fail "limits failures per address" \
            "no 429 with Retry-After after 400 requests without a token; each replica counts separately"
    fi
else
    warn "failure limit not checked (--no-flood)"
fi

conclude
