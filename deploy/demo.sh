#!/usr/bin/env bash
# The main job from nothing: builds when needed, makes keys, starts the service with its built-in
# issuer and its built-in thinking server, and sends sealed thoughts through it.
#
#   deploy/demo.sh          stays up until Ctrl-C and prints lines to try by hand
#   deploy/demo.sh --once   exits 0 when every reply was right, and leaves nothing behind but, in the
#                           file SCRAPE_FILE if one is named, what /metrics said at the end
#
# WRAPPER is the command to show, such as "java -jar ..."; unset, what this tree builds.
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
        echo "The service's last lines:" >&2
        tail -n 20 "$work/service.log" >&2
    fi
    exit 1
}

work=$(mktemp -d "${TMPDIR:-/tmp}/seqthink-demo.XXXXXX")
chmod 700 "$work"
service=

clean_up() {
    status=$?
    trap - EXIT INT TERM
    if [ -n "$service" ]; then
        kill "$service" 2>/dev/null || true
        # it ends by itself within its shutdown timeout; should it not, it is ended
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
    # with the JAVA_HOME of here, since other terminals may have none
    command=(${JAVA_HOME:+env "JAVA_HOME=$JAVA_HOME"} "$base/deploy/seqthink-wrapper")
fi

wrapper() {
    "${command[@]}" "$@"
}

# --- keys, a client, a service ------------------------------------------------------------------

free_port() {
    local port
    for _ in $(seq 50); do
        # below those that Linux gives to clients: whoever knocks until it opens could meet itself
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

say "Making keys in $work"
wrapper keygen -o "$work/door.key" >"$work/door.pub"
wrapper keygen --door -o "$work/door.jwk" >"$work/door.fingerprint"
wrapper keygen -o "$work/caller.key" >"$work/caller.pub"
wrapper client add demo --secret --file "$work/clients.json" >"$work/client"
client_secret=$(sed -n 's/^client_secret=//p' "$work/client")

say "Starting the service on $url"
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
    kill -0 "$service" 2>/dev/null || fail "the service stopped"
    [ "$attempt" -lt 120 ] || fail "the service was not ready within a minute"
    sleep 0.5
done
sed -n 's/^/  /p' "$work/service.log"

say "Asking the built-in issuer for a token"
# secrets go by file and standard input, never by the command line, which everybody can list
printf 'user = "demo:%s"\n' "$client_secret" |
    curl -sS -m 30 -K - -d grant_type=client_credentials -d scope=sequentialthinking.run \
        "$url/oauth/token" >"$work/token.json"
sed -n 's/.*"access_token" *: *"\([^"]*\)".*/\1/p' "$work/token.json" | tr -d '\n' >"$work/token"
[ -s "$work/token" ] || fail "the issuer gave no token"
printf 'Authorization: Bearer %s\n' "$(cat "$work/token")" >"$work/auth"
echo "  $(wc -c <"$work/token") characters, kept in $work/token"

# --- thoughts -----------------------------------------------------------------------------------

# think WANTED-HISTORY-LENGTH ARGUMENTS
think() {
    local reply
    printf '\n  > %s\n' "$2"
    reply=$(printf '%s' "$2" |
        wrapper call "$url" --door "$(cat "$work/door.fingerprint")" \
            --known-doors "$work/known-doors.json" -i "$work/caller.key" --token-file "$work/token") ||
        fail "the call did not succeed"
    printf '%s\n' "$reply" | sed 's/^/  < /'
    printf '%s' "$reply" | grep -Eq "\"thoughtHistoryLength\" ?: ?$1(,|\$)" ||
        fail "the reply should count $1 thoughts of this caller"
}

say "A chain of three thoughts, a revision of the second, and a branch"
think 1 '{"thought":"What must the door never see in clear outside itself?","thoughtNumber":1,"totalThoughts":3,"nextThoughtNeeded":true}'
think 2 '{"thought":"The thoughts: so seal requests to the door.","thoughtNumber":2,"totalThoughts":3,"nextThoughtNeeded":true}'
think 3 '{"thought":"And seal replies to the one who asked.","thoughtNumber":3,"totalThoughts":3,"nextThoughtNeeded":true}'
think 4 '{"thought":"Sealing proves nothing about the sender: bind the request to its token.","thoughtNumber":4,"totalThoughts":5,"nextThoughtNeeded":true,"isRevision":true,"revisesThought":2}'
think 5 '{"thought":"Or could the reply be signed instead?","thoughtNumber":5,"totalThoughts":5,"nextThoughtNeeded":false,"branchFromThought":3,"branchId":"signed-replies"}'

say "Every reply was right: opened with the caller's key, and bound to its own request."
if $once; then
    [ -z "${SCRAPE_FILE:-}" ] || curl -fsS -m 30 -o "$SCRAPE_FILE" "$url/metrics"
    exit 0
fi

cat <<EOF

Try it yourself, from another terminal. With this binary around curl:

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

Where age then complains of an intro or a header, the door refused: leave "| age -d ..." away to read why.

Other things to look at:

  for path in health ready metrics .well-known/jwks.json .well-known/age-recipients; do curl -sS $url/\$path; echo; done

The token is good for 15 minutes. Ctrl-C ends the service and removes $work.
EOF
wait "$service" || fail "the service stopped"
