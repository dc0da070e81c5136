# shellcheck shell=bash disable=SC2154 # deploy.sh sets $timeout and $work
# Applies objects, waits for pods, and shows why they are not ready. Sourced by deploy.sh.

# apply FILE: all objects of a list at once, and waits until all pods are ready
apply() {
    k apply -f "$1" || return 1
    say "Waiting until all pods are ready"
    await_workloads "$1"
}

# apply_gateways_first FILE: There is one issuer and one Redis, which end before they start anew. Gateways start before
# the old ones end, so they try the image and the configuration first; until they are ready, issuer and Redis remain as
# they are. If one of these two is not there or not ready (see live.json), nothing is gained by that, and the gateways
# may wait for it.
apply_gateways_first() {
    if serves_already "$work/live.json"; then
        say "Gateways first, which replace the old ones only when they are ready"
        jq 'del(.items[] | select(.kind == "StatefulSet"))' "$1" >"$work/gateways.json" || return 1
        apply "$work/gateways.json" || return 1
        say "Then issuer and Redis"
    fi
    apply "$1"
}

# serves_already FILE: whether gateways exist in it, and all pods of its StatefulSets are ready
serves_already() {
    jq -e 'any(.items[]; .kind == "Deployment") and all(.items[]; .kind != "StatefulSet"
        or (.status.readyReplicas // 0) >= (.spec.replicas // 1))' "$1" >/dev/null
}

# await_workloads FILE: until all pods of the workloads in a list of objects are ready. StatefulSets come first:
# gateways are not ready without the issuer and Redis, so the cause is there.
await_workloads() {
    local workload
    for workload in $(workloads_in "$1"); do
        k rollout status "$workload" --timeout="${timeout}s" || {
            show_cause "$workload"
            return 1
        }
    done
}

workloads_in() {
    jq -r '[.items[] | select(.kind == "StatefulSet" or .kind == "Deployment")] | sort_by(.kind) | reverse[]
        | "\(.kind | ascii_downcase).apps/\(.metadata.name)"' "$1"
}

# without what could change the terminal: a container may print anything
printable() {
    LC_ALL=C tr -d '\000-\010\013-\037\177'
}

# show_cause WHAT: pods, warnings and log lines, since undoing the changes removes the pods and their logs. It never
# fails.
show_cause() {
    local pod container previous
    say "$1 is not ready after $timeout s. All pods:"
    k get pods -o wide || true
    say "The last warnings:"
    { k get events -o json | jq -r '[.items[] | select(.type == "Warning")]
        | sort_by(.lastTimestamp // .eventTime // .metadata.creationTimestamp) | .[-10:][]
        | "\(.lastTimestamp // .eventTime // .metadata.creationTimestamp) \(.involvedObject.kind)/\(.involvedObject.name) \(.reason): \(.message)"' |
        printable; } || true
    k get pods -o json >"$work/pods.json" || return 0
    # a container that was restarted: the log of its previous start says why
    jq -r '[.items[]
        | select(.metadata.deletionTimestamp == null and .status.phase != "Succeeded")
        | .metadata.name as $pod | .status | (.initContainerStatuses, .containerStatuses)[]?
        | select(.ready | not) | select(.state.terminated.exitCode != 0)
        | "\($pod) \(.name) \(if .restartCount > 0 then "--previous" else "" end)"][:5][]' \
        "$work/pods.json" >"$work/unready" || return 0
    while read -r pod container previous; do
        say "The last log lines of $container in $pod:"
        # shellcheck disable=SC2086 # one option or none
        { k logs "$pod" -c "$container" --tail=20 $previous </dev/null 2>&1 | printable; } || true
    done <"$work/unready"
}
