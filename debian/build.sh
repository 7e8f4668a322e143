#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# debian/build.sh [ARCH]: the package for this machine, into build/package, or for machines of another kind, into
# build/package/ARCH (cross.sh, which asks for root). `./dev package` calls it. Packs what is in the checkout now, from a
# copy of it: what is edited meanwhile changes nothing, and debhelper's own files stay out of the way. What was compiled is kept
# by ccache. Each copy's files are of now: an object that was made after a file was edited, of the copy before, would look new.
# shellcheck disable=SC1091,SC2154
set -euo pipefail
cd "$(dirname "$0")/.."
checkout=$PWD
arch=${1:-}
. debian/common.sh
case " $architectures " in
    *" ${arch:-$(dpkg --print-architecture)} "*) ;;
    *) echo "no package for $arch; there are: $architectures" >&2; exit 2 ;;
esac
[ "$arch" != "$(dpkg --print-architecture)" ] || arch=
out=$checkout/build/package${arch:+/$arch}
copy=$out/waypost
mkdir -p "$copy"

copy_checkout() {
    local each
    git ls-files -z >"$out/files"
    # shellcheck disable=SC2016
    xargs -0 -n 1000 sh -c 'for each; do [ ! -e "$each" ] || printf "%s\0" "$each"; done' _ <"$out/files" |
        tar -c --null -T - | tar -x -m -C "$copy"
    (cd "$copy" && find . -path ./build -prune -o -type f -print0) | while IFS= read -r -d '' each; do
        [ -e "$each" ] || rm "$copy/$each"  # gone since, or debhelper's
    done
    mkdir -p "$copy/build/blake3"
    for each in console blake3/c; do
        rm -rf "${copy:?}/build/$each"
        cp -a "build/$each" "$copy/build/$each"
    done
    rm -rf "$copy/debian/.debhelper" "$copy/debian/debhelper-build-stamp"
    rm -f "$out"/*.deb "$out"/*.buildinfo "$out"/*.changes
}

build_here() {
    cd "$copy" && PATH=/usr/lib/ccache:$PATH dpkg-buildpackage --build=binary --no-sign --no-pre-clean
}

build_cross() {
    mkdir -p "$out/ccache"
    $root debian/cross.sh "$arch" "$copy"
}

copy_checkout
if [ -z "$arch" ]; then build=build_here; else build=build_cross; fi
$build >"$out/log" 2>&1 ||
    { grep -E '(error|FAILED|\*\*\*)[: ]' "$out/log" | cut -c-300 | tail -n 30; echo "all of it: $out/log"; exit 1; } >&2
ls "$out"/waypost_*.deb
