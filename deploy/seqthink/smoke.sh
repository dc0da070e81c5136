#!/usr/bin/env bash
# Tries the whole stack on a Docker engine at hand, in a swarm of one node that is made for it: builds
# the image, deploys, runs test-e2e.sh, and while calls go on all the time scales from 3 to 5, updates,
# rolls a broken image back and rotates the age identity. Not one call may fail.
#
#   deploy/seqthink/smoke.sh BASE_IMAGE
#
# BASE_IMAGE has a JDK 25 in JAVA_HOME, age, bash, curl, jq, openssl and redis-server; local-base.sh
# makes one. The image is built from target/, which is built first where it is not up to date.
#
# IMAGE=NAME tries that image, as it is, instead of building one. KEEP=true leaves all running at the
# end; docker swarm leave --force ends it.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd -P)
base=$(cd "$here/../.." && pwd -P)

case "${1:-}" in
    -h | --help)
        sed -n '2,13s/^# \{0,1\}//p' "$0"
        exit 0
        ;;
    "" | -*)
        echo "usage: smoke.sh BASE_IMAGE" >&2
        exit 2
        ;;
esac
base_image=$1

say() {
    printf '\n\033[1m%s\033[0m\n' "$*"
}

fail() {
    printf 'smoke: %s\n' "$*" >&2
    if [ -n "$swarming" ]; then
        docker service ps --no-trunc --format '{{.Name}} {{.CurrentState}} {{.Error}}' "$doors" >&2 || true
        docker service logs --raw --tail 20 "$doors" >&2 || true
    fi
    exit 1
}

stack=seqthink
doors=${stack}_seqthink-wrapper
caller=seqthink-smoke-caller
network=chorus-overlay
of_stack=label=com.docker.stack.namespace=$stack
made=()
swarming=
umask 077
work=$(mktemp -d "${TMPDIR:-/tmp}/seqthink-smoke.XXXXXX")

