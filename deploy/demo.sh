#!/usr/bin/env bash
# Demonstrates the gateway: builds it if needed, creates keys, starts it with its built-in issuer and its
# built-in thinking server, and sends sealed calls through it.
#
#   deploy/demo.sh          keeps running until Ctrl-C and prints commands to try
#   deploy/demo.sh --once   exits with 0 if every reply was correct, and leaves no file behind, except the
#                           final output of /metrics in the file SCRAPE_FILE, if that is set
#
# WRAPPER is the command to run, such as "java -jar ..."; the default is what this tree builds.
set -euo pipefail

base=$(cd "$(dirname "$0")/.." && pwd -P)
once=false
case "${1:-}" in
    "") ;;
    --once) once=true ;;
    -h | --help)
        sed -n '2,10s/^# \{0,1\}//p' "$0"
        exit 0
        ;;
    *)
        echo "usage: demo.sh [--once]" >&2
        exit 2
        ;;
esac

say() {
    printf '\n\033[1m%s\033[0m\n' "$*"
}

fail() {
    printf 'demo: %s\n' "$*" >&2
    if [ -s "$work/service.log" ]; then
        echo "Last lines of the gateway's log:" >&2
        tail -n 20 "$work/service.log" >&2
    fi
    exit 1
}

umask 077
work=$(mktemp -d "${TMPDIR:-/tmp}/seqthink-demo.XXXXXX")
chmod 700 "$work"
service=

