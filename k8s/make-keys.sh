#!/usr/bin/env bash
# Creates the missing secrets of the pods, and renews the certificates between pods that expire within 30
# days. It keeps valid ones.
#
#   k8s/make-keys.sh --domain NAME
#   k8s/make-keys.sh --domain NAME --check-only   exits with 1 if something is missing
#   k8s/make-keys.sh --domain NAME --renew redis-password|authority
#
#   --namespace NAME   default: seqthink
#   --context NAME     kubectl context; default: the current one
#
# --renew replaces valid ones too: the Redis password of the gateways, or the authority and all its
# certificates. It restarts the pods concerned, one gateway at a time, and the one Redis: meanwhile calls get
# 503, for some seconds. If it was interrupted, run it again.
#
# Keys are stored in secrets only; on the way they are in memory, if there is a /dev/shm.
case ${BASH_VERSION-} in
    '' | [0-3].* | 4.[0-3].*)
        echo "make-keys: this needs bash 4.4 or newer and runs in ${BASH_VERSION:-another shell}; macOS has an older one, use that of Homebrew" >&2
        exit 2
        ;;
esac
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd -P)
base=$(dirname "$here")
services=(seqthink-wrapper seqthink-issuer seqthink-redis)
soon=$((30 * 86400))

fail() {
    printf 'make-keys: %s\n' "$*" >&2
    exit 1
}

domain='' namespace=seqthink context='' checking=false renewed=''
while [ $# -gt 0 ]; do
    case $1 in
        --domain) domain=${2-} && shift ;;
        --namespace) namespace=${2-} && shift ;;
        --context) context=${2-} && shift ;;
        --check-only) checking=true ;;
        --renew) renewed=${2-} && shift ;;
        -h | --help)
            sed -n '2,16s/^# \{0,1\}//p' "$0"
            exit 0
            ;;
        *)
            echo "make-keys: unknown option $1; see make-keys.sh --help" >&2
            exit 2
            ;;
    esac
    shift
done
case $renewed in
    '' | redis-password | authority) ;;
    *) fail "--renew must be redis-password or authority" ;;
esac
[ -n "$domain" ] || fail "--domain must be the host name that callers use"

# shellcheck source=k8s/scripts/cluster.sh
. "$here/scripts/cluster.sh"
check_namespace

is_there() {
    exists secret "$1"
}

# held_by SECRET KEY
held_by() {
    k get secret "$1" -o json | jq -r --arg key "$2" '.data[$key] // ""' | openssl base64 -d -A
}

# the names in the certificate of a service
names_of() {
    echo "$1"
    # deploy.sh calls the gateway by its public name, past the ingress
    [ "$1" != seqthink-wrapper ] || echo "$domain"
}

has_certificate() {
    local name
    is_there "$1-tls" || return 1
    held_by "$1-tls" tls.crt >"$work/looked-at" || fail "the secret $1-tls could not be read, see above: run this again"
    openssl x509 -in "$work/looked-at" -noout -checkend $soon >/dev/null || return 1
    for name in $(names_of "$1"); do
        openssl x509 -in "$work/looked-at" -noout -checkhost "$name" | grep -q 'does match' || return 1
    done
}

work=$(TMPDIR=$([ -w /dev/shm ] && echo /dev/shm || echo "${TMPDIR:-/tmp}") mktemp -d)
trap 'rm -rf "$work"' EXIT

# --- missing secrets ----------------------------------------------------------------------------

missing=()
for name in seqthink-age-identity seqthink-door-key seqthink-issuer-identity seqthink-redis; do
    is_there "$name" || missing+=("$name")
done
for name in "${services[@]}"; do
    has_certificate "$name" || missing+=("$name-tls")