clean_up() {
    status=$?
    trap - EXIT INT TERM
    if [ "${KEEP:-}" = true ]; then
        echo "Kept: the stack, $caller, $work"
        exit "$status"
    fi
    docker rm -f "$caller" >/dev/null 2>&1 || true
    if [ -n "$swarming" ]; then
        docker stack rm "$stack" >/dev/null 2>&1 || true
        # an engine that leaves before keeps what it can never remove again
        for _ in $(seq 90); do
            [ -n "$(docker ps -aq --filter "$of_stack"; docker network ls -q --filter "$of_stack")" ] || break
            sleep 1
        done
        docker network rm "$network" >/dev/null 2>&1 || true
        docker volume rm "${stack}_redis-data" >/dev/null 2>&1 || true
        docker swarm leave --force >/dev/null 2>&1 || true
    fi
    [ ${#made[@]} -eq 0 ] || docker rmi -f "${made[@]}" >/dev/null 2>&1 || true
    rm -rf "$work"
    exit "$status"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

for tool in docker openssl; do
    command -v "$tool" >/dev/null || fail "$tool is missing; install it"
done
state=$(docker info --format '{{.Swarm.LocalNodeState}}') ||
    fail "no Docker engine answers; start one, or set DOCKER_HOST"
[ "$state" = inactive ] ||
    fail "this engine is in a swarm; take another, since this makes and leaves one of its own"
docker image inspect "$base_image" >/dev/null 2>&1 ||
    fail "there is no image $base_image; deploy/seqthink/local-base.sh $base_image makes it"

# --- the image ----------------------------------------------------------------------------------

if [ -n "${IMAGE:-}" ]; then
    image=$IMAGE
else
    jar=$base/target/quarkus-app/quarkus-run.jar
    if [ ! -e "$jar" ] || [ -n "$(find "$base/src/main" "$base/pom.xml" -newer "$jar" -print -quit)" ]; then
        say "Building the artefact"
        "$base/mvnw" -q -B -f "$base/pom.xml" package -DskipTests -Dspotless.check.skip
    fi
    say "Building the image"
    image=seqthink-wrapper:smoke
    docker build -q -f "$base/src/main/docker/Dockerfile.jvm" -t "$image" \
        --build-arg JDK_IMAGE="$base_image" --build-arg BASE_IMAGE="$base_image" "$base"
    made+=("$image")
fi
docker run --rm "$image" --version

# another image as far as a swarm can tell, and one that ends as soon as it starts
printf 'FROM %s\nLABEL smoke=next\n' "$image" | docker build -q -t "$image-next" - >/dev/null
printf 'FROM %s\nCMD ["no-such-command"]\n' "$image" | docker build -q -t "$image-broken" - >/dev/null
made+=("$image-next" "$image-broken")

# --- the swarm ----------------------------------------------------------------------------------

say "Making a swarm of one node"
docker swarm init --advertise-addr 127.0.0.1 >/dev/null
swarming=true
docker node update --label-add seqthink-redis=true "$(docker info --format '{{.Swarm.NodeID}}')" >/dev/null
docker network create -d overlay --attachable "$network" >/dev/null

# what the compose file reads
export DOOR_IMAGE=$image ISSUER_IMAGE=$image REDIS_IMAGE=$base_image DOOR_PLACEMENT='node.role == manager'
export REPLICAS=3 AGE_IDENTITY_VERSION=''
"$here/secrets.sh" "$work/keys"

wrapper() {
    docker run --rm --network "$network" --user "$(id -u):$(id -g)" -v "$work:$work" -w "$work" \
        "$image" "$@"
}

# an issuer with a client and a certificate, which the door trusts beside that of its Redis
wrapper client add smoke --file clients --key-out client-key >/dev/null
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=issuer \
    -addext subjectAltName=DNS:issuer -keyout "$work/key" -out "$work/cert" 2>/dev/null
cat "$work/cert" "$work/keys/redis_cert" >"$work/ca"
for name in clients key cert ca; do
    docker secret create "seqthink_smoke_$name" "$work/$name" >/dev/null
done

deploy() {
    docker stack deploy --resolve-image never -c "$here/docker-compose.swarm.yml" \
        -c "$here/docker-compose.smoke.yml" "$stack" >/dev/null
}

# wait_for SECONDS WHAT COMMAND...
wait_for() {
    local patience=$1 what=$2
    shift 2
    local end=$((SECONDS + patience))
    until "$@"; do
        [ "$SECONDS" -lt "$end" ] || fail "waited $patience s in vain for $what"
        sleep 1
    done
}

running() {
    [ "$(docker service ps --filter desired-state=running --format '{{.CurrentState}}' "$1" |
        grep -c '^Running')" = "$2" ]
}

# how the last update stands: completed, rollback_completed, ...
update_is() {
    local state
    state=$(docker service inspect --format '{{if .UpdateStatus}}{{.UpdateStatus.State}}{{end}}' "$doors")
    case $state in
        "$1") ;;
        *paused | completed | rollback_completed) fail "the update ended as $state" ;;
        *) return 1 ;;
    esac
}

say "Deploying 3 replicas"
started=$SECONDS
deploy
wait_for 600 "the issuer" running "${stack}_issuer" 1
wait_for 600 "3 replicas" running "$doors" 3
echo "3 replicas are healthy after $((SECONDS - started)) s"

# --- calls, from a container in the door's network ----------------------------------------------

docker run -d --name "$caller" --network "$network" -v "$work:/work" -v "$here:/deploy:ro" -w /work \
    -e BASE_URL=http://seqthink-wrapper:8443 "$base_image" sleep infinity >/dev/null

# a door that has just started may have found no issuer yet
all_ready() {
    docker exec "$caller" sh -c 'getent ahostsv4 seqthink-wrapper | cut -d" " -f1 | sort -u |
        xargs -I{} curl -s -f -m 10 -o /dev/null http://{}:8443/ready'
}
wait_for 120 "3 ready replicas" all_ready

