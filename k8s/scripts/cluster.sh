# shellcheck shell=bash disable=SC2154 # the scripts set $namespace and $context, and define fail
# Access to the namespace. Sourced by deploy.sh and make-keys.sh.

check_namespace() {
    [[ $namespace =~ ^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$ ]] ||
        fail "the namespace must be a name of at most 63 small letters, digits and hyphens, not '$namespace'"
}

k() {
    kubectl ${context:+--context="$context"} --namespace="$namespace" "$@"
}

# exists KIND NAME. If the cluster does not say, this fails: a key that exists must not be created a second time.
exists() {
    local found
    found=$(k get "$@" --ignore-not-found -o name) ||
        fail "whether the $1 ${2-} exists could not be looked up, see above: run this again, or ask for the permissions in deployer.yaml"
    [ -n "$found" ]
}
