#!/usr/bin/env bash
# Seals what a door or issuer cannot do without (settings, keys, clients, audit log) to a recipient
# of the operator's, and keeps the newest few such files. Nothing is ever written unsealed.
#
#   backup.sh -r age1... [-r age1...] [-d /var/backups/seqthink] [-k 14] [PATH...]
#
#   -r RECIPIENT   whom to seal to; keep that identity elsewhere. BACKUP_RECIPIENT says the same
#   -d FOLDER      where sealed files go, named by host, paths and time
#                  (default: /var/backups/seqthink)
#   -k NUMBER      how many are kept of this host and these paths (default: 14)
#   PATH           what is kept (default: /srv/seqthink, and /var/lib/seqthink where it is there)
#
# To restore, on a host with none of it:   age -d -i operator.key FILE | tar -x -C / --keep-old-files
#
# Exits with 0 when sealed, 1 when not, 2 when called wrongly.
set -euo pipefail

usage() {
    sed -n '2,16s/^# \{0,1\}//p' "$0"
}

fail() {
    printf 'backup: %s\n' "$*" >&2
    exit 1
}

recipients=()
folder=/var/backups/seqthink
keep=14
while getopts r:d:k:h option; do
    case $option in
        r) recipients+=("$OPTARG") ;;
        d) folder=$OPTARG ;;
        k) keep=$OPTARG ;;
        h)
            usage
            exit 0
            ;;
        *)
            usage >&2
            exit 2
            ;;
    esac
done
shift $((OPTIND - 1))

if [ ${#recipients[@]} -eq 0 ] && [ -n "${BACKUP_RECIPIENT:-}" ]; then
    recipients=("$BACKUP_RECIPIENT")
fi
if [ ${#recipients[@]} -eq 0 ] || ! [[ $keep =~ ^[1-9][0-9]*$ ]]; then
    usage >&2
    exit 2
fi
for tool in age age-keygen tar; do
    command -v "$tool" >/dev/null || fail "$tool is missing; install it (package ${tool%-keygen})"
done

paths=("$@")
if [ ${#paths[@]} -eq 0 ]; then
    paths=(/srv/seqthink)
    [ ! -d /var/lib/seqthink ] || paths+=(/var/lib/seqthink)
fi
for path in "${paths[@]}"; do
    [ -r "$path" ] || fail "$path is not there, or not readable by $(id -un)"
done

# a backup that only a key inside it opens is none
while IFS= read -r -d '' file; do
    for recipient in "${recipients[@]}"; do
        if age-keygen -y "$file" 2>/dev/null | grep -qxF "$recipient"; then
            fail "$file holds the identity of $recipient: seal to one that is kept elsewhere"
        fi
    done
done < <(find "${paths[@]}" -type f -size -64k -exec grep -lZ '^AGE-SECRET-KEY-' {} +)

umask 077
mkdir -p "$folder"
# tells one set of backups from others in the same folder
name=seqthink-$(uname -n)$(realpath -sz -- "${paths[@]}" | tr -d '\0' | tr -c '[:alnum:]._-' -)
sealed=$folder/$name-$(date -u +%Y%m%dT%H%M%SZ).tar.age
part=$sealed.part
trap 'rm -f "$part"' EXIT

options=()
for recipient in "${recipients[@]}"; do
    options+=(-r "$recipient")
done
# tar's status 1: a file, such as the audit log, grew while it was read
{
    tar --create --file - --absolute-names --transform 's,^/,,S' "${paths[@]}" || [ $? -eq 1 ]
} |
    age "${options[@]}" >"$part" || fail "nothing was sealed"
[ ! -e "$sealed" ] || fail "$sealed is there already; wait a second"
sync "$part"
mv "$part" "$sealed"
printf '%s\n' "$sealed"

# names sort by time
mapfile -t all < <(find "$folder" -maxdepth 1 -type f -name "$name-????????T??????Z.tar.age" | sort -r)
for old in "${all[@]:$keep}"; do
    rm -f "$old"
    printf 'removed %s\n' "$old" >&2
done
