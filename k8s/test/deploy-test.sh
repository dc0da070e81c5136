#!/usr/bin/env bash
# Tests deploy.sh and make-keys.sh with a stand-in for a cluster: ./kubectl. Needs a kubectl that can render
# the overlays, and Debian's python3-yaml; exits with 77 without them.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd -P)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

REAL_KUBECTL=$(command -v kubectl || true)
if ! "$REAL_KUBECTL" kustomize "$here/../overlays/small" >/dev/null 2>&1 || ! /usr/bin/python3 -c 'import yaml' 2>/dev/null; then
    echo "skipped: there is no kubectl 1.27 or newer here, or no python3-yaml"
    exit 77
fi
export REAL_KUBECTL CLUSTER=$work/cluster

# --- a copy of the repository, and stand-ins for other programs ----------------------------------

mkdir -p "$work/bin" "$work/repository/deploy/seqthink"
cp -R "$here/.." "$work/repository/k8s"
rm -r "$work/repository/k8s/test"
ln -s "$here/kubectl" "$work/bin/kubectl"

cat >"$work/bin/seqthink-wrapper" <<'EOF'
#!/usr/bin/env bash
# keygen [--door] -o FILE
echo "A-PRIVATE-KEY $*" >"${!#}"
echo "the public half"
EOF
cat >"$work/bin/curl" <<'EOF'
#!/usr/bin/env bash
echo OK
EOF
cat >"$work/repository/deploy/seqthink/test-e2e.sh" <<'EOF'
#!/usr/bin/env bash
echo "$BASE_URL" >"$CLUSTER/e2e"
cp "$CURL_HOME/.curlrc" "$CLUSTER/curlrc"
echo end-to-end >>"$CLUSTER/calls"
[ ! -f "$CLUSTER/e2e-fails" ]
EOF
chmod +x "$work/bin"/* "$work/repository/deploy/seqthink/test-e2e.sh"
export PATH=$work/bin:$PATH TMPDIR=$work/tmp
mkdir "$TMPDIR"
find "$work/repository" -type f -exec sha256sum {} + | sort >"$work/before"

deploy() {
    "$work/repository/k8s/deploy.sh" --domain seqthink.example.org --timeout 5 "$@" \
        >"$work/output" 2>&1
}

make_keys() {
    "$work/repository/k8s/make-keys.sh" --domain seqthink.example.org "$@" >"$work/output" 2>&1
}

# --- helpers --------------------------------------------------------------------------------------

failures=0
what=''

# it DOES: begins a test with an empty cluster
it() {
    what=$1
    rm -rf "$CLUSTER"
    mkdir -p "$CLUSTER/objects"
}

# begins a test with a deployed cluster
after_a_deployment() {
    cp -R "$work/deployed/." "$CLUSTER/objects"
    contents >"$work/contents"
}

wrong() {
    failures=$((failures + 1))
    printf 'FAILED: it %s: %s\n' "$what" "$*"
    sed 's/^/    | /' "$work/output"
}

succeeds() {
    "$@" || wrong "$* failed"
}

fails() {
    ! "$@" || wrong "$* succeeded"
}

says() {
    grep -qF -- "$1" "$work/output" || wrong "the output lacks: $1"
}

# called PATTERN: a call matches
called() {
    grep -qE -- "$1" "$CLUSTER/calls" || wrong "nothing called $1"
}

never_called() {
    ! grep -E -- "$1" "$CLUSTER/calls" || wrong "something called $1"
}

# in_order PATTERN...: calls match these patterns, in this order
in_order() {
    local line=0 next pattern
    for pattern in "$@"; do
        next=$(tail -n "+$((line + 1))" "$CLUSTER/calls" | grep -nE -m 1 -- "$pattern" | cut -d: -f1) || true
        [ -n "$next" ] || {
            wrong "no call $pattern after line $line"
            return
        }
        line=$((line + next))
    done
}

is_there() {
    [ -f "$CLUSTER/objects/$1" ] || wrong "$1 is gone"
}

is_gone() {
    [ ! -f "$CLUSTER/objects/$1" ] || wrong "$1 is still there"
}

# the objects in the cluster, without the records of deploy.sh
contents() {
    (cd "$CLUSTER/objects" && find . -type f ! -name 'configmap~seqthink-before*' -exec sha256sum {} + | sort)
}

image_of() {
    jq -r '.spec.template.spec.containers[0].image' "$CLUSTER/objects/deployment~seqthink-wrapper"
}

is_version() {
    [ "$(image_of)" = "seqthink-wrapper:$1" ] || wrong "the gateway's image is $(image_of), not seqthink-wrapper:$1"
}

CHANGES='^--namespace=seqthink (create (-f|secret|configmap)|replace|delete|rollout|apply (-f|--server-side))'

# --- deploying ------------------------------------------------------------------------------------

it "validates, applies, waits, and tests end to end, in this order"
succeeds deploy --image seqthink-wrapper:1.0.0 --make-keys
in_order 'kustomize' 'apply --dry-run=client --validate=strict' 'create secret' \
    'apply --dry-run=server --validate=strict' 'apply -f' \
    'rollout status deployment.apps/seqthink-wrapper' 'port-forward' 'end-to-end'
in_order 'rollout status statefulset.apps/seqthink-issuer' 'rollout status deployment.apps/seqthink-wrapper'
in_order 'rollout status statefulset.apps/seqthink-redis' 'rollout status deployment.apps/seqthink-wrapper'
is_version 1.0.0
grep -qx 'https://seqthink.example.org' "$CLUSTER/e2e" || wrong "it tried $(cat "$CLUSTER/e2e")"
grep -qF '"seqthink.example.org:443:127.0.0.1:4711"' "$CLUSTER/curlrc" || wrong "it tried the ingress"
never_called 'delete .*/'
cp -R "$CLUSTER/objects" "$work/deployed"

