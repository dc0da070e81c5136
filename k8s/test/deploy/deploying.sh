# shellcheck shell=bash disable=SC2034,SC2154 # deploy-test.sh has the variables
# What deploy.sh does, in which order, and what it rejects. Sourced by deploy-test.sh.

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
