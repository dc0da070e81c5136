# shellcheck shell=sh
# Sourced: finds a JDK 25 in the usual places.

# shellcheck disable=SC2034  # read by those who source this
JDK_WANTED="no JDK 25 or newer in JAVA_HOME, on the PATH or under /usr/lib/jvm. \
Install one (Debian: openjdk-25-jdk-headless or temurin-25-jdk; \
Fedora: java-25-openjdk-devel) or set JAVA_HOME to where yours is."

is_jdk_25() {
    [ -x "$1/bin/javac" ] && [ -r "$1/release" ] &&
        grep -Eq '^JAVA_VERSION="(2[5-9]|[3-9][0-9])' "$1/release"
}

find_jdk() {
    if [ -n "${JAVA_HOME:-}" ] && is_jdk_25 "$JAVA_HOME"; then
        printf '%s\n' "$JAVA_HOME"
        return
    fi
    if on_path=$(command -v javac); then
        home=$(dirname "$(dirname "$(readlink -f "$on_path")")")
        if is_jdk_25 "$home"; then
            printf '%s\n' "$home"
            return
        fi
    fi
    for home in /usr/lib/jvm/*; do
        if is_jdk_25 "$home"; then
            printf '%s\n' "$home"
            return
        fi
    done
    return 1
}
