"""The objects of the cluster, one a file, and who may do what with them."""
import json
import os
import pathlib
import sys

CLUSTER = pathlib.Path(os.environ["CLUSTER"])
OBJECTS = CLUSTER / "objects"
APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
GROUPS = {
    "Deployment": "apps",
    "StatefulSet": "apps",
    "HorizontalPodAutoscaler": "autoscaling",
    "Ingress": "networking.k8s.io",
    "NetworkPolicy": "networking.k8s.io",
    "PodDisruptionBudget": "policy",
    "PrometheusRule": "monitoring.coreos.com",
    "ServiceMonitor": "monitoring.coreos.com",
    "Role": "rbac.authorization.k8s.io",
    "RoleBinding": "rbac.authorization.k8s.io",
}


class Refused(Exception):
    """The API server's answer to a request that it rejects."""


# that of the call, set by kubectl
namespace = "seqthink"


def need_namespace(obj):
    """Rejects an object of another namespace than that of the call, and one whose namespace does not exist."""
    if obj["kind"] == "Namespace":
        return
    own = obj["metadata"].get("namespace", namespace)
    if own != namespace:
        raise Refused(f'the namespace from the provided object "{own}" does not match the namespace "{namespace}"')
    if not exists(f"namespace/{namespace}"):
        raise Refused(f'namespaces "{namespace}" not found')


def setting(name, default=""):
    path = CLUSTER / name
    return path.read_text().strip() if path.exists() else default


def name_of(obj):
    kind, group = obj["kind"], GROUPS.get(obj["kind"])
    return f"{kind.lower()}{'.' + group if group else ''}/{obj['metadata']['name']}"


def file_of(name):
    kind, name = name.split("/")
    return OBJECTS / f"{kind.split('.')[0]}~{name}"


def exists(name):
    return file_of(name).exists()


def load(name):
    return json.loads(file_of(name).read_text())


def save(obj):
    file_of(name_of(obj)).write_text(json.dumps(obj, sort_keys=True))


def remove(name):
    file_of(name).unlink(missing_ok=True)


def all_of(kind):
    return [json.loads(path.read_text()) for path in sorted(OBJECTS.glob(f"{kind.lower()}~*"))]


def documents(path):
    text = pathlib.Path(path).read_text()
    if text.startswith("{"):
        found = [json.loads(text)]
    else:
        import yaml  # imported late, because it is slow

        found = [document for document in yaml.safe_load_all(text) if document]
    for document in found:
        yield from document["items"] if document.get("kind") == "List" else [document]


def resource_of(kind):
    """The group and the plural of a kind, which may be a plural already, and a subresource."""
    kind, _, below = kind.split(".")[0].partition("/")
    group = next((group for each, group in GROUPS.items() if each.lower() in (kind, kind[:-1])), "")
    plural = kind if kind.endswith("s") else f"{kind[:-1]}ies" if kind.endswith("y") else kind
    plural = {"ingress": "ingresses"}.get(plural, plural if plural.endswith("s") else f"{plural}s")
    return group or ("networking.k8s.io" if plural in ("networkpolicies", "ingresses") else ""), (
        f"{plural}/{below}" if below else plural
    )


def use(verb, kind, name=""):
    """
    Records a request, and rejects it if there is a role that does not permit it. As in a real cluster, a role of a
    namespace permits reading that namespace, and neither create nor list requests have a name to judge.
    """
    group, resource = resource_of(kind)
    with open(CLUSTER / "uses", "a") as uses:
        print(verb, f"{group}/{resource}", name, file=uses)
    if setting("failing-request") == f"{verb} {resource} {name}".strip():
        raise Refused("etcdserver: request timed out")
    if setting("failing-once") == f"{verb} {resource} {name}".strip():
        (CLUSTER / "failing-once").unlink()
        raise Refused("etcdserver: request timed out")
    if not (CLUSTER / "role").exists():
        return
    for rule in (rule for obj in documents(CLUSTER / "role") if obj["kind"] == "Role" for rule in obj["rules"]):
        named = rule.get("resourceNames")
        if (
            verb in rule["verbs"]
            and group in rule["apiGroups"]
            and resource in rule["resources"]
            and (not named or name in named and verb not in ("create", "list"))
        ):
            return
    with open(CLUSTER / "forbidden", "a") as forbidden:
        print(verb, resource, name, file=forbidden)
    raise Refused(
        f'{resource}{"." + group if group else ""} {json.dumps(name) + " " if name else ""}is forbidden: User "deployer"'
        f' cannot {verb} resource "{resource}" in API group "{group}" in the namespace "{namespace}"'
    )


def fail(message):
    sys.exit(f"Error from server: {message}")