it "deploys the small overlay with --env small"
succeeds deploy --image seqthink-wrapper:1.0.0 --make-keys --env small
grep -q '"minReplicas": 1' "$CLUSTER/objects/horizontalpodautoscaler~seqthink-wrapper" ||
    wrong "it is not small"

it "changes nothing with --check-only"
after_a_deployment
succeeds deploy --image seqthink-wrapper:1.0.1 --check-only
never_called "$CHANGES"
called 'apply --dry-run=server --validate=strict'
contents | cmp -s - "$work/contents" || wrong "the cluster changed"

it "changes nothing if the cluster rejects the manifest"
echo 'unknown field "spec.replica"' >"$CLUSTER/refuses"
fails deploy --image seqthink-wrapper:1.0.0 --make-keys
says 'unknown field "spec.replica"'
never_called "$CHANGES"

it "says what to do if the Prometheus operator is missing"
echo ServiceMonitor PrometheusRule >"$CLUSTER/lacks"
fails deploy --image seqthink-wrapper:1.0.0 --make-keys
says 'no matches for kind "PrometheusRule"'
says 'install the Prometheus operator or use --env small'
never_called "$CHANGES"
succeeds deploy --image seqthink-wrapper:1.0.0 --make-keys --env small

it "changes nothing if the cluster is too old"
echo 29 >"$CLUSTER/minor"
fails deploy --image seqthink-wrapper:1.0.0 --make-keys
never_called "$CHANGES"

it "refuses to overwrite objects that it could not restore"
echo '{"kind": "Service", "metadata": {"name": "seqthink-wrapper"}}' >"$CLUSTER/objects/service~seqthink-wrapper"
fails deploy --image seqthink-wrapper:1.0.0 --make-keys
says 'Service/seqthink-wrapper'
never_called "$CHANGES"

it "rejects wrong usage"
for arguments in '' '--image seqthink-wrapper' '--image seqthink-wrapper:latest' \
    '--image seqthink-wrapper:1 --env staging' '--image seqthink-wrapper:1 --domain a|b' \
    '--image seqthink-wrapper:1 --timeout soon' '--image seqthink-wrapper:1 --frobnicate' '--image' \
    '--image seqthink-wrapper:1 --check-only --make-keys' '--image registry.example.org:5000/seqthink-wrapper' \
    '--image registry.example.org/Seqthink:1' '--image seqthink-wrapper@sha256:12' '--image seqthink-wrapper:'; do
    status=0
    # shellcheck disable=SC2086 # several words
    deploy $arguments || status=$?
    [ $status = 2 ] || wrong "$arguments: exit code $status"
done
[ ! -f "$CLUSTER/calls" ] || wrong "it called kubectl"

# --- keys -----------------------------------------------------------------------------------------

