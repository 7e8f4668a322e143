#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# trunk_bits.sh [LANGUAGE...]: the text models come to the same bits on this processor and, under emulation, on arm64.
# Needs g++-aarch64-linux-gnu and qemu-user-static, which only this needs: installed if they are missing.
set -euo pipefail
cd "$(dirname "$0")/../.."
declare -A script=([hi]=2304 [ar]=1536 [uk]=1024)
if ! command -v aarch64-linux-gnu-g++ qemu-aarch64-static >/dev/null; then
    [ "$(id -u)" = 0 ] && root="" || root=sudo
    $root apt-get install -y -q --no-install-recommends g++-aarch64-linux-gnu qemu-user-static >/dev/null
fi
work=build/arm64
mkdir -p "$work"
sources="tests/arm64/trunk_bits.cpp radio/trunk/pack/coding.cpp radio/trunk/pack/predictor.cpp radio/trunk/pack/alphabet.cpp"
# shellcheck disable=SC2086
g++ -std=c++20 -O2 -I. -o "$work/bits-here" $sources
# shellcheck disable=SC2086
aarch64-linux-gnu-g++ -static -std=c++20 -O2 -I. -o "$work/bits-arm64" $sources
for language in "${@:-en hi}"; do for each in $language; do
    zstd -q -d -f "radio/trunk/pack/training/$each.txt.zst" -o "$work/$each.txt"
    told=("${script[$each]:-128}" "$work/$each.txt" "tests/data/trunk_text/$each.outside.txt")
    echo "$each here: $("$work/bits-here" "${told[@]}" 2>&1 >"$work/$each.here")"
    echo "$each arm64, emulated: $(qemu-aarch64-static "$work/bits-arm64" "${told[@]}" 2>&1 >"$work/$each.arm64")"
    ! grep -q 'come back' "$work/$each.here"
    [ "$(head -1 "$work/$each.here")" = "$(tail -1 "$work/$each.here")" ] # each text was forgotten
    cmp "$work/$each.here" "$work/$each.arm64"
done; done
echo "the same bits"
