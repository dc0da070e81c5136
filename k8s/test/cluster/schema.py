"""The fields of the kinds that are deployed, and a check of objects against them, as strict as an API server's."""


def of(s="", i="", b="", q="", m="", a="", ss="", **objects):
    """The fields of an object: strings, integers, booleans, integers or strings, maps and lists of strings, anything."""
    fields = dict(objects)
    for words, kind in ((s, "string"), (i, "integer"), (b, "boolean"), (q, "quantity"), (m, "map"), (a, "any"), (ss, "strings")):
        fields.update(dict.fromkeys(words.split(), kind))
    return fields


METADATA = of(s="name namespace generateName", m="labels annotations", ss="finalizers", a="ownerReferences")
SELECTOR = of(m="matchLabels", matchExpressions=[of(s="key operator", ss="values")])
KEYS = [of(s="key path", i="mode")]
FIELD = of(s="apiVersion fieldPath")
RESOURCE_FIELD = of(s="containerName resource", q="divisor")
SELINUX = of(s="user role type level")
SECCOMP = of(s="type localhostProfile")
NODE_TERM = of(
    matchExpressions=[of(s="key operator", ss="values")], matchFields=[of(s="key operator", ss="values")]
)
POD_TERM = of(
    s="topologyKey", ss="namespaces matchLabelKeys mismatchLabelKeys", labelSelector=SELECTOR, namespaceSelector=SELECTOR
)
POD_TERMS = of(
    requiredDuringSchedulingIgnoredDuringExecution=[POD_TERM],
    preferredDuringSchedulingIgnoredDuringExecution=[of(i="weight", podAffinityTerm=POD_TERM)],
)
AFFINITY = of(
    podAffinity=POD_TERMS,
    podAntiAffinity=POD_TERMS,
    nodeAffinity=of(
        requiredDuringSchedulingIgnoredDuringExecution=of(nodeSelectorTerms=[NODE_TERM]),
        preferredDuringSchedulingIgnoredDuringExecution=[of(i="weight", preference=NODE_TERM)],
    ),
)
HTTP_GET = of(s="path host scheme", q="port", httpHeaders=[of(s="name value")])
HANDLER = {
    "exec": of(ss="command"),
    "httpGet": HTTP_GET,
    "tcpSocket": of(s="host", q="port"),
    "sleep": of(i="seconds"),
}
PROBE = {
    **HANDLER,
    **of(
        i="initialDelaySeconds timeoutSeconds periodSeconds successThreshold failureThreshold terminationGracePeriodSeconds",
        grpc=of(s="service", i="port"),
    ),
}
RESOURCES = {"limits": {"*": "quantity"}, "requests": {"*": "quantity"}, "claims": "any"}
CONTAINER = of(
    s="name image workingDir imagePullPolicy terminationMessagePath terminationMessagePolicy restartPolicy",
    b="stdin stdinOnce tty",
    ss="command args",
    a="resizePolicy volumeDevices",
    ports=[of(s="name hostIP protocol", i="containerPort hostPort")],
    envFrom=[of(s="prefix", configMapRef=of(s="name", b="optional"), secretRef=of(s="name", b="optional"))],
    env=[
        of(
            s="name value",
            valueFrom=of(
                fieldRef=FIELD,
                resourceFieldRef=RESOURCE_FIELD,
                configMapKeyRef=of(s="name key", b="optional"),
                secretKeyRef=of(s="name key", b="optional"),
            ),
        )
    ],
    resources=RESOURCES,
    volumeMounts=[of(s="name mountPath subPath subPathExpr mountPropagation recursiveReadOnly", b="readOnly")],
    livenessProbe=PROBE,
    readinessProbe=PROBE,
    startupProbe=PROBE,
    lifecycle=of(s="stopSignal", postStart=HANDLER, preStop=HANDLER),
    securityContext=of(
        s="procMount",
        i="runAsUser runAsGroup",
        b="privileged runAsNonRoot readOnlyRootFilesystem allowPrivilegeEscalation",
        a="windowsOptions",
        capabilities=of(ss="add drop"),
        seLinuxOptions=SELINUX,
        seccompProfile=SECCOMP,
        appArmorProfile=SECCOMP,
    ),
)
SECRET_SOURCE = of(s="secretName", i="defaultMode", b="optional", items=KEYS)
MAP_SOURCE = of(s="name", i="defaultMode", b="optional", items=KEYS)
DOWNWARD = [of(s="path", i="mode", fieldRef=FIELD, resourceFieldRef=RESOURCE_FIELD)]
CLAIM_SPEC = of(
    s="storageClassName volumeMode volumeName volumeAttributesClassName",
    ss="accessModes",
    a="dataSource dataSourceRef",
    resources=RESOURCES,
    selector=SELECTOR,
)
VOLUME = of(
    s="name",
    a="csi ephemeral nfs image",
    secret=SECRET_SOURCE,
    configMap=MAP_SOURCE,
    emptyDir=of(s="medium", q="sizeLimit"),
    persistentVolumeClaim=of(s="claimName", b="readOnly"),
    hostPath=of(s="path type"),
    downwardAPI=of(i="defaultMode", items=DOWNWARD),
    projected=of(
        i="defaultMode",
        sources=[
            of(
                a="clusterTrustBundle",
                secret=of(s="name", b="optional", items=KEYS),
                configMap=of(s="name", b="optional", items=KEYS),
                downwardAPI=of(items=DOWNWARD),
                serviceAccountToken=of(s="audience path", i="expirationSeconds"),
            )
        ],
    ),
)
POD = of(
    s="serviceAccountName serviceAccount nodeName restartPolicy dnsPolicy hostname subdomain schedulerName"
    " priorityClassName runtimeClassName preemptionPolicy",
    i="terminationGracePeriodSeconds activeDeadlineSeconds priority",
    b="automountServiceAccountToken enableServiceLinks hostNetwork hostPID hostIPC hostUsers shareProcessNamespace"
    " setHostnameAsFQDN",
    m="nodeSelector",
    a="dnsConfig overhead readinessGates resourceClaims schedulingGates os resources ephemeralContainers",
    containers=[CONTAINER],
    initContainers=[CONTAINER],
    volumes=[VOLUME],
    affinity=AFFINITY,
    imagePullSecrets=[of(s="name")],
    hostAliases=[of(s="ip", ss="hostnames")],
    tolerations=[of(s="key operator value effect", i="tolerationSeconds")],
    topologySpreadConstraints=[
        of(
            s="topologyKey whenUnsatisfiable nodeAffinityPolicy nodeTaintsPolicy",
            i="maxSkew minDomains",
            ss="matchLabelKeys",
            labelSelector=SELECTOR,
        )
    ],
    securityContext=of(
        s="fsGroupChangePolicy supplementalGroupsPolicy seLinuxChangePolicy",
        i="runAsUser runAsGroup fsGroup",
        b="runAsNonRoot",
        a="supplementalGroups sysctls windowsOptions",
        seLinuxOptions=SELINUX,
        seccompProfile=SECCOMP,
        appArmorProfile=SECCOMP,
    ),
)
TEMPLATE = of(metadata=METADATA, spec=POD)
PEER = of(podSelector=SELECTOR, namespaceSelector=SELECTOR, ipBlock=of(s="cidr", ss="except"))
PORTS = [of(s="protocol", q="port", i="endPort")]
BACKEND = of(a="resource", service=of(s="name", port=of(s="name", i="number")))
TARGET = of(s="type", i="averageUtilization", q="averageValue value")
SCALING = of(s="selectPolicy", i="stabilizationWindowSeconds", policies=[of(s="type", i="value periodSeconds")])
DATA = of(m="data binaryData", b="immutable")
SPECS = {
    "v1 Namespace": of(ss="finalizers"),
    "v1 ResourceQuota": {"hard": {"*": "quantity"}, "scopes": "strings", "scopeSelector": "any"},
    "v1 Service": of(
        s="type clusterIP externalName sessionAffinity externalTrafficPolicy internalTrafficPolicy ipFamilyPolicy"
        " loadBalancerClass trafficDistribution",
        b="publishNotReadyAddresses",
        m="selector",
        ss="clusterIPs externalIPs ipFamilies loadBalancerSourceRanges",
        a="sessionAffinityConfig",
        ports=[of(s="name protocol appProtocol", i="port nodePort", q="targetPort")],
    ),
    "v1 Pod": POD,
    "apps/v1 Deployment": of(
        i="replicas minReadySeconds revisionHistoryLimit progressDeadlineSeconds",
        b="paused",
        selector=SELECTOR,
        template=TEMPLATE,
        strategy=of(s="type", rollingUpdate=of(q="maxSurge maxUnavailable")),
    ),
    "apps/v1 StatefulSet": of(
        s="serviceName podManagementPolicy",
        i="replicas minReadySeconds revisionHistoryLimit",
        a="ordinals",
        selector=SELECTOR,
        template=TEMPLATE,
        updateStrategy=of(s="type", rollingUpdate=of(i="partition", q="maxUnavailable")),
        persistentVolumeClaimRetentionPolicy=of(s="whenDeleted whenScaled"),
        volumeClaimTemplates=[of(s="apiVersion kind", metadata=METADATA, spec=CLAIM_SPEC)],
    ),
    "autoscaling/v2 HorizontalPodAutoscaler": of(
        i="minReplicas maxReplicas",
        scaleTargetRef=of(s="apiVersion kind name"),
        behavior=of(scaleUp=SCALING, scaleDown=SCALING),
        metrics=[
            of(
                s="type",
                a="object pods external",
                resource=of(s="name", target=TARGET),
                containerResource=of(s="name container", target=TARGET),
            )
        ],
    ),
    "policy/v1 PodDisruptionBudget": of(
        s="unhealthyPodEvictionPolicy", q="minAvailable maxUnavailable", selector=SELECTOR
    ),
    "networking.k8s.io/v1 NetworkPolicy": of(
        ss="policyTypes",
        podSelector=SELECTOR,
        ingress=[{"from": [PEER], "ports": PORTS}],
        egress=[{"to": [PEER], "ports": PORTS}],
    ),
    "networking.k8s.io/v1 Ingress": of(
        s="ingressClassName",
        defaultBackend=BACKEND,
        tls=[of(s="secretName", ss="hosts")],
        rules=[of(s="host", http=of(paths=[of(s="path pathType", backend=BACKEND)]))],
    ),
    "monitoring.coreos.com/v1 ServiceMonitor": of(
        s="jobLabel",
        ss="targetLabels podTargetLabels",
        selector=SELECTOR,
        namespaceSelector=of(b="any", ss="matchNames"),
        endpoints=[
            of(
                s="port path scheme interval scrapeTimeout",
                b="honorLabels",
                a="params relabelings metricRelabelings authorization basicAuth",
                tlsConfig=of(
                    s="serverName caFile",
                    b="insecureSkipVerify",
                    ca=of(secret=of(s="name key"), configMap=of(s="name key")),
                ),
            )
        ],
    ),
    "monitoring.coreos.com/v1 PrometheusRule": of(
        groups=[
            of(
                s="name interval",
                i="limit",
                rules=[{**of(s="alert record expr keep_firing_for", m="labels annotations"), "for": "string"}],
            )
        ]
    ),
}
OTHERS = {
    "v1 ConfigMap": DATA,
    "v1 Secret": of(s="type", m="data stringData", b="immutable"),
    "v1 ServiceAccount": of(b="automountServiceAccountToken", a="secrets", imagePullSecrets=[of(s="name")]),
    "rbac.authorization.k8s.io/v1 Role": of(rules=[of(ss="apiGroups resources resourceNames verbs")]),
    "rbac.authorization.k8s.io/v1 RoleBinding": of(
        roleRef=of(s="apiGroup kind name"), subjects=[of(s="apiGroup kind name namespace")]
    ),
}


