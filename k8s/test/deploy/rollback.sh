# shellcheck shell=bash disable=SC2034,SC2154 # deploy-test.sh has the variables
# What a failed deployment and --rollback restore. Sourced by deploy-test.sh.

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
