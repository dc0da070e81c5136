#!/usr/bin/env bash
# Deploys an overlay: validates it, applies it, waits until it is ready, tests it end to end, and undoes its
# changes if one of these steps fails.
#
#   k8s/deploy.sh --domain NAME --image IMAGE:TAG [--env production|small]
#
#   --check-only       validates only; changes nothing
#   --make-keys        first creates the missing secrets (make-keys.sh)
#   --rollback         restores the state before the last successful deployment, or undoes an interrupted
#                      one; a failed deployment has already undone its changes
#   --namespace NAME   the namespace; default: that of the overlay's site.yaml
#   --context NAME     kubectl context; default: the current one
#   --timeout SECONDS  how long pods may take to become ready; default: 300
#
# The end-to-end check is deploy/seqthink/test-e2e.sh, which reads JWT_TOKEN, AGE_RECIPIENT and
# AGE_IDENTITY from the environment. This script never deletes a namespace, secret or volume.
case ${BASH_VERSION-} in
    '' | [0-3].* | 4.[0-3].*)
        echo "deploy: this needs bash 4.4 or newer and runs in ${BASH_VERSION:-another shell}; macOS has an older one, use that of Homebrew" >&2
        exit 2
        ;;
esac
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd -P)
# config maps with the state before the last successful deployment, and before one that is in progress or was
# interrupted
record=seqthink-before
record_under_way=seqthink-before-this

say() {
    printf '\033[1m%s\033[0m\n' "$*"
}

warn() {
    printf '\033[33mwarning:\033[0m %s\n' "$*" >&2
}

fail() {
    printf '\033[31mdeploy:\033[0m %s\n' "$*" >&2
    exit 1
}

misuse() {
    printf 'deploy: %s; see deploy.sh --help\n' "$*" >&2
    exit 2
}

# --- arguments ---------------------------------------------------------------------------------

action=deploy
domain='' image='' overlay=production namespace='' context='' timeout=300 making_keys=false
while [ $# -gt 0 ]; do
    case $1 in
        --domain | --image | --env | --namespace | --context | --timeout)
            [ -n "${2-}" ] || misuse "$1 needs a value"
            ;;&
        --domain) domain=$2 && shift ;;
        --image) image=$2 && shift ;;
        --env) overlay=$2 && shift ;;
        --namespace) namespace=$2 && shift ;;
        --context) context=$2 && shift ;;
        --timeout) timeout=$2 && shift ;;
        --check-only) action=check ;;
        --rollback) action=rollback ;;
        --make-keys) making_keys=true ;;
        -h | --help)
            sed -n '2,16s/^# \{0,1\}//p' "$0"
            exit 0
            ;;
        *) misuse "unknown option $1" ;;
    esac
    shift
