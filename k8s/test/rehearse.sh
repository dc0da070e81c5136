#!/usr/bin/env bash
# Runs the rendered deployment on this machine: Redis, issuer and gateway as processes with the rendered
# configuration, the files of their pods and the secrets of make-keys.sh; then deploy.sh itself, with its
# end-to-end check. Only the cluster is a stand-in (./kubectl), and all ports are in a network namespace of
# its own. Needs the built artefact, redis-server, age, jq and root; exits with 77 if something is missing.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd -P)
base=$(cd "$here/../.." && pwd -P)
domain=seqthink.example.org

skip() {
    echo "skipped: $*"
    exit 77
}

if [ $# -eq 0 ]; then
    for tool in kubectl redis-server redis-cli age age-keygen jq openssl curl unshare ip; do
        command -v $tool >/dev/null || skip "$tool is missing"
    done
    [ -x "$base/deploy/seqthink/test-e2e.sh" ] || skip "deploy/seqthink/test-e2e.sh is missing"
    [ -f "$base/target/quarkus-app/quarkus-run.jar" ] || skip "build it first: ./mvnw package -DskipTests"
    unshare -mn true 2>/dev/null || skip "this user may have no namespaces of its own"
    kubectl kustomize "$here/../overlays/production" >/dev/null 2>&1 || skip "kubectl is older than 1.27"
    /usr/bin/python3 -c 'import yaml' 2>/dev/null || skip "python3-yaml is missing"
    # shellcheck source=.mvn/jdk.sh
    . "$base/.mvn/jdk.sh"
    JAVA=$(find_jdk)/bin/java REAL_KUBECTL=$(command -v kubectl) exec unshare -mn "$0" inside
fi

# --- inside the namespaces --------------------------------------------------------------------------

work=$(mktemp -d)
export CLUSTER=$work/cluster TMPDIR=$work
mkdir -p "$CLUSTER/objects" "$work/bin"
pods=()
clean_up() {
    status=$?
    trap - EXIT
    if [ $status -ne 0 ]; then
        tail -n 20 "$work"/*.log "$work/token.json"
    fi
    for pod in "${pods[@]}"; do
        kill "$pod" 2>/dev/null || true
        wait "$pod" 2>/dev/null || true
    done
    rm -rf "$work"
    exit $status
}
trap clean_up EXIT
trap 'exit 130' INT TERM

ip link set lo up
cat >"$work/hosts" <<EOF
127.0.0.1 localhost seqthink-wrapper $domain
127.0.0.2 seqthink-issuer
127.0.0.3 seqthink-redis
EOF
mount --bind "$work/hosts" /etc/hosts
ln -s "$here/kubectl" "$work/bin/kubectl"
cat >"$work/bin/seqthink-wrapper" <<EOF
#!/bin/sh
exec "$JAVA" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -jar "$base/target/quarkus-app/quarkus-run.jar" "\$@"
EOF
chmod +x "$work/bin/seqthink-wrapper"
export PATH=$work/bin:$PATH
echo 8443 >"$CLUSTER/port"

say() {
    printf '\n=== %s\n' "$*"
}

# object KIND NAME: the rendered object
object() {
    jq --arg kind "$1" --arg name "$2" '.items[] | select(.kind == $kind)
        | select(.metadata.name | test("^\($name)(-[a-z0-9]{10})?$"))' "$work/new.json"
}

# mounted NAME: a folder with the files of a pod's secrets and config map
mounted() {
    local root=$work/$1 path secret key keys
    while read -r path secret keys; do
        mkdir -p "$root$path"
        for key in ${keys:-$(jq -r '.data | keys[]' "$CLUSTER/objects/secret~$secret")}; do
            jq -r --arg key "$key" '.data[$key]' "$CLUSTER/objects/secret~$secret" |
                openssl base64 -d -A >"$root$path/$key"
        done
    done < <(jq -r '.spec.template.spec | .containers[0].volumeMounts as $mounts | .volumes[]
        | .name as $name | (.projected.sources // [.])[] | .secret // empty
        | "\($mounts[] | select(.name == $name) | .mountPath) \(.secretName // .name) \([.items[]?.key] | join(" "))"' <<<"$2")
    chmod -R go= "$root"
    echo "$root"
}

# moved ROOT: rewrites the paths of a configuration to a pod's folder
moved() {
    sed -E "s#(^|[= ])(/run/secrets|/var/lib/seqthink|/data)#\1$1\2#"
}

# pod KIND NAME: starts the service with its pod's configuration
pod() {
    local name=$2 spec root environment
    spec=$(object "$1" "$name")
    root=$(mounted "$name" "$spec")
    mkdir -p "$root/var/lib/seqthink"
    mapfile -t environment < <(object ConfigMap "$name" |
        jq -r '.data | to_entries[] | "\(.key)=\(.value)"' | moved "$root")
    env -i PATH="$PATH" BIND_ADDRESS="$(getent hosts "$name" | cut -d' ' -f1)" "${environment[@]}" \
        "$work/bin/seqthink-wrapper" serve >"$root.log" 2>&1 &
    pods+=($!)
}

say "make-keys.sh"
kubectl kustomize "$here/../overlays/production" >"$work/new.json"
"$here/../make-keys.sh" --domain $domain
sed -i "s/seqthink\.chorus\.services/$domain/g" "$work/new.json"

say "Redis, as $(redis-server --version | cut -d' ' -f3)"
redis=$(object StatefulSet seqthink-redis)
root=$(mounted seqthink-redis "$redis")
mkdir "$root/data"
object ConfigMap seqthink-redis | jq -r '.data["redis.conf"]' | moved "$root" >"$root/redis.conf"
redis-server "$root/redis.conf" --bind 127.0.0.3 >"$root.log" 2>&1 &
pods+=($!)
# the pod's own probe
jq -r '.spec.template.spec.containers[0].readinessProbe.exec.command[2]' <<<"$redis" |
    sed "s#/run/secrets#$root&#; s#redis-cli#& -h seqthink-redis#" >"$work/probe"
for _ in $(seq 100); do
    sh "$work/probe" 2>/dev/null && break
    sleep 0.2
done
sh "$work/probe"
echo "its probe succeeds"

say "The issuer, and a client of it"
pod StatefulSet seqthink-issuer
seqthink-wrapper client add rehearsal --secret --file "$work/seqthink-issuer/var/lib/seqthink/clients.json" >"$work/client"

say "A door"
pod Deployment seqthink-wrapper
ca=$work/seqthink-wrapper/run/secrets/tls/ca.crt
for _ in $(seq 240); do
    [ "$(curl -s --cacert "$ca" https://seqthink-wrapper:8443/ready || true)" != READY ] || break
    kill -0 "${pods[2]}"
    sleep 0.5
done
curl -sS --cacert "$ca" https://seqthink-wrapper:8443/ready
echo

say "deploy.sh, with an encrypted call"
# the issuer reloads a changed client file within seconds
for _ in $(seq 40); do
    sed -n 's/^client_secret=\(.*\)/user = "rehearsal:\1"/p' "$work/client" |
        curl -sS -K - --cacert "$ca" -d grant_type=client_credentials -d scope=sequentialthinking.run \
            https://seqthink-issuer:8443/oauth/token >"$work/token.json"
    ! jq -e .access_token "$work/token.json" >/dev/null || break
    sleep 0.5
done
JWT_TOKEN=$(jq -er .access_token "$work/token.json")
age-keygen -o "$work/caller.key" 2>/dev/null
AGE_RECIPIENT=$(age-keygen -y "$work/seqthink-wrapper/run/secrets/seqthink/age-identity")
export JWT_TOKEN AGE_RECIPIENT AGE_IDENTITY=$work/caller.key
"$here/../deploy.sh" --domain $domain --image seqthink-wrapper:0.1.0 | tee "$work/deployed.log"
grep -q '^10 passed' "$work/deployed.log"
