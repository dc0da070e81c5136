#!/usr/bin/env bash
# Tests the whole stack and its issuer on a local Docker engine, in a swarm of one node that it creates:
# builds the image, deploys, runs test-e2e.sh, and under continuous calls scales from 3 to 5, updates,
# lets Swarm roll back updates whose replicas do not start or never become ready, scales to 2, rotates
# the age identity and renews the certificate and password of Redis. No call may fail, except with
# Retry-After while Redis restarts.
#
#   deploy/seqthink/smoke.sh BASE_IMAGE
#
# BASE_IMAGE has a JDK 25 in JAVA_HOME, age, bash, curl, jq, openssl and redis-server; local-base.sh
# creates one. The image is built from target/, which is built first if it is out of date.
#
# Everything it creates is named seqthink-smoke; it does not start if something has that name already.
# IMAGE=NAME tests that image instead of building one. KEEP=true leaves everything running at the end;
# docker swarm leave --force ends it.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd -P)
base=$(cd "$here/../.." && pwd -P)

case "${1:-}" in
    -h | --help)
        sed -n '2,16s/^# \{0,1\}//p' "$0"
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

stack=seqthink-smoke
doors=${stack}_seqthink-wrapper
caller=$stack
network=$stack
images=("$stack:built" "$stack:next" "$stack:broken")
volumes=("${stack}_redis-data" "${stack}_issuer-data")
of_stack=label=com.docker.stack.namespace=$stack
making=
swarming=
umask 077
work=$(mktemp -d "${TMPDIR:-/tmp}/seqthink-smoke.XXXXXX")

