#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# run.sh BUILD: the disk image of what BUILD has, started in QEMU to its health, cut off the power while somebody
# writes, and started again: every letter is there (image/power_cut_test). Ends with 77, and says why, where that cannot be done.
set -euo pipefail
checkout=$(cd "$(dirname "$0")/../.." && pwd)
. "$checkout/debian/common.sh"
# Not $1/image: what `./dev image` made stays as it is.
out=$(realpath "$1")/tests/image/out

skip() { echo "SKIPPED: $*"; exit 77; }

missing=$(missing debhelper $(words "$checkout/image/packages.txt") | tr '\n' ' ')
[ -z "$missing" ] || skip "not installed here: $missing"
[ "$(id -u)" = 0 ] || skip "an image is made by root only"
if ! find "$checkout"/build/image -name 'root-amd64-*.tar' 2>/dev/null | grep -q . &&
    ! apt-get update -q -o APT::Update::Error-Mode=any >/dev/null 2>&1; then
    skip "Debian's archive is not there"
fi
package=$("$checkout/tests/image/package.sh" "$1" "$out/package")
export WAYPOST_IMAGE_OUT=$out WAYPOST_SQUASHFS=gzip
"$checkout/image/build.sh" "$package" amd64 >"$out/log" 2>&1 || { tail -n 40 "$out/log"; exit 1; }
"$checkout/image/power_cut_test" "$out/waypost-amd64.img" --until 1
rm -rf "$out"