# a stock caller: asks whom to seal to, seals, calls, opens; one line for each call
cat >"$work/call-on.sh" <<'SCRIPT'
printf 'Authorization: Bearer %s\n' "$(cat token)" >auth
ath=$(openssl dgst -sha256 -binary token | openssl base64 -A | tr '+/' '-_' | tr -d '=')
call() {
    set -euo pipefail
    recipient=$(curl -sS -f -m 30 "$BASE_URL/.well-known/age-recipients" |
        jq -rR 'split(".")[1] | gsub("-"; "+") | gsub("_"; "/") | @base64d | fromjson.recipients[0]')
    printf '%s ' "$recipient"
    jq -n --arg request_id "$(openssl rand -hex 16)" --arg ath "$ath" --arg to "$BASE_URL/mcp/tool" \
        --arg reply_to "$(age-keygen -y caller.key)" '{$request_id, issued_at: (now | floor), $ath, $to,
            $reply_to, tool: "sequentialthinking", payload:
            {thought: "On.", thoughtNumber: 1, totalThoughts: 1, nextThoughtNeeded: false}}' |
        age -r "$recipient" >request.age
    curl -sS -m 60 -o reply.age -w '%{http_code} ' -H @auth -H 'Content-Type: application/age' \
        --data-binary @request.age "$BASE_URL/mcp/tool"
    age -d -i caller.key reply.age | jq -e '.result.thoughtHistoryLength'
}
while [ ! -e stop ]; do
    if answer=$(call 2>&1); then
        echo "good $answer" >>calls
    else
        echo "bad $(date +%T) $answer $(head -c 300 reply.age | tr -d '\0\n')" >>calls
    fi
    sleep 0.3
done
SCRIPT

good() {
    grep -c '^good' "$work/calls" || true
}

more_calls() {
    [ "$(good)" -gt $((counted + 2)) ]
}

# no_call_failed WHILE
no_call_failed() {
    local bad
    wait_for 60 "more calls" more_calls
    bad=$(grep '^bad' "$work/calls" || true)
    [ -z "$bad" ] || fail "calls failed while $1:"$'\n'"$bad"
    echo "$(($(good) - counted)) calls while $1, none failed"
    counted=$(good)
}

docker exec "$caller" age-keygen -o caller.key 2>/dev/null
wrapper token --issuer https://issuer:8443 --cacert ca --client-id smoke --client-key client-key |
    tr -d '\n' >"$work/token"

say "test-e2e.sh"
JWT_TOKEN=$(cat "$work/token") docker exec -e JWT_TOKEN -e AGE_IDENTITY=caller.key \
    -e AGE_RECIPIENT="$(cat "$work/keys/age_recipients")" "$caller" /deploy/test-e2e.sh

touch "$work/calls"
counted=0
docker exec -d "$caller" bash call-on.sh
no_call_failed "nothing changed"

# --- changes ------------------------------------------------------------------------------------

say "Scaling from 3 to 5"
docker service scale -d "$doors=5" >/dev/null
wait_for 600 "5 replicas" running "$doors" 5
export REPLICAS=5
no_call_failed "scaling"

say "Updating the image"
export DOOR_IMAGE=$image-next
deploy
wait_for 1800 "the update" update_is completed
no_call_failed "updating"

say "Updating to an image that does not start"
DOOR_IMAGE=$image-broken deploy
wait_for 1800 "the rollback" update_is rollback_completed
[ "$(docker service inspect --format '{{.Spec.TaskTemplate.ContainerSpec.Image}}' "$doors")" = "$image-next" ] ||
    fail "the swarm says that it rolled back, and did not"
wait_for 60 "5 replicas" running "$doors" 5
no_call_failed "rolling back"

# rotate VERSION STEP: the next step of the keys, published under the next name
rotate() {
    wrapper rotate -f keys/age_identity "$2"
    docker secret create "seqthink_age_identity_$1" "$work/keys/age_identity" >/dev/null
    export AGE_IDENTITY_VERSION=_$1
    deploy
    wait_for 1800 "the update to $1" update_is completed
    no_call_failed "every replica took up seqthink_age_identity_$1"
}

# the recipient that callers were last told of
sealed_to() {
    grep '^good' "$work/calls" | tail -n 1 | cut -d' ' -f2
}

say "Rotating the age identity"
former=$(sealed_to)
rotate v2 --prepare
rotate v3 --promote
docker secret rm seqthink_age_identity seqthink_age_identity_v2 >/dev/null
[ "$(sealed_to)" != "$former" ] || fail "callers still seal to the former recipient"

touch "$work/stop"
say "All $(good) calls were answered, in $SECONDS s."