done
[[ $timeout =~ ^[1-9][0-9]*$ ]] || misuse "--timeout must be a number of seconds"
[ $action = deploy ] || ! $making_keys || misuse "--make-keys is for deployments only"
site=$here/overlays/$overlay/site.yaml
[ -f "$site" ] || misuse "--env must be one of $(cd "$here/overlays" && echo ./* | tr -d ./)"
# in_site KEY: a value of site.yaml
in_site() {
    sed -n "s/^  $1: *//p" "$site" | sed -e 's/ *#.*//' -e "s/[\"']//g"
}
if [ $action != rollback ]; then
    [[ $domain =~ ^([a-z0-9]([-a-z0-9]*[a-z0-9])?\.)+([a-z]{2,}|xn--[-a-z0-9]+)$ ]] ||
        misuse "--domain must be the host name that callers use, such as seqthink.example.org"
    # a moving tag cannot be rolled back to; beside a digest it says nothing
    [[ $image =~ ^([A-Za-z0-9][-A-Za-z0-9.]*(:[0-9]+)?/)?[a-z0-9][-a-z0-9._]*(/[a-z0-9][-a-z0-9._]*)*(:[A-Za-z0-9_][-A-Za-z0-9._]{0,127})?(@sha256:[0-9a-f]{64})?$ &&
        ${image##*/} == *[:@]* && $image != *:latest ]] ||
        misuse "--image must have a version or a digest, such as registry.example.org/seqthink-wrapper:1.0.0"
fi

for tool in kubectl jq openssl curl; do
    command -v $tool >/dev/null || fail "$tool is missing; install it"
done

# shellcheck source=k8s/scripts/cluster.sh
. "$here/scripts/cluster.sh"
[ -n "$namespace" ] || namespace=$(in_site namespace)
[ -n "$namespace" ] || namespace=seqthink
check_namespace

keys() {
    "$here/make-keys.sh" --domain "$domain" --namespace "$namespace" ${context:+--context "$context"} "$@"
}

# shellcheck source=k8s/scripts/validate.sh
. "$here/scripts/validate.sh"
# shellcheck source=k8s/scripts/rollout.sh
. "$here/scripts/rollout.sh"

work=$(mktemp -d)
forward=''     # process of kubectl port-forward
unproven=false # whether there are changes that are not tested yet

clean_up() {
    status=$?
    trap - EXIT INT TERM
    [ -z "$forward" ] || kill "$forward" 2>/dev/null || true
    if $unproven; then
        say "Undoing the changes"
        if roll_back $record_under_way; then
            say_restored
            # which must not end the cleaning up
            ! (is_kept $record) || say "deploy.sh --rollback would go back one deployment further."
        else
            warn "undoing failed as well; fix the cause, then run deploy.sh --rollback"
        fi
    fi
    rm -rf "$work"
    exit $status
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# --- rollback -----------------------------------------------------------------------------------

applied=kubectl.kubernetes.io/last-applied-configuration

# records the last applied form of every object that will change, and which objects are new
remember() {
    jq --arg applied "$applied" '{apiVersion: "v1", kind: "List",
        items: [.items[].metadata.annotations[$applied] // empty | fromjson]}' \
        "$work/live.json" >"$work/previous.json"
    k get -f "$work/new.yaml" --ignore-not-found -o name | sort >"$work/found"
    sort "$work/names" | comm -23 - "$work/found" | grep -v '^namespace/' >"$work/created" || true
    keep $record_under_way
}

# keep RECORD
keep() {
    k create configmap "$1" --from-file="$work/previous.json" --from-file="$work/created" \
        --dry-run=client -o json >"$work/record.json"
    k apply --server-side --force-conflicts -f "$work/record.json" >/dev/null
}

is_kept() {
    exists configmap "$1"
}

# Namespace, quota and secrets exist before a first deployment too: only a Deployment of the gateways is a state to
# go back to.
# has_gateways FILE
has_gateways() {
    jq -e 'any(.items[]; .kind == "Deployment")' "$1" >/dev/null
}

# from now on --rollback restores the state that this deployment found, if gateways were deployed then
settle() {
    if has_gateways "$work/previous.json"; then
        keep $record
    else
        k delete configmap --ignore-not-found $record
    fi
    k delete configmap $record_under_way >/dev/null
}

# read_record RECORD
read_record() {
    k get configmap "$1" -o json >"$work/record.json" || return 1
    jq -r '.data["previous.json"]' "$work/record.json" >"$work/previous.json"
}

say_restored() {
    if has_gateways "$work/previous.json"; then
        say "The previous state is restored."
    else
        say "This was the first deployment: nothing runs now. Namespace, secrets and volumes remain."
    fi
}

# roll_back RECORD
roll_back() {
    local created
    read_record "$1" || return 1
    mapfile -t created < <(jq -r '.data.created' "$work/record.json" | grep .)
    if jq -e '.items | length > 0' "$work/previous.json" >/dev/null; then
        jq -r '.items[] | select(.kind == "Deployment")
            | "restoring image \(.spec.template.spec.containers[0].image)"' "$work/previous.json"
        if [ "$1" = $record ]; then
            k get -f "$work/previous.json" --ignore-not-found -o json | as_list >"$work/live.json" || return 1
            apply_gateways_first "$work/previous.json" || return 1
        else
            # an interrupted or failed deployment: the issuer may be down already
            apply "$work/previous.json" || return 1
        fi
    fi
    # after the pods are restored: the new ones may still use these objects
    [ ${#created[@]} -eq 0 ] || k delete --ignore-not-found "${created[@]}" || return 1
    k delete configmap "$1" >/dev/null
}

# --- testing -----------------------------------------------------------------------------------

# until as many gateways are ready as the autoscaler wants
await_as_many_as_wanted() {
    local least deadline=$((SECONDS + timeout))
    least=$(k get horizontalpodautoscaler seqthink-wrapper -o json | jq .spec.minReplicas)
    until [ "$(k get deployment seqthink-wrapper -o json | jq '.status.availableReplicas // 0')" -ge "$least" ]; do
        [ $SECONDS -lt $deadline ] || {
            show_cause "deployment.apps/seqthink-wrapper"
            fail "fewer than $least gateways are ready after $timeout s; the cause is above"
        }
        sleep 1
    done
}

# past the ingress, which does not publish /metrics and has no address at first; curl's configuration file
# redirects the connection
check_end_to_end() {
    say "Testing it end to end"
    local port
    k get secret seqthink-wrapper-tls -o json | jq -r '.data["ca.crt"]' | openssl base64 -d -A >"$work/ca.crt"
    : >"$work/forwarded"
    k port-forward service/seqthink-wrapper :8443 >"$work/forwarded" 2>&1 &
    forward=$!
    for _ in $(seq 50); do
        port=$(sed -n 's/^Forwarding from 127\.0\.0\.1:\([0-9]*\) .*/\1/p' "$work/forwarded")
        [ -z "$port" ] || break
        sleep 0.2
    done
    [ -n "$port" ] || fail "kubectl could not forward a port to the gateway: $(cat "$work/forwarded")"
    printf '%s\n' "connect-to = \"$domain:443:127.0.0.1:$port\"" "cacert = \"$work/ca.crt\"" >"$work/.curlrc"
    CURL_HOME=$work BASE_URL=https://$domain "$here/../deploy/seqthink/test-e2e.sh" ||
        fail "the end-to-end check failed"
    [ "$(curl -fsS -m 10 "https://$domain/health" 2>"$work/public" || true)" = OK ] ||
        warn "https://$domain/health does not answer from here: $(cat "$work/public")"
}

# --- actions ------------------------------------------------------------------------------------

case $action in
    check)
        validate
        say "Valid. Nothing was changed."
        compare_with_site
        ;;
    rollback)
        if is_kept $record_under_way; then
            record=$record_under_way
        elif ! is_kept $record || ! read_record $record || ! has_gateways "$work/previous.json"; then
            fail "there is nothing to roll back to: no update since the first deployment or the last rollback"
        fi
        say "Restoring the previous state"
        roll_back $record || fail "the rollback failed, see above; fix the cause and run it again"
        say_restored
        ;;
    deploy)
        validate
        if $making_keys; then
            keys
            judge_on_the_server
        fi
        remember
        unproven=true
        say "Applying"
        apply_gateways_first "$work/new.json" || fail "the update failed; the cause is above"
        await_as_many_as_wanted
        check_end_to_end
        unproven=false
        settle
        say "https://$domain runs $image."
        compare_with_site
        ;;
esac
