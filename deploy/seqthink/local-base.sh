#!/usr/bin/env bash
# Creates a base image without an image registry, from Debian packages and this machine's JDK 25. smoke.sh
# builds on it, and runs its callers and its Redis in it.
#
#   deploy/seqthink/local-base.sh NAME      as root; needs debootstrap
#
# MIRROR is the package mirror, SUITE the Debian release; both as in debootstrap.
set -euo pipefail

base=$(cd "$(dirname "$0")/../.." && pwd -P)

fail() {
    printf 'local-base: %s\n' "$*" >&2
    exit 1
}

case "${1:-}" in
    -h | --help)
        sed -n '2,7s/^# \{0,1\}//p' "$0"
        exit 0
        ;;
    "" | -*)
        echo "usage: local-base.sh NAME" >&2
        exit 2
        ;;
esac
name=$1

[ "$(id -u)" = 0 ] || fail "run this as root: debootstrap changes into the new root"
for tool in docker debootstrap; do
    command -v "$tool" >/dev/null || fail "$tool is missing; install it"
done
# shellcheck source=.mvn/jdk.sh
. "$base/.mvn/jdk.sh"
JAVA_HOME=$(find_jdk) || fail "$JDK_WANTED"

root=$(mktemp -d "${TMPDIR:-/tmp}/seqthink-base.XXXXXX")
trap 'rm -rf "$root"' EXIT

debootstrap --variant=minbase \
    --include=age,ca-certificates,curl,jq,openssl,redis-server \
    "${SUITE:-stable}" "$root" ${MIRROR:+"$MIRROR"}
rm -rf "$root"/var/cache/apt/archives/*.deb "$root"/var/lib/apt/lists/*
# a packaged JDK has links to files outside
cp -rL "$JAVA_HOME" "$root/opt/jdk"
rm -f "$root/opt/jdk/lib/src.zip"
# data folder of the stack's Redis, which runs as this user
install -d -o 999 -g 999 "$root/data"

tar -C "$root" -c . | docker import --change "ENV JAVA_HOME=/opt/jdk" - "$name"
