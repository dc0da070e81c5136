#!/usr/bin/env bash
# Tests deploy.sh and make-keys.sh with a stand-in for a cluster: ./kubectl. Needs a kubectl that can render
# the overlays, and Debian's python3-yaml; exits with 77 without them.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd -P)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

REAL_KUBECTL=$(command -v kubectl || true)
if ! "$REAL_KUBECTL" kustomize "$here/../overlays/small" >/dev/null 2>&1 || ! /usr/bin/python3 -c 'import yaml' 2>/dev/null; then
    echo "skipped: there is no kubectl 1.27 or newer here, or no python3-yaml"
    exit 77
fi
export REAL_KUBECTL CLUSTER=$work/cluster

# --- a copy of the repository, and stand-ins for other programs ----------------------------------

mkdir -p "$work/bin" "$work/repository/deploy/seqthink"
cp -R "$here/.." "$work/repository/k8s"
rm -r "$work/repository/k8s/test"
ln -s "$here/kubectl" "$work/bin/kubectl"

cat >"$work/bin/seqthink-wrapper" <<'EOF'
#!/usr/bin/env bash
# keygen [--door] -o FILE
echo "A-PRIVATE-KEY $*" >"${!#}"
echo "the public half"
EOF
cat >"$work/bin/curl" <<'EOF'
#!/usr/bin/env bash
echo OK
EOF
cat >"$work/repository/deploy/seqthink/test-e2e.sh" <<'EOF'
#!/usr/bin/env bash
echo "$BASE_URL" >"$CLUSTER/e2e"
cp "$CURL_HOME/.curlrc" "$CLUSTER/curlrc"
echo end-to-end >>"$CLUSTER/calls"
[ ! -f "$CLUSTER/e2e-fails" ]
EOF
chmod +x "$work/bin"/* "$work/repository/deploy/seqthink/test-e2e.sh"
export PATH=$work/bin:$PATH TMPDIR=$work/tmp
mkdir "$TMPDIR"
find "$work/repository" -type f -exec sha256sum {} + | sort >"$work/before"

deploy() {
    "$work/repository/k8s/deploy.sh" --domain seqthink.example.org --timeout 5 "$@" \
        >"$work/output" 2>&1
}

make_keys() {
    "$work/repository/k8s/make-keys.sh" --domain seqthink.example.org "$@" >"$work/output" 2>&1
}

# --- helpers --------------------------------------------------------------------------------------

failures=0
what=''

# it DOES: begins a test with an empty cluster
it() {
    what=$1
    rm -rf "$CLUSTER"
    mkdir -p "$CLUSTER/objects"
}

# begins a test with a deployed cluster
after_a_deployment() {
    cp -R "$work/deployed/." "$CLUSTER/objects"
    contents >"$work/contents"
}

wrong() {
    failures=$((failures + 1))
    printf 'FAILED: it %s: %s\n' "$what" "$*"
    sed 's/^/    | /' "$work/output"
}

succeeds() {
    "$@" || wrong "$* failed"
}

fails() {
    ! "$@" || wrong "$* succeeded"
}

says() {
    grep -qF -- "$1" "$work/output" || wrong "the output lacks: $1"
}

# called PATTERN: a call matches
called() {
    grep -qE -- "$1" "$CLUSTER/calls" || wrong "nothing called $1"
}

never_called() {
    ! grep -E -- "$1" "$CLUSTER/calls" || wrong "something called $1"
}

# in_order PATTERN...: calls match these patterns, in this order
in_order() {
    local line=0 next pattern
    for pattern in "$@"; do
        next=$(tail -n "+$((line + 1))" "$CLUSTER/calls" | grep -nE -m 1 -- "$pattern" | cut -d: -f1) || true
        [ -n "$next" ] || {
            wrong "no call $pattern after line $line"
            return
        }
        line=$((line + next))
    done
}

is_there() {
    [ -f "$CLUSTER/objects/$1" ] || wrong "$1 is gone"
}

is_gone() {
    [ ! -f "$CLUSTER/objects/$1" ] || wrong "$1 is still there"
}

# the objects in the cluster, without the records of deploy.sh
contents() {
    (cd "$CLUSTER/objects" && find . -type f ! -name 'configmap~seqthink-before*' -exec sha256sum {} + | sort)
}

image_of() {
    jq -r '.spec.template.spec.containers[0].image' "$CLUSTER/objects/deployment~seqthink-wrapper"
}

is_version() {
    [ "$(image_of)" = "seqthink-wrapper:$1" ] || wrong "the gateway's image is $(image_of), not seqthink-wrapper:$1"
}

CHANGES='^--namespace=seqthink (create (-f|secret|configmap)|replace|delete|rollout|apply (-f|--server-side))'

# own_overlay: an overlay called mine, with an MCP server beside the gateways
own_overlay() {
    cp -R "$work/repository/k8s/overlays/production" "$work/repository/k8s/overlays/mine"
    cp -R "$work/repository/k8s/components/mcp-server" "$work/repository/k8s/components/mine"
    sed -i 's|^components:|&\n  - ../../components/mine|' "$work/repository/k8s/overlays/mine/kustomization.yaml"
}

no_own_overlay() {
    rm -rf "$work/repository/k8s/overlays/mine" "$work/repository/k8s/components/mine"
}

# --- the tests ---------------------------------------------------------------------------------------

# shellcheck source=k8s/test/deploy/deploying.sh
. "$here/deploy/deploying.sh"
# shellcheck source=k8s/test/deploy/keys.sh
. "$here/deploy/keys.sh"
# shellcheck source=k8s/test/deploy/rollback.sh
. "$here/deploy/rollback.sh"
# shellcheck source=k8s/test/deploy/rollout.sh
. "$here/deploy/rollout.sh"
# shellcheck source=k8s/test/deploy/pods.sh
. "$here/deploy/pods.sh"
# shellcheck source=k8s/test/deploy/own.sh
. "$here/deploy/own.sh"

# --- leftovers --------------------------------------------------------------------------------------

it "leaves no file behind, changes none of the repository, and keeps keys in secrets only"
find "$work/repository" -type f -exec sha256sum {} + | sort | diff "$work/before" - >"$work/output" ||
    wrong "the repository changed"
[ -z "$(ls -A "$TMPDIR")" ] || wrong "files are left: $(ls -A "$TMPDIR")"
! grep -rl 'A-PRIVATE-KEY' "$work/repository" "$TMPDIR" || wrong "a key is left"

if [ $failures -gt 0 ]; then
    echo "$failures failed"
    exit 1
fi
echo "all tests of deploy.sh and make-keys.sh passed"