it "creates no key without --make-keys"
fails deploy --image seqthink-wrapper:1.0.0
says '--make-keys'
never_called "$CHANGES"

it "creates the missing secrets, and no others"
after_a_deployment
for name in age-identity door-key issuer-identity redis ca wrapper-tls issuer-tls redis-tls; do
    is_there "secret~seqthink-$name"
done
contents | grep secret >"$work/contents"
succeeds deploy --image seqthink-wrapper:1.0.1 --make-keys
contents | grep secret | cmp -s - "$work/contents" || wrong "a secret changed"

it "creates certificates that openssl verifies, for the names that pods and checks use"
after_a_deployment
# held_by SECRET KEY [RESTART]: its value now, or at a restart
held_by() {
    jq -r --arg key "$2" '.data[$key]' "$CLUSTER/${3:-objects}/secret~$1" | base64 -d
}
held_by seqthink-wrapper-tls ca.crt >"$work/ca.crt"
held_by seqthink-wrapper-tls tls.crt >"$work/tls.crt"
for name in seqthink-wrapper seqthink.example.org; do
    openssl verify -x509_strict -purpose sslserver -verify_hostname $name -CAfile "$work/ca.crt" "$work/tls.crt" \
        >"$work/output" 2>&1 || wrong "the certificate is no good for $name"
done

it "renews a certificate for another domain, with the same authority"
after_a_deployment
held_by seqthink-ca ca.crt >"$work/ca.crt"
fails deploy --image seqthink-wrapper:1.0.0 --domain other.example.org
succeeds deploy --image seqthink-wrapper:1.0.0 --domain other.example.org --make-keys
held_by seqthink-wrapper-tls tls.crt >"$work/tls.crt"
openssl verify -x509_strict -verify_hostname other.example.org -CAfile "$work/ca.crt" "$work/tls.crt" \
    >"$work/output" 2>&1 || wrong "the certificate is not good"

it "creates a password and its hash for Redis"
after_a_deployment
# password_hash [RESTART]: hash of the gateways' password
password_hash() {
    held_by seqthink-redis settings.toml "$@" | sed -n 's|^url = "rediss://door:\(.*\)@.*|\1|p' | tr -d '\n' |
        sha256sum | cut -d' ' -f1
}
held_by seqthink-redis users.acl | grep -q "^user door on #$(password_hash) ~" || wrong "the hash differs"

it "renews the password: Redis accepts it before gateways use it, and the old one until no gateway uses it"
after_a_deployment
old=$(password_hash)
succeeds make_keys --renew redis-password
new=$(password_hash)
[ "$old" != "$new" ] || wrong "it is the same"
in_order 'rollout restart statefulset.apps/seqthink-redis' 'rollout status statefulset.apps/seqthink-redis' \
    'rollout restart deployment.apps/seqthink-wrapper' 'rollout status deployment.apps/seqthink-wrapper' \
    'rollout restart statefulset.apps/seqthink-redis'
held_by seqthink-redis users.acl restarts/1 | grep -q "^user door on #$new #$old ~" || wrong "Redis accepts only one"
[ "$(password_hash restarts/2)" = "$new" ] || wrong "the doors have the old one"
held_by seqthink-redis users.acl restarts/3 | grep -q "^user door on #$new ~" || wrong "Redis still accepts the old one"

it "renews the authority: gateways trust each certificate at every step"
after_a_deployment
held_by seqthink-ca ca.crt >"$work/old.crt"
held_by seqthink-redis-tls tls.crt >"$work/old-redis.crt"
succeeds make_keys --renew authority
in_order 'rollout restart deployment.apps/seqthink-wrapper' 'rollout restart statefulset.apps/seqthink-redis' \
    'rollout restart statefulset.apps/seqthink-issuer' 'rollout restart deployment.apps/seqthink-wrapper' \
    'rollout restart deployment.apps/seqthink-wrapper'
held_by seqthink-redis-tls tls.crt restarts/1 | cmp -s - "$work/old-redis.crt" || wrong "the Redis certificate changed before the gateways trusted the new authority"
held_by seqthink-wrapper-tls ca.crt restarts/1 >"$work/believed.crt"
held_by seqthink-redis-tls tls.crt restarts/2 >"$work/new-redis.crt"
for shown in old-redis new-redis; do
    openssl verify -x509_strict -verify_hostname seqthink-redis -CAfile "$work/believed.crt" "$work/$shown.crt" \
        >"$work/output" 2>&1 || wrong "the gateways would not trust $shown"