clean_up() {
    status=$?
    trap - EXIT INT TERM
    if [ -n "$service" ]; then
        kill "$service" 2>/dev/null || true
        # it exits within its shutdown timeout; otherwise it is killed
        for _ in $(seq 80); do
            kill -0 "$service" 2>/dev/null || break
            sleep 0.5
        done
        kill -KILL "$service" 2>/dev/null || true
        wait "$service" 2>/dev/null || true
    fi
    rm -rf "$work"
    exit "$status"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

command -v curl >/dev/null || fail "curl is missing; install it (Debian, Fedora: package curl)"

# --- the artefact ------------------------------------------------------------------------------

native=$base/target/seqthink-wrapper-runner
jar=$base/target/quarkus-app/quarkus-run.jar

up_to_date() {
    [ -e "$1" ] && [ -z "$(find "$base/src/main" "$base/pom.xml" -newer "$1" -print -quit)" ]
}

if [ -n "${WRAPPER:-}" ]; then
    read -ra command <<<"$WRAPPER"
else
    if ! up_to_date "$native" && ! up_to_date "$jar"; then
        say "Building (the first time takes a few minutes)"
        "$base/mvnw" -q -B -f "$base/pom.xml" package -DskipTests -Dspotless.check.skip
    fi
    # with this JAVA_HOME, since other terminals may have none
    command=(${JAVA_HOME:+env "JAVA_HOME=$JAVA_HOME"} "$base/deploy/seqthink-wrapper")
fi

wrapper() {
    "${command[@]}" "$@"
}

# --- keys, a client, a service ------------------------------------------------------------------

free_port() {
    local port
    for _ in $(seq 50); do
        # below the ephemeral range of Linux: a client that retries could otherwise connect to itself
        port=$((20000 + RANDOM % 12000))
        if ! (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
            echo "$port"
            return
        fi
    done
    return 1
}

port=${PORT:-$(free_port)} || fail "found no free port; set PORT"
url=http://127.0.0.1:$port
route=$url/mcp/tool

say "Creating keys in $work"
wrapper keygen -o "$work/door.key" >"$work/door.pub"
wrapper keygen --door -o "$work/door.jwk" >"$work/door.fingerprint"
wrapper keygen -o "$work/caller.key" >"$work/caller.pub"
wrapper client add demo --secret --file "$work/clients.json" >"$work/client"
client_secret=$(sed -n 's/^client_secret=//p' "$work/client")

say "Starting the gateway on $url"
env -i PATH="$PATH" HOME="$work" \
    ROLES=door,issuer PORT="$port" BIND_ADDRESS=127.0.0.1 PUBLIC_URL="$url" \
    AGE_IDENT_PATH="$work/door.key" DOOR_KEY_PATH="$work/door.jwk" \
    JWT_ISSUER="$url" JWT_AUDIENCE="$url" \
    ISSUER_URL="$url" ISSUER_AUDIENCE="$url" \
    ISSUER_KEYS_PATH="$work/issuer-keys.json" ISSUER_CLIENTS_PATH="$work/clients.json" \
    LOG_JSON=false \
    "${command[@]}" serve >"$work/service.log" 2>&1 &
service=$!

for attempt in $(seq 120); do
    [ "$(curl -s -m 10 "$url/ready" || true)" != READY ] || break
    kill -0 "$service" 2>/dev/null || fail "the gateway stopped"
    [ "$attempt" -lt 120 ] || fail "the gateway was not ready within a minute"
    sleep 0.5
done
sed -n 's/^/  /p' "$work/service.log"

say "Fetching a token from the built-in issuer"
# secrets are passed by file and standard input, since every user can list command lines
printf 'user = "demo:%s"\n' "$client_secret" |
    curl -sS -m 30 -K - -d grant_type=client_credentials -d scope=sequentialthinking.run \
        "$url/oauth/token" >"$work/token.json"
sed -n 's/.*"access_token" *: *"\([^"]*\)".*/\1/p' "$work/token.json" | tr -d '\n' >"$work/token"
[ -s "$work/token" ] || fail "the issuer returned no token"
printf 'Authorization: Bearer %s\n' "$(cat "$work/token")" >"$work/auth"
echo "  $(wc -c <"$work/token") characters, stored in $work/token"

# --- thoughts -----------------------------------------------------------------------------------

# think EXPECTED-HISTORY-LENGTH ARGUMENTS
think() {
    local reply
    printf '\n  > %s\n' "$2"
    reply=$(printf '%s' "$2" |
        wrapper call "$url" --door "$(cat "$work/door.fingerprint")" \
            --known-doors "$work/known-doors.json" -i "$work/caller.key" --token-file "$work/token") ||
        fail "the call failed"
    printf '%s\n' "$reply" | sed 's/^/  < /'
    printf '%s' "$reply" | grep -Eq "\"thoughtHistoryLength\" ?: ?$1(,|\$)" ||
        fail "the reply does not count $1 thoughts of this caller"
}

say "A chain of three thoughts, a revision of the second, and a branch"
think 1 '{"thought":"What must never leave the gateway unencrypted?","thoughtNumber":1,"totalThoughts":3,"nextThoughtNeeded":true}'
think 2 '{"thought":"Encrypt requests to the gateway.","thoughtNumber":2,"totalThoughts":3,"nextThoughtNeeded":true}'
think 3 '{"thought":"And encrypt replies to the caller.","thoughtNumber":3,"totalThoughts":3,"nextThoughtNeeded":true}'
think 4 '{"thought":"Encryption does not authenticate the sender: bind the request to its token.","thoughtNumber":4,"totalThoughts":5,"nextThoughtNeeded":true,"isRevision":true,"revisesThought":2}'
think 5 '{"thought":"Or could the reply be signed instead?","thoughtNumber":5,"totalThoughts":5,"nextThoughtNeeded":false,"branchFromThought":3,"branchId":"signed-replies"}'

say "Every reply was correct: decrypted with the caller's key, and bound to its request."
if $once; then
    [ -z "${SCRAPE_FILE:-}" ] || curl -fsS -m 30 -o "$SCRAPE_FILE" "$url/metrics"
    exit 0
fi

cat <<EOF

Try it yourself, from another terminal. With curl between two commands:

  cd $work
  echo '{"tool":"sequentialthinking","payload":{"thought":"Mine.","thoughtNumber":1,"totalThoughts":1,"nextThoughtNeeded":false}}' |
    ${command[*]} seal -R door.pub --to $route --token-file token --reply-to \$(cat caller.pub) --binding binding |
    curl -sS --fail-with-body -H @auth -H 'Content-Type: application/age' --data-binary @- $route |
    ${command[*]} open -i caller.key --binding binding

Your thoughts as they complete, in a third terminal:

  cd $work
  ${command[*]} follow $url --door \$(cat door.fingerprint) --known-doors known-doors.json -i caller.key --token-file token

With nothing but curl, jq, openssl and age:

  cd $work
  ath=\$(openssl dgst -sha256 -binary token | openssl base64 -A | tr '+/' '-_' | tr -d '=')
  jq -n --arg id "\$(openssl rand -hex 16)" --arg ath "\$ath" --arg to $route --arg reply_to "\$(cat caller.pub)" '
    {request_id: \$id, issued_at: (now | floor), ath: \$ath, to: \$to, reply_to: \$reply_to,
     tool: "sequentialthinking",
     payload: {thought: "By hand.", thoughtNumber: 1, totalThoughts: 1, nextThoughtNeeded: false}}' |
    age -r "\$(cat door.pub)" |
    curl -sS --fail-with-body -H @auth -H 'Content-Type: application/age' --data-binary @- $route |
    age -d -i caller.key

If age reports a bad intro or header, the gateway sent an error: omit "| age -d ..." to read it.

Other routes:

  for path in health ready metrics .well-known/jwks.json .well-known/age-recipients; do curl -sS $url/\$path; echo; done

The token is valid for 15 minutes. Ctrl-C stops the gateway and removes $work.
EOF
wait "$service" || fail "the gateway stopped"
