# shellcheck shell=bash disable=SC2034,SC2154 # deploy-test.sh has the variables
# What the cluster refuses: pods, quota, fields and selectors. Sourced by deploy-test.sh.

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
