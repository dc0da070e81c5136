"""What the controllers of the cluster make of a workload: pods, the events about them, and their logs."""
import admission
import store
from store import Refused, setting

# the pod in which cert-manager answers a certificate challenge
SOLVER = {"containers": [{"resources": {"requests": {"cpu": "10m", "memory": "64Mi"}, "limits": {"cpu": "100m", "memory": "64Mi"}}}]}


def replicas_of(workload):
    if workload["kind"] == "StatefulSet":
        return workload["spec"].get("replicas", 1)
    scaler = f"horizontalpodautoscaler/{workload['metadata']['name']}"
    least = store.load(scaler)["spec"]["minReplicas"] if store.exists(scaler) else 1
    return int(setting("replicas", least))


def workloads():
    return store.all_of("StatefulSet") + store.all_of("Deployment")


def used(times=1):
    """What all pods count for a quota, with that many of each gateway."""
    total = {}
    for workload in workloads():
        count = replicas_of(workload) * (times if workload["kind"] == "Deployment" else 1)
        add(total, admission.needs(workload["spec"]["template"]["spec"]), count)
    return total


def add(total, needed, count):
    for resource, value in needed.items():
        total[resource] = total.get(resource, 0) + value * count


def template_of(workload):
    return workload["spec"]["template"]["spec"]


def refusal(workload):
    """
    Why not all pods of a workload are created, empty if they are. During an update each gateway that ends counts for
    the quota beside the one that replaces it, and so does the pod that answers a certificate challenge.
    """
    name = f"{workload['metadata']['name']}-x"
    total = used(2)
    add(total, admission.needs(SOLVER), 1)
    needed = admission.needs(template_of(workload))
    try:
        admission.admit(name, template_of(workload), {key: total[key] - needed.get(key, 0) for key in total})
    except Refused as refused:
        return str(refused)
    return ""


def fault_of(workload):
    """The state of its containers that prevents their readiness, empty if they are ready."""
    images = [container["image"] for container in template_of(workload)["containers"]]
    if any("broken" in image for image in images):
        return "ImagePullBackOff"
    if any("crashes" in image for image in images):
        return "CrashLoopBackOff"
    if store.name_of(workload) in setting("unready").split():
        return "Running"
    return ""


def is_ready(workload):
    return not fault_of(workload) and not refusal(workload)


def pod_of(workload):
    name, fault = workload["metadata"]["name"], fault_of(workload)
    waiting = fault not in ("", "Running")
    state = {"waiting": {"reason": fault}} if waiting else {"running": {}}
    image = template_of(workload)["containers"][0]["image"]
    return {
        "kind": "Pod",
        "metadata": {"name": f"{name}-0" if workload["kind"] == "StatefulSet" else f"{name}-6d4cf56db6-abcde"},
        "status": {
            "phase": "Pending" if fault == "ImagePullBackOff" else "Running",
            "conditions": [{"type": "Ready", "status": "False" if fault else "True"}],
            "containerStatuses": [
                {
                    "name": template_of(workload)["containers"][0]["name"],
                    "image": image,
                    "ready": not fault,
                    "restartCount": 4 if fault == "CrashLoopBackOff" else 0,
                    "state": state,
                }
            ],
        },
    }


def pods():
    """A pod of each workload that the API server admits."""
    return [pod_of(workload) for workload in workloads() if not refusal(workload)]


def event(kind, name, reason, message, severity="Warning", second=0):
    return {
        "type": severity,
        "reason": reason,
        "message": message,
        "count": 3,
        "lastTimestamp": f"2030-01-01T00:00:{second:02}Z",
        "involvedObject": {"kind": kind, "name": name},
        "metadata": {"creationTimestamp": "2030-01-01T00:00:00Z"},
    }


def events():
    # as a real one, not in the order of time
    found = [event("Pod", "seqthink-wrapper-old", "Scheduled", "assigned to a node", severity="Normal")]
    for workload in workloads():
        name = pod_of(workload)["metadata"]["name"]
        image = template_of(workload)["containers"][0]["image"]
        if refusal(workload):
            found.append(event("ReplicaSet", name, "FailedCreate", refusal(workload), second=3))
        elif fault_of(workload) == "ImagePullBackOff":
            found.append(event("Pod", name, "Failed", f'Failed to pull image "{image}": not found', second=2))
        elif fault_of(workload):
            found.append(event("Pod", name, "Unhealthy", "Readiness probe failed: HTTP 503", second=1))
    return found


def logs(name, previous):
    for workload in workloads():
        if pod_of(workload)["metadata"]["name"] == name:
            if fault_of(workload) == "ImagePullBackOff":
                raise Refused(f'container "seqthink-wrapper" in pod "{name}" is waiting to start: trying and failing to pull image')
            if fault_of(workload) == "CrashLoopBackOff" and not previous:
                return "the log of the present start"
            if previous and fault_of(workload) != "CrashLoopBackOff":
                raise Refused(f'previous terminated container "seqthink-wrapper" in pod "{name}" not found')
            return f"MAX_BODY_MB must be a number, says {name}"
    raise Refused(f'pods "{name}" not found')
