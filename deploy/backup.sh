#!/usr/bin/env bash
# Encrypts the files of a gateway or issuer (settings, keys, clients, audit log) to the operator's
# recipient, and keeps the newest backups. Nothing is written unencrypted.
#
#   backup.sh -r age1... [-r age1...] [-d /var/backups/seqthink] [-k 14] [PATH...]
#
#   -r RECIPIENT   age recipient; keep its identity elsewhere. BACKUP_RECIPIENT sets the same
#   -d FOLDER      where to write backups, named by host, paths and time
#                  (default: /var/backups/seqthink)
#   -k NUMBER      how many backups of this host and these paths to keep (default: 14)
#   PATH           what to back up (default: /srv/seqthink, and /var/lib/seqthink if it exists)
#
# To restore, on a host without these files:   age -d -i operator.key FILE | tar -x -C / --keep-old-files
#
# Exits with 0 on success, 1 on failure, 2 on wrong usage.
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
    [ -r "$path" ] || fail "$path does not exist, or $(id -un) cannot read it"
done

# a backup is useless if the only key that decrypts it is inside
while IFS= read -r -d '' file; do
    for recipient in "${recipients[@]}"; do
        if age-keygen -y "$file" 2>/dev/null | grep -qxF "$recipient"; then
            fail "$file contains the identity of $recipient: use a recipient whose identity is kept elsewhere"
        fi
    done
done < <(find "${paths[@]}" -type f -size -64k -exec grep -lZ '^AGE-SECRET-KEY-' {} +)

umask 077
mkdir -p "$folder"
# distinguishes sets of backups in one folder
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
    age "${options[@]}" >"$part" || fail "age failed; no backup was written"
[ ! -e "$sealed" ] || fail "$sealed exists already; try again in a second"
sync "$part"
mv "$part" "$sealed"
printf '%s\n' "$sealed"

# names sort by time
mapfile -t all < <(find "$folder" -maxdepth 1 -type f -name "$name-????????T??????Z.tar.age" | sort -r)
for old in "${all[@]:$keep}"; do
    rm -f "$old"
    printf 'removed %s\n' "$old" >&2
done
