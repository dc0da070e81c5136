#!/usr/bin/env bash
# Makes the keys that the stack needs, in a folder of yours, and the swarm's secrets from them. What
# is in the folder or in the swarm already stays as it is.
#
#   DOOR_IMAGE=seqthink-wrapper:1.2.3 deploy/seqthink/secrets.sh FOLDER
#
# FOLDER then holds the only copies outside the swarm, which gives none back: take it off this machine
# or seal it (deploy/backup.sh).
set -euo pipefail

fail() {
    printf 'secrets: %s\n' "$*" >&2
    exit 1
}

case "${1:-}" in
    -h | --help)
        sed -n '2,8s/^# \{0,1\}//p' "$0"
        exit 0
        ;;
    "" | -*)
        echo "usage: secrets.sh FOLDER" >&2
        exit 2
        ;;
esac

for tool in docker openssl; do
    command -v "$tool" >/dev/null || fail "$tool is missing; install it"
done
[ "$(docker info --format '{{.Swarm.ControlAvailable}}')" = true ] ||
    fail "this engine is no manager of a swarm: docker swarm init, or run this on a manager"
[ -n "${DOOR_IMAGE:-}" ] || fail "set DOOR_IMAGE to the wrapper's image, which makes the keys"

umask 077
mkdir -p "$1"
cd "$1"

wrapper() {
    docker run --rm --network none --user "$(id -u):$(id -g)" -v "$PWD:/keys" -w /keys \
        "$DOOR_IMAGE" "$@"
}

stored() {
    docker secret inspect "seqthink_$1" >/dev/null 2>&1
}

# new keys beside secrets of the swarm that stay would be keys that no door has
for name in age_identity age_recipients door_key settings redis_users redis_cert redis_key; do
    if [ ! -e "$name" ] && stored "$name"; then
        fail "the swarm has seqthink_$name, and $1 has no $name: put the file it was made from there"
    fi
done

# --- keys ---------------------------------------------------------------------------------------

if [ ! -e age_identity ]; then
    wrapper keygen -o age_identity >age_recipients
fi
if [ ! -e door_key ]; then
    wrapper keygen --door -o door_key >door_fingerprint
fi
if [ ! -e settings ]; then
    password=$(openssl rand -hex 32)
    hash=$(printf %s "$password" | openssl dgst -sha256 -r | cut -d' ' -f1)
    printf '%s\n' 'user default on nopass -@all +ping' \
        "user door on #$hash ~* &* +@all -@admin -@dangerous" >redis_users
    printf '[state]\nurl = "rediss://door:%s@redis:6379"\n' "$password" >settings
fi
if [ ! -e redis_cert ]; then
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 825 \
        -subj /CN=redis -addext subjectAltName=DNS:redis \
        -keyout redis_key -out redis_cert 2>/dev/null || fail "openssl made no certificate"
fi

# --- secrets ------------------------------------------------------------------------------------

for name in age_identity age_recipients door_key settings redis_users redis_cert redis_key; do
    if stored "$name"; then
        echo "seqthink_$name is there"
    else
        docker secret create "seqthink_$name" "$name" >/dev/null
        echo "seqthink_$name made"
    fi
done
echo "Callers know the door by $(cat door_fingerprint) and seal to $(cat age_recipients)"
