# Lines "fail<TAB>text" and "warn<TAB>text" about the quotas in a manifest that its pods exceed.

def amount: tostring | (tonumber? // (capture("^(?<n>[0-9.]+)(?<unit>[a-zA-Z]+)$")
    | (.n | tonumber) * {m: 0.001, k: 1e3, M: 1e6, G: 1e9, T: 1e12,
        Ki: 1024, Mi: 1048576, Gi: 1073741824, Ti: 1099511627776}[.unit]));

# what a container counts; a missing request is the limit
def of_container:
    .resources as $all
    | reduce ("requests", "limits") as $kind ({}; . + (
        (if $kind == "requests" then ($all.limits // {}) else {} end) + ($all[$kind] // {})
        | with_entries({key: "\($kind).\(.key)", value: (.value | amount)})));

def sum: reduce (.[] | to_entries[]) as {$key, $value} ({}; .[$key] += $value);

# what a pod counts: containers and sidecars together, or the largest of the other init containers
def of_pod:
    ([.containers[], (.initContainers[]? | select(.restartPolicy == "Always"))] | map(of_container) | sum) as $running
    | reduce (.initContainers[]? | select(.restartPolicy != "Always") | of_container | to_entries[]) as {$key, $value}
        ($running; .[$key] = ([.[$key] // 0, $value] | max))
    | .pods = 1;

def times($count): map_values(. * $count);

.items as $items
| def scaled($name): [$items[] | select(.kind == "HorizontalPodAutoscaler" and .spec.scaleTargetRef.name == $name) | .spec][0];
# what all pods count, of each scaled workload as many as a filter makes of its autoscaler
def needed(replicas): [$items[] | select(.kind == "Deployment" or .kind == "StatefulSet")
    | (if .kind == "StatefulSet" then .spec.replicas // 1
        else (.spec.replicas // 1) as $replicas | (scaled(.metadata.name) // {minReplicas: $replicas, maxReplicas: $replicas})
            | replicas end) as $count
    | .spec.template.spec | of_pod | times($count)] | sum;
# the pod in which cert-manager answers a challenge
{pods: 1, "requests.cpu": 0.01, "requests.memory": 67108864, "limits.cpu": 0.1, "limits.memory": 67108864} as $solver
| $items[] | select(.kind == "ResourceQuota")
| .metadata.name as $quota | .spec.hard as $hard
| def shown($value): if .key | endswith("memory") then "\($value / 1048576 | ceil)Mi" else $value * 1000 | ceil / 1000 end;
def exceeded($needed): [$hard | to_entries[] | select(($needed[.key] // 0) > (.value | amount) + 0.000001)
    | "\(.key) is \(.value), needed are \(shown($needed[.key]))"] | join("; ");
exceeded(needed(.minReplicas + 1)) as $fewest
| exceeded([needed(.maxReplicas * 2), $solver] | sum) as $most
| if $fewest != "" then "fail\tthe quota \($quota) is too small for the fewest gateways and one more during an update: \($fewest). Raise it in your overlay, as components/mcp-server does"
  elif $most != "" then "warn\tthe quota \($quota) is too small for an update at the most gateways, when those that end count too, so that it may stop: \($most). Raise it in your overlay, as components/mcp-server does"
  else empty end
