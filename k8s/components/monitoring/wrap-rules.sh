#!/usr/bin/env bash
# Writes prometheus-rule.yaml: deploy/prometheus/seqthink-rules.yaml as the Prometheus operator reads
# it. A test holds that it was run after the rules changed.
set -euo pipefail
cd "$(dirname "$0")"

{
    cat <<'EOF'
---
# Made by wrap-rules.sh from deploy/prometheus/seqthink-rules.yaml: change that.
# yamllint disable rule:line-length
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata:
  name: seqthink
spec:
EOF
    sed -e '/^groups:/,$!d' -e 's/^./  &/' ../../../deploy/prometheus/seqthink-rules.yaml
} >prometheus-rule.yaml
