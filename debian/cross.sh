#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# cross.sh ARCH COPY: packs COPY, a copy of the checkout, for machines of another kind, in a Debian of this machine's kind
# with the compiler and the libraries of the other. debian/build.sh calls it, as root; the building is done by COPY's owner.
# That Debian is kept beside COPY, as cross-KEY: delete the folder to get the archive's newest.
# shellcheck disable=SC2016,SC2119,SC2154
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/common.sh"
apart "$@"
arch=$1
copy=$(realpath "$2")
out=$(dirname "$copy")

# What is built with, as apt resolves it: libraries of the other kind, programs of this one.
make_root() {
    mirror_lines | mmdebstrap --variant=essential --mode=root --dpkgopt=force-unsafe-io \
        --architectures="$(dpkg --print-architecture),$arch" \
        --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
        --include="apt,build-essential,ccache,crossbuild-essential-$arch" \
        --customize-hook='mkdir -p "$1/build/waypost/debian"' \
        --customize-hook="cp '$copy/debian/control' \"\$1/build/waypost/debian/\"" \
        --customize-hook="chroot \"\$1\" env DEBIAN_FRONTEND=noninteractive apt-get build-dep -q -y \
            --no-install-recommends --host-architecture=$arch --build-profiles=cross,nocheck /build/waypost" \
        "$release" "$1" -
}

# Of all that decides what is in it.
root_key() {
    {
        echo "$release $arch"
        sed -n '/^Build-Depends/,/^[^ ]*:/p' "$copy/debian/control"
        declare -f make_root
    } | sha256sum | cut -c-16
}

cached_root() {
    root=$out/cross-$(root_key)
    [ ! -e "$root" ] || return 0
    echo "a Debian that compiles for $arch"
    rm -rf --one-file-system "$out"/cross-*
    make_root "$root.unfinished" || { echo "error: no Debian to compile in" >&2; return 1; }
    mv "$root.unfinished" "$root"
}

# Nothing of it changes, and the machine's environment and network are not there.
build() {
    mount --bind "$root" "$root"
    mount -o remount,bind,ro "$root"
    mount -t proc proc "$root/proc"
    mount -t tmpfs tmpfs "$root/tmp"
    mount --bind "$out" "$root/build"
    unshare --net chroot --userspec="$(stat -c %u:%g "$copy")" "$root" env -i HOME=/tmp LC_ALL=C.UTF-8 \
        CCACHE_DIR=/build/ccache PATH=/usr/lib/ccache:/usr/sbin:/usr/bin:/sbin:/bin sh -ec '
            cd /build/waypost
            exec dpkg-buildpackage --host-arch="$1" --build-profiles=cross,nocheck --build=binary --no-sign \
                --no-pre-clean' _ "$arch"
}

cached_root
build