def fields_of(kind):
    top = of(s="apiVersion kind", metadata=METADATA)
    if kind in SPECS:
        return {**top, "spec": SPECS[kind], "status": "any"}
    return {**top, **OTHERS[kind]} if kind in OTHERS else None


def fits(value, kind):
    if kind == "map":
        return isinstance(value, dict) and all(isinstance(each, str) for each in value.values())
    if kind == "strings":
        return isinstance(value, list) and all(isinstance(each, str) for each in value)
    if isinstance(value, bool):
        return kind == "boolean"
    types = {"string": str, "integer": int, "boolean": bool, "quantity": (str, int, float)}
    return isinstance(value, types[kind])


def faults(value, fields, path=""):
    """What is wrong with a value: unknown fields and values of another type, each with its path."""
    if fields == "any" or value is None:
        return
    if isinstance(fields, str):
        if not fits(value, fields):
            yield f'cannot use {value!r} as {fields} of "{path}"'
    elif isinstance(fields, list):
        if not isinstance(value, list):
            yield f'"{path}" must be a list'
            return
        for number, each in enumerate(value):
            yield from faults(each, fields[0], f"{path}[{number}]")
    elif not isinstance(value, dict):
        yield f'"{path}" must be an object'
    else:
        for name, each in value.items():
            below = f"{path}.{name}".lstrip(".")
            if name not in fields and "*" not in fields:
                yield f'unknown field "{below}"'
            else:
                yield from faults(each, fields.get(name, fields.get("*")), below)


def check(obj):
    """The faults of an object, as an API server words them; empty if it has none."""
    kind = f"{obj.get('apiVersion')} {obj.get('kind')}"
    fields = fields_of(kind)
    if fields is None:
        return [f'no matches for kind "{obj.get("kind")}" in version "{obj.get("apiVersion")}"']
    return list(faults(obj, fields))
