#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# package.sh BUILD FOLDER: the package out of the programs that BUILD has, without compiling; its name. For a test within
# minutes: what is given to people is built by debian/build.sh.
set -euo pipefail
checkout=$(cd "$(dirname "$0")/../.." && pwd)
build=$(realpath "$1")
rm -rf "$2"
mkdir -p "$2/source"
cd "$2/source"
cp -r "$checkout/debian" .
DESTDIR=$PWD/debian/waypost cmake --install "$build" --prefix /usr --strip >../log
mkdir -p debian/waypost-hub/usr/libexec/waypost
mv debian/waypost/usr/libexec/waypost/waypost-postgresql.so debian/waypost-hub/usr/libexec/waypost
for step in dh_install dh_installsysusers dh_installtmpfiles dh_installsystemd dh_link dh_compress dh_fixperms dh_installdeb \
    dh_shlibdeps dh_gencontrol dh_md5sums "dh_builddeb --destdir=.."; do
    # shellcheck disable=SC2086
    $step >>../log 2>&1 || { tail -n 20 ../log >&2; exit 1; }
done
realpath ../waypost_*.deb