done
held_by seqthink-ca ca.crt >"$work/ca.crt"
! cmp -s "$work/ca.crt" "$work/old.crt" || wrong "it is the same"
for name in wrapper issuer redis; do
    held_by seqthink-$name-tls ca.crt restarts/5 | cmp -s - "$work/ca.crt" || wrong "$name has another authority"
    held_by seqthink-$name-tls tls.crt restarts/5 >"$work/tls.crt"
    openssl verify -x509_strict -verify_hostname seqthink-$name -CAfile "$work/ca.crt" "$work/tls.crt" \
        >"$work/output" 2>&1 || wrong "the certificate of $name is no good"
done

# --- rollback ------------------------------------------------------------------------------------

it "undoes a first deployment that does not become ready, but keeps keys and namespace"
fails deploy --image seqthink-wrapper:1.0.0-broken --make-keys
is_gone deployment~seqthink-wrapper
is_gone statefulset~seqthink-issuer
is_there namespace~seqthink
is_there secret~seqthink-age-identity
never_called 'end-to-end'

it "restores the previous state if pods do not become ready"
after_a_deployment
fails deploy --image seqthink-wrapper:1.1.0-broken
contents | diff "$work/contents" - >"$work/output" || wrong "the cluster is not in its previous state"

it "restores the previous state if the end-to-end check fails"
after_a_deployment
touch "$CLUSTER/e2e-fails"
fails deploy --image seqthink-wrapper:1.1.0 --env small
contents | diff "$work/contents" - >"$work/output" || wrong "the cluster is not in its previous state"

it "restores the previous state if applying is interrupted"
after_a_deployment
echo Ingress >"$CLUSTER/breaks-at"
fails deploy --image seqthink-wrapper:1.1.0
says 'deploy.sh --rollback'
rm "$CLUSTER/breaks-at"
fails deploy --image seqthink-wrapper:1.2.0
says 'another deployment is in progress or was interrupted'
succeeds deploy --rollback
contents | diff "$work/contents" - >"$work/output" || wrong "the cluster is not in its previous state"

it "changes only its own objects in a rollback"
after_a_deployment
echo '{"kind": "ConfigMap", "metadata": {"name": "of-somebody"}}' >"$CLUSTER/objects/configmap~of-somebody"
: >"$CLUSTER/calls"
fails deploy --image seqthink-wrapper:1.1.0-broken
is_there configmap~of-somebody
never_called 'delete .*(namespace|secret|of-somebody|persistentvolumeclaim)'

it "rolls back to the previous version, once"
after_a_deployment
succeeds deploy --image seqthink-wrapper:1.1.0
is_version 1.1.0
succeeds deploy --rollback
is_version 1.0.0
called 'rollout status deployment.apps/seqthink-wrapper'
fails deploy --rollback
says 'there is nothing to roll back to'
never_called 'delete .*(namespace|secret/)'

it "rolls back one deployment further after a failed one"
after_a_deployment
succeeds deploy --image seqthink-wrapper:1.1.0
fails deploy --image seqthink-wrapper:1.2.0-broken
says 'would go back one deployment further'
is_version 1.1.0
succeeds deploy --rollback
is_version 1.0.0

# the namespace, its quota and the secrets exist before the first deployment
it "never removes a first deployment whose namespace and quota existed before"
succeeds make_keys
succeeds deploy --image seqthink-wrapper:1.0.0
contents >"$work/contents"
fails deploy --rollback
says 'there is nothing to roll back to'
never_called 'delete .*(deployment|statefulset)'
contents | diff "$work/contents" - >"$work/output" || wrong "the first deployment is gone"

it "never removes a first deployment that follows a failed one"
fails deploy --image seqthink-wrapper:1.0.0-broken --make-keys
says 'nothing runs'
succeeds deploy --image seqthink-wrapper:1.0.0
: >"$CLUSTER/calls"
fails deploy --rollback
says 'there is nothing to roll back to'
never_called 'delete .*(deployment|statefulset)'
is_version 1.0.0

