# shellcheck shell=bash disable=SC2034,SC2154 # deploy-test.sh has the variables
# In which order pods are replaced, and what is said if they do not start. Sourced by deploy-test.sh.

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
