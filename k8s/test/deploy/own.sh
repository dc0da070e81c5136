# shellcheck shell=bash disable=SC2034,SC2154 # deploy-test.sh has the variables
# An overlay and a namespace of one's own, and the permissions of a deployer. Sourced by deploy-test.sh.

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