it "rejects a record without a Deployment, which an earlier version of deploy.sh wrote"
after_a_deployment
jq '{apiVersion: "v1", kind: "ConfigMap", metadata: {name: "seqthink-before"}, data: {
    "previous.json": ({apiVersion: "v1", kind: "List", items: [.]} | tojson), created: "deployment.apps/seqthink-wrapper\n"}}' \
    "$CLUSTER/objects/namespace~seqthink" >"$CLUSTER/objects/configmap~seqthink-before"
fails deploy --rollback
says 'there is nothing to roll back to'
is_version 1.0.0

it "removes a first deployment that was interrupted, and says so"
succeeds make_keys
contents >"$work/contents"
echo Ingress >"$CLUSTER/killed-at"
{ fails deploy --image seqthink-wrapper:1.0.0; } 2>/dev/null # the shell reports the kill
rm -r "$CLUSTER/killed-at" "${TMPDIR:?}"/*
is_there deployment~seqthink-wrapper
succeeds deploy --rollback
says 'nothing runs'
contents | diff "$work/contents" - >"$work/output" || wrong "it left more or less than the keys"

it "never removes a successful first deployment"
after_a_deployment
fails deploy --image seqthink-wrapper:1.1.0-broken
fails deploy --rollback
says 'there is nothing to roll back to'
contents | diff "$work/contents" - >"$work/output" || wrong "the cluster is not in its previous state"

# --- causes ----------------------------------------------------------------------------------------

# shown_first FIRST SECOND: the output has both, in this order
shown_first() {
    [ "$(grep -nF -m 1 -- "$1" "$work/output" | cut -d: -f1)" -lt "$(grep -nF -m 1 -- "$2" "$work/output" | cut -d: -f1)" ] ||
        wrong "it does not show $1 before $2"
}

it "shows why an image cannot be pulled, before it undoes the changes"
after_a_deployment
fails deploy --image seqthink-wrapper:1.1.0-broken
says 'seqthink-wrapper-6d4cf56db6-abcde ImagePullBackOff'
says 'Failed: Failed to pull image "seqthink-wrapper:1.1.0-broken": not found'
! grep -q 'Scheduled' "$work/output" || wrong "it shows an event that is no warning"
shown_first 'Failed to pull image' 'Undoing the changes'

it "shows the last log lines of a pod that crashes, of its previous start"
after_a_deployment
fails deploy --image seqthink-wrapper:1.1.0-crashes
called 'logs seqthink-wrapper-6d4cf56db6-abcde -c seqthink-wrapper --tail=20 --previous'
shown_first 'MAX_BODY_MB must be a number, says seqthink-wrapper-6d4cf56db6-abcde' 'Undoing the changes'

it "shows the last log lines of a pod that runs and is not ready, and of no other"
after_a_deployment
echo statefulset.apps/seqthink-issuer >"$CLUSTER/unready"
fails deploy --image seqthink-wrapper:1.1.0
says 'MAX_BODY_MB must be a number, says seqthink-issuer-0'
says 'Unhealthy: Readiness probe failed: HTTP 503'
never_called 'logs seqthink-(wrapper|redis)'

it "undoes the changes even if it cannot show why"
after_a_deployment
echo 'list events' >"$CLUSTER/failing-request"
fails deploy --image seqthink-wrapper:1.1.0-broken
says 'request timed out'
says 'The previous state is restored.'

# --- gateways first ---------------------------------------------------------------------------------

never_down() {
    [ ! -f "$CLUSTER/outages" ] || wrong "these went down: $(cat "$CLUSTER/outages")"
}

it "updates gateways first, then issuer and Redis"
after_a_deployment
succeeds deploy --image seqthink-wrapper:1.1.0
in_order 'apply -f .*/gateways.json' 'rollout status deployment.apps/seqthink-wrapper' 'apply -f .*/new' \
    'rollout status statefulset.apps/seqthink-issuer' 'rollout status deployment.apps/seqthink-wrapper'
[ "$(jq -r '.spec.template.spec.containers[0].image' "$CLUSTER/objects/statefulset~seqthink-issuer")" = seqthink-wrapper:1.1.0 ] ||
    wrong "the issuer has the old image"

for broken in broken crashes; do
    it "leaves the issuer as it is while an image that is $broken is tried"
    after_a_deployment
    fails deploy --image seqthink-wrapper:1.1.0-$broken
    never_down
    never_called 'apply -f .*/new'
    contents | diff "$work/contents" - >"$work/output" || wrong "the cluster is not in its previous state"
