#!/usr/bin/env bash
# Creates the keys that the stack needs, in a folder of yours, and stores them as secrets of the swarm.
# Existing files and secrets are not changed.
#
#   set -a; . deploy/seqthink/stack.env; set +a
#   deploy/seqthink/secrets.sh FOLDER
#   deploy/seqthink/secrets.sh --renew-redis VERSION FOLDER
#
# --renew-redis creates another certificate and another password for Redis, as secrets whose names end in
# _VERSION, and prints the steps that put them to use.
#
# FOLDER then has the only copies outside the swarm, which never returns a secret: move it to another
# machine or encrypt it (deploy/backup.sh).
set -euo pipefail

fail() {
    printf 'secrets: %s\n' "$*" >&2
    exit 1
}

wrong() {
    echo "usage: secrets.sh [--renew-redis VERSION] FOLDER" >&2
    exit 2
}

next=''
case "${1:-}" in
    -h | --help)
        sed -n '2,13s/^# \{0,1\}//p' "$0"
        exit 0
        ;;
    --renew-redis)
        [[ "${2:-}" =~ ^[A-Za-z0-9.-]+$ ]] || wrong
        next=_$2
        shift 2
        ;;
esac
case "${1:-}" in
    "" | -*) wrong ;;
esac

for tool in docker openssl; do
    command -v "$tool" >/dev/null || fail "$tool is missing; install it"
done
[ "$(docker info --format '{{.Swarm.ControlAvailable}}')" = true ] ||
    fail "this engine is not a swarm manager: run docker swarm init, or run this on a manager"
[ -n "${DOOR_IMAGE:-}" ] || fail "DOOR_IMAGE is not set: load stack.env first, see secrets.sh --help"

folder=$1
umask 077
mkdir -p "$folder"
cd "$folder"

# name of each secret in the stack; its file has the same name
declare -A used=(
    [age_identity]=age_identity${AGE_IDENTITY_VERSION:-}
    [age_recipients]=age_recipients${AGE_RECIPIENTS_VERSION:-}
    [door_key]=door_key${DOOR_KEY_VERSION:-}
    [settings]=settings${SETTINGS_VERSION:-}
    [redis_users]=redis_users${REDIS_USERS_VERSION:-}
    [redis_ca]=redis_ca${REDIS_CA_VERSION:-}
    [redis_cert]=redis_cert${REDIS_CERT_VERSION:-}
    [redis_key]=redis_key${REDIS_CERT_VERSION:-}
)
# ISSUER_HOST is set if the stack includes an issuer
[ -z "${ISSUER_HOST:-}" ] || used[issuer_identity]=issuer_identity${ISSUER_IDENTITY_VERSION:-}

wrapper() {
    docker run --rm --network none --user "$(id -u):$(id -g)" -v "$PWD:/keys" -w /keys \
        "$DOOR_IMAGE" "$@"
}

is_stored() {
    docker secret inspect "seqthink_$1" >/dev/null 2>&1
}

store() {
    docker secret create "seqthink_$1" "$1" >/dev/null
    echo "seqthink_$1 created"
}

# lacks KIND...: whether these, which are created together, are all missing. A new one beside an existing
# one would be a key that no gateway has.
lacks() {
    local kind missing=()
    for kind; do
        [ -e "${used[$kind]}" ] || is_stored "${used[$kind]}" || missing+=("${used[$kind]}")
    done
    [ ${#missing[@]} -gt 0 ] || return 1
    [ "${missing[*]}" = "$*" ] ||
        fail "neither the swarm nor $folder has ${missing[*]}: copy the files to $folder"
}

# make_password SUFFIX: a Redis password, for gateways in settings, and as a hash in redis_users
make_password() {
    local password hash
    password=$(openssl rand -hex 32)
    hash=$(printf %s "$password" | openssl dgst -sha256 -r | cut -d' ' -f1)
    printf '[state]\nurl = "rediss://door:%s@seqthink-redis:6379"\n' "$password" >"settings$1"
    # no one can log in as the default user, but Redis loads its data with that user's permissions
    printf '%s\n' 'user default off ~* &* +@all' 'user health on nopass -@all +ping' \
        "user door on #$hash ~* &* +@all -@admin -@dangerous" >"redis_users$1"
}

# make_certificate SUFFIX: a self-signed certificate for Redis, which gateways trust
make_certificate() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 825 \
        -subj /CN=seqthink-redis -addext subjectAltName=DNS:seqthink-redis \
        -keyout "redis_key$1" -out "redis_cert$1" 2>/dev/null || fail "openssl created no certificate"
    cp "redis_cert$1" "redis_ca$1"
}

# --- another certificate and password -------------------------------------------------------------

if [ -n "$next" ]; then
    for kind in redis_ca redis_users; do
        [ -e "${used[$kind]}" ] || fail "$folder has no ${used[$kind]}, which is in use: copy it there"
    done
    renewed=("redis_ca_to$next" "redis_users_to$next" "settings$next" "redis_cert$next"
        "redis_key$next" "redis_users$next" "redis_ca$next")
    for name in "${renewed[@]}"; do
        if [ -e "$name" ] || is_stored "$name"; then
            fail "$name exists already: choose another version"
        fi
    done
    make_password "$next"
    make_certificate "$next"
    cat "${used[redis_ca]}" "redis_ca$next" >"redis_ca_to$next"
    another=$(grep -o '#[0-9a-f]*' "redis_users$next")
    sed "s/^user door on /&$another /" "${used[redis_users]}" >"redis_users_to$next"
    for name in "${renewed[@]}"; do
        store "$name"
    done
    cat <<STEPS

Write these steps into stack.env, one after the other, and deploy each once the previous update is completed:
  1. REDIS_CA_VERSION=_to$next REDIS_USERS_VERSION=_to$next    old and new are accepted
  2. REDIS_CERT_VERSION=$next SETTINGS_VERSION=$next    the new are used
  3. REDIS_CA_VERSION=$next REDIS_USERS_VERSION=$next    the old are rejected
STEPS
    exit
fi

# --- keys ---------------------------------------------------------------------------------------

if lacks age_identity age_recipients; then
    wrapper keygen -o age_identity >age_recipients
fi
if lacks door_key; then
    wrapper keygen --door -o door_key >door_fingerprint
fi
if lacks settings redis_users; then
    make_password ''
fi
if lacks redis_cert redis_key redis_ca; then
    make_certificate ''
fi
if [ -n "${used[issuer_identity]:-}" ] && lacks issuer_identity; then
    wrapper keygen -o issuer_identity >/dev/null
fi

# --- secrets ------------------------------------------------------------------------------------

for name in "${used[@]}"; do
    if is_stored "$name"; then
        echo "seqthink_$name exists"
    else
        store "$name"
    fi
done
[ ! -e door_fingerprint ] || echo "Fingerprint for callers: $(cat door_fingerprint)"
[ ! -e age_recipients ] || echo "Recipient for callers: $(cat age_recipients)"