clean_up() {
    status=$?
    trap - EXIT INT TERM
    if [ "${KEEP:-}" = true ]; then
        echo "Kept: everything named $stack, and $work"
        exit "$status"
    fi
    [ -z "$making" ] || docker rm -f "$caller" >/dev/null 2>&1 || true
    if [ -n "$swarming" ]; then
        docker stack rm "$stack" >/dev/null 2>&1 || true
        # an engine that leaves the swarm earlier can never remove these
        for _ in $(seq 90); do
            [ -n "$(docker ps -aq --filter "$of_stack"; docker network ls -q --filter "$of_stack")" ] || break
            sleep 1
        done
        docker network rm "$network" >/dev/null 2>&1 || true
        docker volume rm "${volumes[@]}" >/dev/null 2>&1 || true
        docker swarm leave --force >/dev/null 2>&1 || true
    fi
    [ -z "$making" ] || docker rmi -f "${images[@]}" >/dev/null 2>&1 || true
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
    fail "this engine is in a swarm; use another, since this script creates a swarm and leaves it"
docker image inspect "$base_image" >/dev/null 2>&1 ||
    fail "image $base_image does not exist; create it with deploy/seqthink/local-base.sh $base_image"

# untouched KIND NAME...: fails if something of that kind and name exists
untouched() {
    local kind=$1 name
    shift
    for name; do
        ! docker "$kind" inspect "$name" >/dev/null 2>&1 ||
            fail "$kind $name exists, perhaps from a run with KEEP=true; remove it first"
    done
}
untouched container "$caller"
untouched network "$network"
untouched volume "${volumes[@]}"
untouched image "${images[@]}"
making=true

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
    image=$stack:built
    docker build -q -f "$base/src/main/docker/Dockerfile.jvm" -t "$image" \
        --build-arg JDK_IMAGE="$base_image" --build-arg BASE_IMAGE="$base_image" "$base"
fi
docker run --rm "$image" --version

# a second image with the same contents, and one that exits at once
printf 'FROM %s\nLABEL smoke=next\n' "$image" | docker build -q -t "$stack:next" - >/dev/null
printf 'FROM %s\nCMD ["no-such-command"]\n' "$image" | docker build -q -t "$stack:broken" - >/dev/null

# --- the swarm ----------------------------------------------------------------------------------

say "Creating a swarm of one node"
docker swarm init --advertise-addr 127.0.0.1 >/dev/null
swarming=true
docker node update --label-add seqthink-redis=true --label-add seqthink-issuer=true \
    "$(docker info --format '{{.Swarm.NodeID}}')" >/dev/null
docker network create -d overlay --attachable "$network" >/dev/null

# what the compose files read
export DOOR_IMAGE=$image REDIS_IMAGE=$base_image DOOR_PLACEMENT='node.role == manager'
export DOOR_HOST=seqthink-wrapper JWT_AUDIENCE=http://seqthink-wrapper:8443
export ISSUER_HOST=seqthink-issuer JWT_ISSUER=https://seqthink-issuer
export KACHING_JWKS_URL=$JWT_ISSUER/.well-known/jwks.json
export REPLICAS=3 AGE_IDENTITY_VERSION='' SETTINGS_VERSION=''
export REDIS_CA_VERSION='' REDIS_CERT_VERSION='' REDIS_USERS_VERSION=''
"$here/secrets.sh" "$work/keys"

wrapper() {
    docker run --rm --network "$network" --user "$(id -u):$(id -g)" -v "$work:$work" -w "$work" \
        "$image" "$@"
}

# the issuer's certificate, which the gateways trust beside that of Redis
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=seqthink-issuer \
    -addext subjectAltName=DNS:seqthink-issuer -keyout "$work/key" -out "$work/cert" 2>/dev/null
docker secret create seqthink_smoke_cert "$work/cert" >/dev/null
docker secret create seqthink_smoke_key "$work/key" >/dev/null

# trust VERSION: the authorities that gateways trust with that REDIS_CA_VERSION
trust() {
    cat "$work/cert" "$work/keys/redis_ca$1" | docker secret create "seqthink_smoke_ca$1" - >/dev/null
}
trust ''

deploy() {
    docker stack deploy --resolve-image never -c "$here/docker-compose.swarm.yml" \
        -c "$here/docker-compose.issuer.yml" -c "$here/docker-compose.smoke.yml" "$stack" >/dev/null
}

# wait_for SECONDS WHAT COMMAND...
wait_for() {
    local patience=$1 what=$2
    shift 2
    local end=$((SECONDS + patience))
    until "$@"; do
        [ "$SECONDS" -lt "$end" ] || fail "timed out after $patience s waiting for $what"
        sleep 1
    done
}

running() {
    [ "$(docker service ps --filter desired-state=running --format '{{.CurrentState}}' "$1" |
        grep -c '^Running')" = "$2" ]
}

# state of the last update: completed, rollback_completed, ...
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

# --- calls, from a container in the gateways' network---------------------------------------------

docker run -d --name "$caller" --network "$network" -v "$work:/work" -v "$here:/deploy:ro" -w /work \
    -e BASE_URL=http://seqthink-wrapper:8443 "$base_image" sleep infinity >/dev/null

# a gateway that has just started may not have reached the issuer yet
all_ready() {
    docker exec "$caller" sh -c 'getent ahostsv4 seqthink-wrapper | cut -d" " -f1 | sort -u |
        xargs -I{} curl -s -f -m 10 -o /dev/null http://{}:8443/ready'
}
wait_for 120 "3 ready replicas" all_ready

# a caller: fetches the recipient, encrypts, calls, decrypts; prints one line per call: good, again (503
# with Retry-After) or bad
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
    curl -sS -m 60 -o reply.age -w '%{http_code} %header{retry-after} ' -H @auth -H 'Content-Type: application/age' \
        --data-binary @request.age "$BASE_URL/mcp/tool"
    age -d -i caller.key reply.age | jq -e '.result.thoughtHistoryLength'
}
while [ ! -e stop ]; do
    if answer=$(call 2>&1); then
        echo "good $answer" >>calls
    elif [[ $answer =~ ^age1[^\ ]*\ 503\ [0-9]+\  ]]; then
        echo "again $answer" >>calls
        sleep 1
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

# no_call_failed WHILE [PATTERN]: fails if a call's line matches PATTERN
no_call_failed() {
    local bad
    wait_for 60 "more calls" more_calls
    bad=$(grep -E "${2:-^(bad|again)}" "$work/calls" || true)
    [ -z "$bad" ] || fail "calls failed while $1:"$'\n'"$bad"
    echo "$(($(good) - counted)) calls while $1, none failed"
    counted=$(good)
}