done

it "leaves the issuer as it is if the image of a rollback is gone"
after_a_deployment
succeeds deploy --image seqthink-wrapper:1.1.0
jq '.data["previous.json"] |= gsub(":1.0.0"; ":1.0.0-broken")' "$CLUSTER/objects/configmap~seqthink-before" >"$work/gone"
cp "$work/gone" "$CLUSTER/objects/configmap~seqthink-before"
fails deploy --rollback
says 'Failed to pull image "seqthink-wrapper:1.0.0-broken"'
never_down

it "repairs an issuer that is not ready, without waiting for gateways before"
after_a_deployment
jq '.spec.template.spec.containers[0].image = "seqthink-wrapper:1.0.0-broken"' "$CLUSTER/objects/statefulset~seqthink-issuer" >"$work/down"
cp "$work/down" "$CLUSTER/objects/statefulset~seqthink-issuer"
succeeds deploy --image seqthink-wrapper:1.1.0
never_called 'gateways.json'
in_order 'apply -f .*/new' 'rollout status statefulset.apps/seqthink-issuer' 'rollout status deployment.apps/seqthink-wrapper'

# --- pods and quota --------------------------------------------------------------------------------

# own_overlay: an overlay called mine, with an MCP server beside the gateways
own_overlay() {
    cp -R "$work/repository/k8s/overlays/production" "$work/repository/k8s/overlays/mine"
    cp -R "$work/repository/k8s/components/mcp-server" "$work/repository/k8s/components/mine"
    sed -i 's|^components:|&\n  - ../../components/mine|' "$work/repository/k8s/overlays/mine/kustomization.yaml"
}

no_own_overlay() {
    rm -rf "$work/repository/k8s/overlays/mine" "$work/repository/k8s/components/mine"
}

# without FIELD: removes a field of the MCP server, and what is below it
without() {
    sed -i "/^ *$1:/,/^          [a-z]/{/^          $1:/d;/^           /d}" "$work/repository/k8s/components/mine/container.yaml"
}

it "updates at five gateways within the quota, although those that end count too"
after_a_deployment
echo 5 >"$CLUSTER/replicas"
succeeds deploy --image seqthink-wrapper:1.1.0
! grep -q 'the quota' "$work/output" || wrong "it warns of a quota"

it "deploys an MCP server beside five gateways"
own_overlay
echo 5 >"$CLUSTER/replicas"
succeeds deploy --image seqthink-wrapper:1.0.0 --make-keys --env mine
! grep -q 'the quota' "$work/output" || wrong "it warns of a quota"
grep -q '"MCP_LOCAL": "http://127.0.0.1:8000"' "$CLUSTER/objects"/configmap~seqthink-wrapper-* ||
    wrong "no gateway knows of the server"
no_own_overlay

it "finds a pod that violates pod security with --check-only"
after_a_deployment
own_overlay
without securityContext
fails deploy --image seqthink-wrapper:1.0.0 --env mine --check-only
says 'violates PodSecurity "restricted:latest": allowPrivilegeEscalation != false (container "mcp-server"'
says 'components/mcp-server'
never_called "$CHANGES"
no_own_overlay

it "finds a container without requests and limits with --check-only"
after_a_deployment
own_overlay
without resources
fails deploy --image seqthink-wrapper:1.0.0 --env mine --check-only
says 'must specify limits.cpu for: mcp-server'
never_called "$CHANGES"
no_own_overlay

it "finds pods that the cluster would refuse before it applies them on a new cluster"
own_overlay
without securityContext
fails deploy --image seqthink-wrapper:1.0.0 --env mine --make-keys
says 'violates PodSecurity'
never_called 'apply -f .*/new'
no_own_overlay

it "says which quota is too small for all pods, with --check-only"
after_a_deployment
own_overlay
sed -i 's|"18"|"13"|' "$work/repository/k8s/components/mine/quota.yaml"
succeeds deploy --image seqthink-wrapper:1.0.0 --env mine --check-only
says 'limits.cpu is 13, needed are 16.6'
sed -i 's|9728Mi|3Gi|' "$work/repository/k8s/components/mine/quota.yaml"
fails deploy --image seqthink-wrapper:1.0.0 --env mine --check-only
says 'limits.memory is 3Gi, needed are 3968Mi'
no_own_overlay

