#!/usr/bin/env bash
# Measures the time from the start of a gateway's process to its first sealed reply, and its memory then:
# on a JVM, on a JVM with an AOT cache, and natively if the binary is built.
#
#   ./mvnw package -DskipTests; deploy/measure-start.sh [RUNS]
#
# Prints the median of RUNS (default: 5). Linux only; needs age, curl, jq, openssl, redis-server.
set -euo pipefail

base=$(cd "$(dirname "$0")/.." && pwd -P)
case "${1:-}" in
    "" | [1-9] | [1-9][0-9]) runs=${1:-5} ;;
    -h | --help)
        sed -n '2,7s/^# \{0,1\}//p' "$0"
        exit 0
        ;;
    *)
        echo "usage: measure-start.sh [RUNS]" >&2
        exit 2
        ;;
esac

fail() {
    printf 'measure-start: %s\n' "$*" >&2
    exit 1
}

for tool in age curl jq openssl redis-server; do
    command -v "$tool" >/dev/null || fail "$tool is missing; install it"
done
# shellcheck source=.mvn/jdk.sh
. "$base/.mvn/jdk.sh"
JAVA_HOME=$(find_jdk) || fail "$JDK_WANTED"
jar=$base/target/quarkus-app/quarkus-run.jar
native=$base/target/seqthink-wrapper-runner
[ -e "$jar" ] || fail "$jar does not exist; run ./mvnw package -DskipTests"

umask 077
work=$(mktemp -d "${TMPDIR:-/tmp}/seqthink-start.XXXXXX")
processes=()
door=
clean_up() {
    status=$?
    trap - EXIT INT TERM
    kill "${processes[@]}" ${door:+"$door"} 2>/dev/null || true
    wait
    rm -rf "$work"
    exit "$status"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
cd "$work"

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
    fail "found no free port"
}

# await_port PORT PROCESS
await_port() {
    until (: <"/dev/tcp/127.0.0.1/$1") 2>/dev/null; do
        kill -0 "$2" 2>/dev/null || fail "the process stopped: $(tail -n 5 log)"
        sleep 0.01
    done
}

# as in the image: the heap for 512 MB
jvm=("$JAVA_HOME/bin/java" -XX:+UseSerialGC -Xmx256m)

# --- an AOT cache, trained as in the image -----------------------------------------------------

cat >recorded <<EOF
#!/bin/sh
record=
[ "\$1" != serve ] || record="-XX:AOTMode=record -XX:AOTConfiguration=$work/aotconf"
exec ${jvm[*]} \$record -jar $jar "\$@"
EOF
chmod 700 recorded
WRAPPER=$work/recorded "$base/deploy/demo.sh" --once >log 2>&1 || fail "training failed: $(tail -n 5 log)"
"${jvm[@]}" -XX:AOTMode=create -XX:AOTConfiguration=aotconf -XX:AOTCache=aot -jar "$jar" >log 2>&1
[ -s aot ] || fail "no AOT cache was created: $(tail -n 5 log)"

# --- keys, a token, a Redis ---------------------------------------------------------------------

issuer_port=$(free_port)
issuer=http://127.0.0.1:$issuer_port
"${jvm[@]}" -jar "$jar" keygen -o door.key >door.pub
"${jvm[@]}" -jar "$jar" client add measure --secret --file clients.json >credentials
age-keygen -o caller.key 2>/dev/null
env -i ROLES=issuer PORT="$issuer_port" BIND_ADDRESS=127.0.0.1 ISSUER_URL="$issuer" \
    ISSUER_AUDIENCE=door ISSUER_KEYS_PATH=keys.json ISSUER_CLIENTS_PATH=clients.json \
    ISSUER_TOKEN_TTL=1h "${jvm[@]}" -jar "$jar" serve >log 2>&1 &
processes+=($!)
await_port "$issuer_port" $!
printf 'user = "measure:%s"\n' "$(sed -n 's/^client_secret=//p' credentials)" |
    curl -sS -f --retry 9 -m 60 -K - -d grant_type=client_credentials "$issuer/oauth/token" |
    jq -j .access_token >token
printf 'Authorization: Bearer %s\n' "$(cat token)" >auth
ath=$(openssl dgst -sha256 -binary token | openssl base64 -A | tr '+/' '-_' | tr -d '=')

redis_port=$(free_port)
redis-server --port "$redis_port" --bind 127.0.0.1 --save '' >log &
processes+=($!)
await_port "$redis_port" $!

# --- measuring ----------------------------------------------------------------------------------

# answered URL: succeeds once a sealed call does
answered() {
    jq -n --arg request_id "$(openssl rand -hex 16)" --arg ath "$ath" --arg to "$1/mcp/tool" \
        --arg reply_to "$(age-keygen -y caller.key)" '{$request_id, issued_at: (now | floor), $ath, $to,
            $reply_to, tool: "sequentialthinking", payload: {thought: "First.", thoughtNumber: 1,
            totalThoughts: 1, nextThoughtNeeded: false}}' | age -r "$(cat door.pub)" >request.age
    [ "$(curl -s -m 30 -o reply.age -w '%{http_code}' -H @auth -H 'Content-Type: application/age' \
        --data-binary @request.age "$1/mcp/tool")" = 200 ] &&
        age -d -i caller.key reply.age | jq -e .result >/dev/null
}

# start COMMAND...: one line, milliseconds and KiB
start() {
    local port url begun
    port=$(free_port)
    url=http://127.0.0.1:$port
    begun=$(date +%s%N)
    env -i PORT="$port" BIND_ADDRESS=127.0.0.1 PUBLIC_URL="$url" AGE_IDENT_PATH=door.key \
        KACHING_JWKS_URL="$issuer/.well-known/jwks.json" JWT_ISSUER="$issuer" JWT_AUDIENCE=door \
        STATE_URL="redis://127.0.0.1:$redis_port" MAX_INFLIGHT_MB=15 "$@" serve >log 2>&1 &
    door=$!
    await_port "$port" "$door"
    until answered "$url"; do
        kill -0 "$door" 2>/dev/null || fail "the gateway stopped: $(tail -n 5 log)"
    done
    echo $((($(date +%s%N) - begun) / 1000000)) "$(awk '/^VmRSS/ {print $2}' "/proc/$door/status")"
    kill "$door"
    wait "$door" || true
    door=
}

# median COLUMN
median() {
    cut -d' ' -f"$1" results | sort -n | sed -n "$(((runs + 1) / 2))p"
}

# measure WHAT COMMAND...
measure() {
    local what=$1
    shift
    for _ in $(seq "$runs"); do
        start "$@"
    done >results
    printf '%-20s %6d ms %6d MiB\n' "$what" "$(median 1)" $(($(median 2) / 1024))
}

echo "From start to first sealed reply, and resident memory then (median of $runs):"
measure "JVM" "${jvm[@]}" -jar "$jar"
measure "JVM with AOT cache" "${jvm[@]}" -XX:AOTCache="$work/aot" -jar "$jar"
if [ -x "$native" ]; then
    measure "native" "$native" -Xmx256m
else
    echo "native               not built: ./mvnw package -Dnative -DskipTests, with a GraalVM for JDK 25"
fi
