# shellcheck shell=bash disable=SC2154 # deploy.sh sets the variables
# Renders an overlay, and has the cluster judge it without a change. Sourced by deploy.sh.

# renders the overlay with this domain and image, in a copy
render() {
    cp -R "$here" "$work/k8s"
    sed -e "s|^  domain:.*|  domain: $domain|" -e "s|^  image:.*|  image: $image|" \
        -e "s|^  namespace:.*|  namespace: $namespace|" "$site" >"$work/k8s/overlays/$overlay/site.yaml"
    kubectl kustomize "$work/k8s/overlays/$overlay" >"$work/new.yaml" ||
        fail "the overlay cannot be rendered, see above: site.yaml must have the values that overlays/production/site.yaml has, and kubectl must be 1.27 or newer"
}

# who applies the overlay without this script gets what site.yaml says
compare_with_site() {
    local key
    for key in namespace domain image; do
        [ "$(in_site $key)" = "${!key}" ] ||
            warn "$site has the $key '$(in_site $key)', and this is ${!key}: enter it there, or a later kubectl apply -k resets it"
    done
}

# judge server|client: validates the manifest by a server-side dry run, or by its schema only
judge() {
    local hint
    k apply --dry-run="$1" --validate=strict -f "$work/new.yaml" -o name >"$work/names" 2>"$work/refusals" && return 0
    case $(cat "$work/refusals") in
        *immutable* | *"updates to statefulset spec"*)
            hint="this field of a workload cannot be changed; to replace the workload while its pods run, kubectl -n $namespace delete --cascade=orphan KIND NAME, then deploy" ;;
        *forbidden*) hint="you lack these permissions; deployer.yaml has them" ;;
        *) hint="correct the overlay" ;;
    esac
    fail "the cluster rejects the manifest: $hint:
$(cat "$work/refusals")"
}

# kubectl prints nothing, one object, several or a list of them
as_list() {
    jq -s '{apiVersion: "v1", kind: "List", items: [.[] | .items // [.] | .[]]}'
}

judge_on_the_server() {
    judge server
    judge_pods
}

# The API server accepts a workload whose pods it then refuses: pod security and quota are applied to pods only. So it
# gets a pod of each template, for a dry run.
judge_pods() {
    local raised others
    jq -f "$here/scripts/pods.jq" "$work/new.json" >"$work/pods.json"
    k create --dry-run=server --validate=strict -f "$work/pods.json" -o name >/dev/null 2>"$work/refusals" && return 0
    # a quota that this deployment changes is not the one to judge by
    raised=$(jq -rn --slurpfile new "$work/new.json" --slurpfile live "$work/live.json" '$new[0].items[]
        | select(.kind == "ResourceQuota") | .metadata.name as $name | .spec.hard as $hard
        | select(all($live[0].items[]; .kind != "ResourceQuota" or .metadata.name != $name or .spec.hard != $hard))
        | "exceeded quota: \($name),"')
    others=$(grep -vF "${raised:-no quota is replaced}" "$work/refusals" || true)
    [ -z "$others" ] || fail "the cluster would refuse these pods:
$others
In the overlay, complete each container's resources and securityContext as in components/mcp-server, or raise the quota."
}

# quotas permit what the manifest needs: of the API server's dry run each pod is the only one
judge_quota() {
    local verdict text
    while IFS=$'\t' read -r verdict text; do
        case $verdict in
            fail) fail "$text" ;;
            warn) warn "$text" ;;
        esac
    done < <(jq -r -f "$here/scripts/quota.jq" "$work/new.json")
}

validate() {
    say "Validating $overlay with $image for https://$domain"
    render
    k version -o json >"$work/version.json" || fail "the cluster does not answer; see kubectl config get-contexts"
    [ "$(jq -r '.serverVersion.minor' "$work/version.json" | tr -dc 0-9)" -ge 30 ] ||
        fail "the cluster must be Kubernetes 1.30 or newer"
    k create --dry-run=client --validate=false -f "$work/new.yaml" -o json | as_list >"$work/new.json" ||
        fail "the cluster lacks a kind of object, see above: for those of monitoring, install the Prometheus operator or use --env small"
    k get -f "$work/new.yaml" --ignore-not-found -o json | as_list >"$work/live.json" ||
        fail "the cluster does not show the present objects, see above: ask for the permissions in deployer.yaml"
    judge_quota
    if exists namespace "$namespace"; then
        ! is_kept "$record_under_way" ||
            fail "another deployment is in progress or was interrupted: run deploy.sh --rollback, or, to keep the present state, kubectl -n $namespace delete configmap $record_under_way"
        judge_on_the_server
    else
        judge client
        warn "the namespace $namespace does not exist, so the cluster judges neither objects nor pods yet: make-keys.sh --domain $domain --namespace $namespace creates it and the secrets"
    fi
    local strangers
    strangers=$(jq -r --arg applied "$applied" '.items[]
        | select(.kind != "Namespace" and .metadata.annotations[$applied] == null)
        | "\(.kind)/\(.metadata.name)"' "$work/live.json")
    [ -z "$strangers" ] ||
        fail "these objects exist and could not be restored, since kubectl apply did not create them: $strangers"
    $making_keys || keys --check-only || fail "create the secrets (secrets.sample.yaml), run make-keys.sh, or deploy with --make-keys"
    exists secret seqthink-public-tls ||
        warn "the ingress has no certificate yet: cert-manager or you must create the secret seqthink-public-tls"
}