it "judges no pod by a quota that the deployment replaces"
after_a_deployment
echo 5 >"$CLUSTER/replicas"
jq '.spec.hard.pods = "7"' "$CLUSTER/objects/resourcequota~seqthink" >"$work/quota"
cp "$work/quota" "$CLUSTER/objects/resourcequota~seqthink"
succeeds deploy --image seqthink-wrapper:1.1.0 --check-only
succeeds deploy --image seqthink-wrapper:1.1.0

it "names the field of a manifest that the cluster does not know, and the selector that it does not change"
after_a_deployment
own_overlay
sed -i 's|restartPolicy: Always|restart: Always|' "$work/repository/k8s/components/mine/container.yaml"
fails deploy --image seqthink-wrapper:1.0.0 --env mine --check-only
says 'unknown field "spec.template.spec.initContainers[0].restart"'
no_own_overlay
jq '.spec.selector.matchLabels.app = "another"' "$CLUSTER/objects/deployment~seqthink-wrapper" >"$work/other"
cp "$work/other" "$CLUSTER/objects/deployment~seqthink-wrapper"
fails deploy --image seqthink-wrapper:1.0.0 --check-only
says 'field is immutable'
says 'delete --cascade=orphan'
never_called "$CHANGES"

# --- images, shells, site.yaml ------------------------------------------------------------------------

it "takes an image with a version, a digest, or both"
after_a_deployment
digest=sha256:$(printf '%064d' 7)
for image in "seqthink-wrapper@$digest" "registry.example.org:5000/team/seqthink-wrapper:V1.0.0-RC1@$digest" \
    "registry.example.org/seqthink_wrapper:1.0.0-Final" "seqthink-wrapper:latest@$digest" "Registry.example.org/a/b:1"; do
    succeeds deploy --image "$image" --check-only
    says "$image"
done

it "says that the shell is too old, before anything else"
for version in '3.2.57(1)-release' '4.3.48(1)-release' ''; do
    printf 'BASH_VERSION="%s"\n' "$version" >"$work/old-shell"
    for script in deploy.sh make-keys.sh; do
        status=0
        BASH_ENV=$work/old-shell "$work/repository/k8s/$script" --domain seqthink.example.org >"$work/output" 2>&1 || status=$?
        [ $status = 2 ] || wrong "$script: exit code $status with version '$version'"
        says 'bash 4.4 or newer'
    done
done
[ ! -f "$CLUSTER/calls" ] || wrong "it called kubectl"

it "says what a later kubectl apply -k would reset"
after_a_deployment
succeeds deploy --image seqthink-wrapper:1.1.0
says "has the domain 'seqthink.chorus.services', and this is seqthink.example.org"
says "has the image 'seqthink-wrapper:0.1.0', and this is seqthink-wrapper:1.1.0"
own_overlay
sed -i 's|^  domain:.*|  domain: "seqthink.example.org" # of callers|; s|^  image:.*|  image: seqthink-wrapper:1.1.0|' \
    "$work/repository/k8s/overlays/mine/site.yaml"
succeeds deploy --image seqthink-wrapper:1.1.0 --env mine
! grep -q 'kubectl apply -k' "$work/output" || wrong "it warns although nothing differs"
no_own_overlay

# --- an overlay and a namespace of one's own ------------------------------------------------------------

it "deploys the overlay of the README"
own_overlay
# shellcheck disable=SC2016 # the marks of a block in Markdown
sed -n '/^```yaml/,/^```$/p' "$work/repository/k8s/README.md" | grep -v '^```' \
    >"$work/repository/k8s/overlays/mine/kustomization.yaml"
succeeds deploy --image seqthink-wrapper:1.0.0 --make-keys --env mine
for name in wrapper issuer redis; do
    [ "$(jq -r '.imagePullSecrets[0].name' "$CLUSTER/objects/serviceaccount~seqthink-$name")" = registry ] ||
        wrong "$name has no pull secret"
done
[ "$(jq -r '.spec.template.spec.initContainers[0].name' "$CLUSTER/objects/deployment~seqthink-wrapper")" = mcp-server ] ||
    wrong "there is no MCP server"
no_own_overlay

