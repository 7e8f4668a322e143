# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2154
# Sourced by build.sh: what is in no slot, though Debian's packages bring it.

# trim TREE: once nothing is installed into it any more.
trim() {
    remove_trimmed "$1"
    # Nobody calls it, and Dovecot looks whether it is there.
    [ ! -d "$1/usr/lib/dovecot" ] || ln -s /bin/false "$1/usr/lib/dovecot/doveadm-server"
    find "$1/etc" -lname ssl-cert-snakeoil.pem -delete
    find "$1"/usr/lib/*-linux-gnu* -maxdepth 1 -name 'libicudata.so.*.*' -exec "$here/trim_icu" {} +
    chroot "$1" /sbin/ldconfig
    libraries_are_there "$1"
}

remove_trimmed() (
    shopt -s extglob nullglob
    words "$here/trimmed.txt" | while read -r each; do
        eval "rm -rf --one-file-system '${1:?}'$each"  # a pattern, with braces
    done
)

# All that is linked to a library has it still.
libraries_are_there() {
    local each missing=
    while read -r each; do
        [ -e "$(find "$1"/usr/lib -name "$each" -print -quit)" ] || missing+=" $each"
    done < <(find "$1"/usr/bin "$1"/usr/sbin "$1"/usr/lib "$1"/usr/libexec -path '*/modules/*' -prune -o -type f \
        \( -perm /111 -o -name '*.so*' \) -print0 | xargs -0 readelf -d 2>/dev/null |
        sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' | sort -u)
    [ -z "$missing" ] || { echo "trimmed away (trimmed.txt), but something is linked to it:$missing" >&2; return 1; }
}