docker exec "$caller" age-keygen -o caller.key 2>/dev/null
docker run --rm --network none -v "${stack}_issuer-data:/var/lib/seqthink" "$image" \
    client add smoke --file /var/lib/seqthink/clients.json | sed -n 's/^client_key=//p' >"$work/client-key"
has_token() {
    wrapper token --issuer "$JWT_ISSUER" --cacert cert --client-id smoke --client-key client-key \
        >"$work/answer" 2>"$work/complaint"
}
wait_for 30 "a token" has_token
tr -d '\n' <"$work/answer" >"$work/token"

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
export DOOR_IMAGE=$stack:next
deploy
wait_for 1800 "the update" update_is completed
no_call_failed "updating"

image_of_doors() {
    docker service inspect --format '{{.Spec.TaskTemplate.ContainerSpec.Image}}' "$doors"
}

# takes_itself_back WHAT: deploys a broken configuration, which must be rolled back
takes_itself_back() {
    deploy
    wait_for 1800 "the rollback" update_is rollback_completed
    wait_for 60 "5 replicas" running "$doors" 5
    wait_for 120 "the issuer" running "${stack}_issuer" 1
    no_call_failed "$1"
}

say "Updating to an image that does not start"
DOOR_IMAGE=$stack:broken takes_itself_back "an image that does not start was rolled back"
[ "$(image_of_doors)" = "$DOOR_IMAGE" ] || fail "the swarm reports a rollback but did not roll back"

say "Updating to replicas that never become ready"
KACHING_JWKS_URL=https://nobody.invalid/jwks \
    takes_itself_back "replicas that never become ready were rolled back"

say "Scaling from 5 to 2"
docker service scale -d "$doors=2" >/dev/null
export REPLICAS=2
wait_for 600 "2 replicas" running "$doors" 2
no_call_failed "scaling down"

# rotate VERSION STEP: one rotation step, stored as a secret of that version
rotate() {
    wrapper rotate -f keys/age_identity "$2"
    docker secret create "seqthink_age_identity_$1" "$work/keys/age_identity" >/dev/null
    export AGE_IDENTITY_VERSION=_$1
    deploy
    wait_for 1800 "the update to $1" update_is completed
    no_call_failed "every replica loaded seqthink_age_identity_$1"
}

# the recipient of the latest call
sealed_to() {
    grep '^good' "$work/calls" | tail -n 1 | cut -d' ' -f2
}

say "Rotating the age identity"
former=$(sealed_to)
rotate v2 --prepare
rotate v3 --promote
docker secret rm seqthink_age_identity seqthink_age_identity_v2 >/dev/null
[ "$(sealed_to)" != "$former" ] || fail "callers still encrypt to the previous recipient"

# deploys Redis and the gateways with the present versions of the secrets
renewed() {
    deploy
    wait_for 1800 "the update" update_is completed
    wait_for 60 "Redis" running "${stack}_redis" 1
    no_call_failed "$1" '^bad'
    # Redis lost nothing: the caller's history has grown with each call
    awk '$1 == "good" { if ($NF <= last) exit 1; last = $NF }' "$work/calls" || fail "Redis lost a history"
}

say "Renewing the certificate and the password of Redis"
"$here/secrets.sh" --renew-redis v2 "$work/keys"
trust _to_v2
trust _v2
export REDIS_CA_VERSION=_to_v2 REDIS_USERS_VERSION=_to_v2
renewed "old and new were accepted"
export REDIS_CERT_VERSION=_v2 SETTINGS_VERSION=_v2
renewed "the new were put to use"
export REDIS_CA_VERSION=_v2 REDIS_USERS_VERSION=_v2
renewed "the old were rejected"
echo "$(grep -c '^again' "$work/calls" || true) calls got 503 with Retry-After"

touch "$work/stop"
say "All $(good) calls were answered, in $SECONDS s."
