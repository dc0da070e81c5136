"""What an API server refuses: unknown fields, changes of immutable ones, pods that violate pod security or the quota."""
import fractions
import re

import schema
import store
from store import Refused

SUFFIXES = {"m": fractions.Fraction(1, 1000), "k": 10**3, "M": 10**6, "G": 10**9, "Ki": 2**10, "Mi": 2**20, "Gi": 2**30}
VOLUMES = {"configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret"}
MUTABLE = {
    "replicas",
    "ordinals",
    "template",
    "updateStrategy",
    "persistentVolumeClaimRetentionPolicy",
    "minReadySeconds",
    "revisionHistoryLimit",
}


def amount(quantity):
    number, suffix = re.fullmatch(r"([0-9.]+)([A-Za-z]*)", str(quantity)).groups()
    return fractions.Fraction(number) * SUFFIXES.get(suffix, 1)


def judge(obj):
    """Rejects an object whose fields are not those of its kind, or that changes what may not change."""
    faults = schema.check(obj)
    if faults:
        if faults[0].startswith("no matches"):
            raise Refused(faults[0])
        raise Refused(f"{obj['kind']} {obj['metadata'].get('name')}: strict decoding error: {', '.join(faults)}")
    spec, name = obj.get("spec", {}), obj["metadata"]["name"]
    if obj["kind"] in ("Deployment", "StatefulSet"):
        labels = spec["template"]["metadata"]["labels"]
        if not spec["selector"]["matchLabels"].items() <= labels.items():
            raise Refused(f'{obj["kind"]} "{name}" is invalid: `selector` does not match template `labels`')
        check_pod(spec["template"]["spec"], [each["metadata"]["name"] for each in spec.get("volumeClaimTemplates", [])])
    if not store.exists(store.name_of(obj)):
        return
    before = store.load(store.name_of(obj)).get("spec", {})
    if obj["kind"] == "Deployment" and before["selector"] != spec["selector"]:
        raise Refused(f'Deployment.apps "{name}" is invalid: spec.selector: Invalid value: field is immutable')
    if obj["kind"] == "StatefulSet":
        changed = {field for field in spec.keys() | before.keys() if spec.get(field) != before.get(field)}
        if changed - MUTABLE:
            raise Refused(
                f'StatefulSet.apps "{name}" is invalid: spec: Forbidden: updates to statefulset spec for fields other'
                f" than 'replicas', 'template', ... are forbidden: {', '.join(sorted(changed - MUTABLE))}"
            )


def containers_of(spec):
    return spec.get("initContainers", []) + spec["containers"]


def check_pod(spec, claims=()):
    """Rejects a pod that refers to a volume it lacks, or has no image."""
    volumes = {volume["name"] for volume in spec.get("volumes", [])} | set(claims)
    for container in containers_of(spec):
        if not container.get("image"):
            raise Refused(f"spec.containers[{container.get('name')}].image: Required value")
        for mount in container.get("volumeMounts", []):
            if mount["name"] not in volumes:
                raise Refused(f'spec.containers[{container["name"]}].volumeMounts: Not found: "{mount["name"]}"')


def violations(spec):
    """What the restricted profile of the Pod Security Standards forbids."""
    pod = spec.get("securityContext", {})
    for field in ("hostNetwork", "hostPID", "hostIPC"):
        if spec.get(field):
            yield f"host namespaces ({field}=true)"
    for volume in spec.get("volumes", []):
        for kind in volume.keys() - VOLUMES - {"name"}:
            yield f'restricted volume types (volume "{volume["name"]}" uses restricted volume type "{kind}")'
    for container in containers_of(spec):
        own, name = container.get("securityContext", {}), f'container "{container["name"]}"'
        capabilities = own.get("capabilities", {})
        profile = own.get("seccompProfile", pod.get("seccompProfile", {}))
        if own.get("privileged"):
            yield f"privileged ({name} must not set securityContext.privileged=true)"
        if own.get("allowPrivilegeEscalation") is not False:
            yield f"allowPrivilegeEscalation != false ({name} must set securityContext.allowPrivilegeEscalation=false)"
        if "ALL" not in capabilities.get("drop", []) or set(capabilities.get("add", [])) - {"NET_BIND_SERVICE"}:
            yield f'unrestricted capabilities ({name} must set securityContext.capabilities.drop=["ALL"])'
        if own.get("runAsNonRoot", pod.get("runAsNonRoot")) is not True:
            yield f"runAsNonRoot != true (pod or {name} must set securityContext.runAsNonRoot=true)"
        if own.get("runAsUser", pod.get("runAsUser")) == 0:
            yield f"runAsUser=0 ({name} must not set runAsUser=0)"
        if profile.get("type") not in ("RuntimeDefault", "Localhost"):
            yield f'seccompProfile (pod or {name} must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")'
        if any(port.get("hostPort") for port in container.get("ports", [])):
            yield f"hostPort ({name} uses a hostPort)"


def needs(spec):
    """What a pod counts for a quota; a missing request is the limit."""
    total = {"pods": fractions.Fraction(1)}
    sidecars = [each for each in spec.get("initContainers", []) if each.get("restartPolicy") == "Always"]
    for container in spec["containers"] + sidecars:
        resources = container.get("resources", {})
        for kind, values in (("requests", {**resources.get("limits", {}), **resources.get("requests", {})}),
                             ("limits", resources.get("limits", {}))):
            for resource, quantity in values.items():
                total[f"{kind}.{resource}"] = total.get(f"{kind}.{resource}", 0) + amount(quantity)
    return total


def admit(name, spec, used):
    """Rejects a pod that violates pod security, or does not fit the quota beside what is used."""
    account = spec.get("serviceAccountName", "default")
    if account != "default" and not store.exists(f"serviceaccount/{account}"):
        raise Refused(f'pods "{name}" is forbidden: error looking up service account: serviceaccount "{account}" not found')
    namespace = store.load(f"namespace/{store.namespace}")
    if namespace["metadata"].get("labels", {}).get("pod-security.kubernetes.io/enforce") == "restricted":
        found = list(violations(spec))
        if found:
            raise Refused(f'pods "{name}" is forbidden: violates PodSecurity "restricted:latest": {", ".join(found)}')
    for quota in store.all_of("ResourceQuota"):
        check_quota(name, spec, used, quota["metadata"]["name"], quota["spec"]["hard"])


def check_quota(name, spec, used, quota, hard):
    wanted = needs(spec)
    for resource in hard:
        kind, _, rest = resource.partition(".")
        if kind in ("requests", "limits") and rest in ("cpu", "memory"):
            for container in containers_of(spec):
                resources = container.get("resources", {})
                if rest not in {**resources.get("limits", {}), **resources.get(kind, {})}:
                    raise Refused(f'pods "{name}" is forbidden: failed quota: {quota}: must specify {resource} for: {container["name"]}')
    over = [each for each in wanted if each in hard and used.get(each, 0) + wanted[each] > amount(hard[each])]
    if over:
        shown = [
            f"requested: {each}={float(wanted[each])}, used: {each}={float(used.get(each, 0))}, limited: {each}={hard[each]}"
            for each in over
        ]
        raise Refused(f'pods "{name}" is forbidden: exceeded quota: {quota}, {"; ".join(shown)}')