done
if [ ${#missing[@]} -eq 0 ] && [ -z "$renewed" ]; then
    echo "All secrets exist"
    exit 0
fi
if $checking; then
    fail "secrets are missing, or their certificates expire within 30 days or are for other host names: ${missing[*]}"
fi

# --- creating -----------------------------------------------------------------------------------

# seqthink-wrapper creates the keys: the installed one, or that of this repository
wrapper() {
    if command -v seqthink-wrapper >/dev/null; then
        seqthink-wrapper "$@"
    else
        "$base/deploy/seqthink-wrapper" "$@"
    fi
}

# put SECRET [OPTION...]: creates or replaces a secret
put() {
    if is_there "$1"; then
        write replace "$@"
    else
        write create "$@"
    fi
}

# write create|replace SECRET [OPTION...]
write() {
    local how=$1
    shift
    k create secret generic "$@" --dry-run=client -o json >"$work/secret.json"
    k "$how" -f "$work/secret.json" >/dev/null
    rm "$work/secret.json"
    echo "  $1"
}

# make_identity FILE
make_identity() {
    wrapper keygen -o "$1" >recipient
    # never replaces one: what is encrypted to it would be lost
    write create "seqthink-$1" --from-file="$1"
}

make_door_key() {
    wrapper keygen --door -o door-key >fingerprint
    write create seqthink-door-key --from-file=door-key
    echo "    fingerprint for callers: $(cat fingerprint)"
}

# the Redis login of the gateways, and its hash in the file password-hash
make_password() {
    local password
    password=$(openssl rand -hex 32)
    printf '[state]\nurl = "rediss://door:%s@seqthink-redis:6379"\n' "$password" >settings.toml
    printf '#%s\n' "$(printf %s "$password" | openssl dgst -sha256 -r | cut -d' ' -f1)" >password-hash
}

# put_redis_users HASH...: the users of Redis: health may only ping, door may do its work. No one can log in as
# the default user, but Redis loads its data with that user's permissions.
put_redis_users() {
    printf '%s\n' 'user default off ~* &* +@all' 'user health on nopass -@all +ping' \
        "user door on $* ~* &* +@all -@admin -@dangerous" >users.acl
    put seqthink-redis --from-file=settings.toml --from-file=users.acl
}

# certificate NAME DAYS EXTENSION... [-- OPTION...]: a new key and its certificate
certificate() {
    local name=$1 days=$2
    shift 2
    {
        printf '%s\n' '[req]' 'prompt = no' 'distinguished_name = name' 'x509_extensions = v3'
        printf '%s\n' '[name]' "CN = $name" '[v3]' "$1"
    } >openssl.cnf
    shift
    openssl req -config openssl.cnf -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
        -days "$days" -keyout "$name.key" -out "$name.crt" "$@" 2>openssl.log ||
        fail "openssl created no certificate; it must be 3.0 or newer: $(tail -n 1 openssl.log)"
}

make_authority() {
    certificate ca 3650 $'basicConstraints = critical,CA:TRUE,pathlen:0\nkeyUsage = critical,keyCertSign'
}

put_authority() {
    put seqthink-ca --from-file=ca.crt --from-file=ca.key
}

need_authority() {
    local file
    [ ! -f ca.crt ] || return 0
    if is_there seqthink-ca; then
        for file in ca.crt ca.key; do
            held_by seqthink-ca "$file" >"$work/$file"
        done
    else
        make_authority
        put_authority
    fi
}

make_certificate() {
    local names
    names=$(names_of "$1" | sed 's/^/DNS:/' | paste -sd, -)
    certificate "$1" 825 \
        $'basicConstraints = critical,CA:FALSE\nextendedKeyUsage = serverAuth\nsubjectAltName = '"$names" \
        -CA ca.crt -CAkey ca.key
}

# put_certificate SERVICE AUTHORITIES: with the trusted authorities beside it
put_certificate() {
    put "$1-tls" --type=kubernetes.io/tls \
        --from-file=tls.crt="$1.crt" --from-file=tls.key="$1.key" --from-file=ca.crt="$2"
}

# --- renewing -----------------------------------------------------------------------------------

# restart WORKLOAD: so that it reads its present secrets
restart() {
    exists "$1" || return 0
    k rollout restart "$1"
    k rollout status "$1" --timeout=300s
}

# Redis accepts the new password before gateways use it, and the old ones until none does
renew_redis_password() {
    local before
    mapfile -t before < <(held_by seqthink-redis users.acl | grep -oE '#[0-9a-f]{64}')
    make_password
    put_redis_users "$(cat password-hash)" "${before[@]}"
    restart statefulset.apps/seqthink-redis
    restart deployment.apps/seqthink-wrapper
    put_redis_users "$(cat password-hash)"
    restart statefulset.apps/seqthink-redis
}

# the new authority is trusted before it signs, and the old ones until all certificates are replaced
renew_authority() {
    local name
    is_there seqthink-ca || fail "the secret seqthink-ca does not exist: renew the certificates where they were created"
    make_authority
    held_by seqthink-wrapper-tls ca.crt >believed
    cat ca.crt >>believed
    for name in "${services[@]}"; do
        held_by "$name-tls" tls.crt >"$name.crt"
        held_by "$name-tls" tls.key >"$name.key"
        put_certificate "$name" believed
    done
    restart deployment.apps/seqthink-wrapper
    put_authority
    for name in "${services[@]}"; do
        make_certificate "$name"
        put_certificate "$name" believed
    done
    restart statefulset.apps/seqthink-redis
    restart statefulset.apps/seqthink-issuer
    restart deployment.apps/seqthink-wrapper
    for name in "${services[@]}"; do
        put_certificate "$name" ca.crt
    done
    restart deployment.apps/seqthink-wrapper
}

# --- all steps ---------------------------------------------------------------------------------

if ! exists namespace "$namespace"; then
    awk -v name="$namespace" '/^kind:/ { kind = $2 } kind == "Namespace" && /^  name:/ { $0 = "  name: " name } { print }' \
        "$here/base/namespace.yaml" >"$work/namespace.yaml"
    k apply -f "$work/namespace.yaml" >/dev/null
fi
echo "Creating secrets:"
cd "$work"
umask 077
for name in "${missing[@]}"; do
    case $name in
        seqthink-*-identity) make_identity "${name#seqthink-}" ;;
        seqthink-door-key) make_door_key ;;
        seqthink-redis)
            make_password
            put_redis_users "$(cat password-hash)"
            ;;
        *-tls)
            need_authority
            make_certificate "${name%-tls}"
            put_certificate "${name%-tls}" ca.crt
            ;;
    esac
done
# the others reload a changed certificate on their own
if [[ " ${missing[*]} " == *" seqthink-redis-tls "* ]] &&
    exists statefulset.apps/seqthink-redis; then
    k rollout restart statefulset.apps/seqthink-redis
fi
case $renewed in
    redis-password) renew_redis_password ;;
    authority) renew_authority ;;
esac
