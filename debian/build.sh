#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# debian/build.sh: `./dev package` calls it. Packs what is in the checkout now, from a copy of it: what is edited
# meanwhile changes nothing, and debhelper's own files stay out of the way. Objects are kept for the next time.
set -euo pipefail
cd "$(dirname "$0")/.."
checkout=$PWD
out=$checkout/build/package
copy=$out/waypost
mkdir -p "$copy"
git ls-files -z >"$out/files"
xargs -0 -n 1000 sh -c 'for each; do [ ! -e "$each" ] || printf "%s\0" "$each"; done' _ <"$out/files" |
    tar -c --null -T - | tar -x -C "$copy"
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
cd "$copy"
PATH=/usr/lib/ccache:$PATH dpkg-buildpackage --build=binary --no-sign --no-pre-clean "$@" >"$out/log" 2>&1 ||
    { grep -E '(error|FAILED|\*\*\*)[: ]' "$out/log" | cut -c-300 | tail -n 30; echo "all of it: $out/log"; exit 1; }
ls "$out"/waypost_*.deb
