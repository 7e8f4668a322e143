# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Sourced by dev and by the scripts that make and try packages and images.
# shellcheck disable=SC2034
release=bookworm

root=""
[ "$(id -u)" = 0 ] || root=sudo

# The words of a file that has comments, one a line.
words() { sed 's/#.*//' "$1" | tr -s ' ' '\n' | sed '/^$/d'; }

# missing PACKAGE...: those that are not installed here.
missing() {
    local each
    for each; do
        dpkg-query -W -f='${Status}' "$each" 2>/dev/null | grep -q 'install ok installed' || echo "$each"
    done
}

# Calls the script anew, so that one kill ends all that it started and no mount is seen outside.
apart() {
    [ "${WAYPOST_APART:-}" = yes ] ||
        WAYPOST_APART=yes exec unshare --mount --pid --fork --kill-child --mount-proc "$0" "$@"
}

# mirror_lines [COMPONENT...]: Debian's mirrors of this machine, for mmdebstrap; main, and what is named.
mirror_lines() {
    # shellcheck disable=SC2016
    apt-get indextargets --format 'deb $(REPO_URI) $(CODENAME) $(COMPONENT)' 'Identifier: Packages' |
        grep " ${release}[a-z-]* main\$" | sort -u | sed "s/\$/ $*/"
}

# What the package is built for, and an image where image/NAME.sh is.
# shellcheck disable=SC2034
architectures="amd64 arm64 armhf"

# emulate ARCH: programs of that kind run here from now on, by the kernel's binfmt_misc and qemu-user-static. After apart.
emulate() {
    local emulator kinds=/proc/sys/fs/binfmt_misc
    [ "$1" != "$(dpkg --print-architecture)" ] || return 0
    case $1 in
        amd64) emulator=qemu-x86_64 ;;
        arm64) emulator=qemu-aarch64 ;;
        armhf) emulator=qemu-arm ;;
    esac
    [ -e $kinds/register ] || mount -t binfmt_misc binfmt_misc $kinds
    [ -e "$kinds/$emulator" ] || update-binfmts --enable "$emulator"
    [ -e "$kinds/$emulator" ] || { echo "programs for $1 do not run here: qemu-user-static is missing" >&2; return 1; }
}
