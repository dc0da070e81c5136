#!/usr/bin/env bash
# Checks that alert rules, their tests, their sections in the runbook, and dashboards are consistent. Given
# a service, it also checks that the service exports every metric, and every label value, that a rule or a
# panel uses.
#
#   metrics-check.sh                          rules, tests, runbook and dashboards
#   metrics-check.sh http://127.0.0.1:8443    also the metrics of this service
#   metrics-check.sh FILE                     also the metrics in FILE, as /metrics printed them
#
# Exits with 0 if all checks pass, 1 if one fails, 2 on wrong usage.
set -euo pipefail

case "$#:${1:-}" in
    [01]:-h | [01]:--help)
        sed -n '2,10s/^# \{0,1\}//p' "$0"
        exit 0
        ;;
    0: | 1:[!-]*) ;;
    *)
        echo "usage: metrics-check.sh [URL|FILE]" >&2
        exit 2
        ;;
esac

base=$(cd "$(dirname "$0")/.." && pwd -P)
rules=$base/deploy/prometheus/seqthink-rules.yaml
tests=("$base"/deploy/prometheus/*-test.yaml)
dashboards=("$base"/deploy/grafana/*.json)
runbook=$base/docs/runbook.md

for tool in curl jq promtool; do
    command -v "$tool" >/dev/null || {
        echo "metrics-check: $tool is missing; install it (promtool: package prometheus)" >&2
        exit 2
    }
done

work=$(mktemp -d "${TMPDIR:-/tmp}/seqthink-metrics.XXXXXX")
trap 'rm -rf "$work"' EXIT

faults=0
fault() {
    printf 'metrics-check: %s\n' "$*" >&2
    faults=$((faults + 1))
}

# --- rules, and panels written as rules --------------------------------------------------------

panels=$work/panels.yaml # JSON is also YAML
jq -s '[.[].panels[].targets[]?.expr | gsub("\\$__rate_interval"; "5m")] | to_entries
    | {groups: [{name: "panels", rules: map({record: "panel:\(.key)", expr: .value})}]}' \
    "${dashboards[@]}" >"$panels"

if ! {
    promtool check config --syntax-only "$base/deploy/prometheus/prometheus.yml" &&
        promtool check rules "$rules" "$panels" &&
        promtool test rules "${tests[@]}"
} >"$work/said" 2>&1; then
    cat "$work/said" >&2
    fault "promtool reported the faults above"
fi

for dashboard in "${dashboards[@]}"; do
    [ "$(jq -r .uid "$dashboard").json" = "${dashboard##*/}" ] ||
        fault "${dashboard##*/} is not named after its uid"
done

# --- each alert has a test in which it fires, and a section ----------------------------------------

mapfile -t alerts < <(sed -n 's/^ *- alert: //p' "$rules")
[ ${#alerts[@]} -gt 0 ] || fault "${rules##*/} has no alert"
for alert in "${alerts[@]}"; do
    link="runbook_url: docs/runbook.md#${alert,,}\$"
    grep -q "$link" "$rules" || fault "$alert does not link its section in the runbook"
    grep -q "$link" "${tests[@]}" || fault "$alert fires in no test"
    grep -qx "## $alert" "$runbook" || fault "$alert has no section in docs/runbook.md"
done
while read -r section; do
    [[ " ${alerts[*]} " == *" $section "* ]] ||
        fault "docs/runbook.md has a section $section without an alert"
done < <(sed -n 's/^## \(Seqthink[^ ]*\)$/\1/p' "$runbook")

# --- all metrics used are exported -----------------------------------------------------------------

expressions() {
    jq -r '.groups[].rules[].expr' "$panels"
    awk '/^ +(- )?[a-z_]+:/ {on = 0} sub(/^ +expr:( \|$)?/, "") {on = 1} on' "$rules"
}

# metrics with their labels, such as name{label="value"}, without functions and keywords
selectors() {
    sed -E 's/\b(by|without|on|ignoring|group_left|group_right) *\([^)]*\)//g' |
        grep -oP '(?<![\w$.])[a-zA-Z_:][\w:]*+(?!\s*\()(\{[^}]*\})?' |
        grep -vxE 'and|or|unless|bool|offset' | sort -u
}

# metrics that Prometheus creates itself
mapfile -t made < <(echo up && sed -n 's/^ *- record: //p' "$rules")
is_made() {
    [[ " ${made[*]} " == *" ${1%%\{*} "* ]]
}

exports() {
    local series labels label
    series=$(grep -E "^${1%%\{*}[{ ]" "$scrape") || return 1
    mapfile -t labels < <(grep -oP '\w+="[^"]*"' <<<"$1" | grep -vE '^(job|instance)=')
    for label in "${labels[@]}"; do
        series=$(grep -F "$label" <<<"$series") || return 1
    done
}

asked=0
if [ $# -eq 1 ]; then
    scrape=$1
    if [[ $1 == http*://* ]]; then
        scrape=$work/scrape
        curl -fsS -m 30 -o "$scrape" "${1%/}/metrics"
    fi
    grep -q '^seqthink_' "$scrape" || {
        fault "$1 contains no seqthink_ metrics"
        exit 1
    }
    while read -r selector; do
        asked=$((asked + 1))
        is_made "$selector" || exports "$selector" ||
            fault "a rule or dashboard uses $selector, but the service does not export it"
    done < <(expressions | selectors)
    [ "$asked" -gt 0 ] || fault "found no metric in rules and panels"
fi

[ "$faults" -eq 0 ] || exit 1
echo "metrics-check: ${#alerts[@]} alerts, ${#dashboards[@]} dashboards, $asked metrics looked up"