for way in --namespace site.yaml; do
    it "deploys to a namespace of one's own, by $way"
    own_overlay
    arguments=(--env mine)
    if [ $way = --namespace ]; then
        arguments+=(--namespace thoughts)
    else
        sed -i 's|^  namespace:.*|  namespace: thoughts|' "$work/repository/k8s/overlays/mine/site.yaml"
    fi
    succeeds make_keys --namespace thoughts
    succeeds deploy --image seqthink-wrapper:1.0.0 "${arguments[@]}"
    is_there namespace~thoughts
    is_gone namespace~seqthink
    [ "$(jq -r '.metadata.annotations["nginx.ingress.kubernetes.io/proxy-ssl-secret"]' \
        "$CLUSTER/objects/ingress~seqthink-issuer")" = thoughts/seqthink-issuer-tls ] || wrong "the ingress has another secret"
    succeeds deploy --image seqthink-wrapper:1.1.0 "${arguments[@]}"
    succeeds deploy --rollback "${arguments[@]}"
    is_version 1.0.0
    never_called 'namespace=seqthink'
    no_own_overlay
done

# --- permissions ------------------------------------------------------------------------------------------

# an object of each kind gets another form: NUMBER
changed() {
    cat >>"$work/repository/k8s/overlays/mine/kustomization.yaml" <<END
patches:
  - target: {kind: "[^N].*|NetworkPolicy"}
    patch: |-
      {"apiVersion": "v1", "kind": "Any", "metadata": {"name": "any", "annotations": {"changed": "$1"}}}
END
}

it "needs the permissions in deployer.yaml, and no others"
"$work/bin/kubectl" --namespace=seqthink apply -f "$here/../base/namespace.yaml" >"$work/output"
cp "$here/../deployer.yaml" "$CLUSTER/role"
rm "$CLUSTER/uses"
own_overlay
fails deploy --image seqthink-wrapper:1.0.0-crashes --make-keys --env mine
says 'nothing runs'
succeeds deploy --image seqthink-wrapper:1.0.0 --env mine
changed 1
succeeds deploy --image seqthink-wrapper:1.1.0 --env mine
succeeds deploy --rollback
succeeds make_keys --renew redis-password
succeeds make_keys --renew authority
[ ! -f "$CLUSTER/forbidden" ] || wrong "it lacks permissions: $(cat "$CLUSTER/forbidden")"
"$here/unused.py" "$CLUSTER/role" >"$work/output"
[ ! -s "$work/output" ] || wrong "nothing needs these permissions"
no_own_overlay

it "says which permission it lacks"
after_a_deployment
sed '/resources: \[pods\]/,/verbs/s/, create//' "$here/../deployer.yaml" >"$CLUSTER/role"
fails deploy --image seqthink-wrapper:1.1.0 --check-only
says 'cannot create resource "pods"'
sed '/resources: \[namespaces\]/,/verbs/s/get/list/' "$here/../deployer.yaml" >"$CLUSTER/role"
fails deploy --image seqthink-wrapper:1.1.0 --check-only
says 'deployer.yaml'

it "never replaces an identity because the cluster does not say whether it exists"
for name in seqthink-age-identity seqthink-issuer-identity seqthink-door-key seqthink-wrapper-tls; do
    after_a_deployment
    for command in 'make_keys' 'make_keys --renew authority' 'deploy --image seqthink-wrapper:1.1.0 --make-keys'; do
        echo "get secrets $name" >"$CLUSTER/failing-once"
        # shellcheck disable=SC2086 # several words
        fails $command
        says 'request timed out'
        contents | diff "$work/contents" - >"$work/output" || wrong "the cluster changed"
    done
done

# --- leftovers --------------------------------------------------------------------------------------

it "leaves no file behind, changes none of the repository, and keeps keys in secrets only"
find "$work/repository" -type f -exec sha256sum {} + | sort | diff "$work/before" - >"$work/output" ||
    wrong "the repository changed"
[ -z "$(ls -A "$TMPDIR")" ] || wrong "files are left: $(ls -A "$TMPDIR")"
! grep -rl 'A-PRIVATE-KEY' "$work/repository" "$TMPDIR" || wrong "a key is left"

if [ $failures -gt 0 ]; then
    echo "$failures failed"
    exit 1
fi
echo "all tests of deploy.sh and make-keys.sh passed"
