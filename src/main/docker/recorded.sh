#!/bin/sh
# Runs the gateway as in the image, and records what it does for the AOT cache.
set -eu
if [ "$1" = serve ]; then
    set -- -XX:AOTMode=record -XX:AOTConfiguration=/training/recorded.aotconf @/opt/seqthink/java.options "$@"
else
    set -- @/opt/seqthink/java.options "$@"
fi
exec /opt/java/bin/java "$@"
