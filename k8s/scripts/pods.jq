# A pod of each workload, as its controller would create it. Service accounts that the manifest creates need not exist
# yet.
[.items[] | select(.kind == "ServiceAccount") | .metadata.name] as $created
| {apiVersion: "v1", kind: "List", items: [
    .items[] | select(.kind == "Deployment" or .kind == "StatefulSet")
    | .metadata as $workload | .spec.volumeClaimTemplates as $claims | .spec.template
    | {
        apiVersion: "v1",
        kind: "Pod",
        metadata: {name: "\($workload.name)-dry-run", namespace: $workload.namespace,
            labels: .metadata.labels, annotations: .metadata.annotations} | del(.[] | nulls),
        spec: .spec
    }
    | .spec.volumes += [$claims[]? | {name: .metadata.name,
        persistentVolumeClaim: {claimName: "\(.metadata.name)-\($workload.name)-0"}}]
    | if .spec.serviceAccountName | IN($created[]) then del(.spec.serviceAccountName) else . end]}
