#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# run.sh PACKAGE.deb: the unit's exposure, lintian, and the package's life in a minimal Debian: installed in an older
# version, served by hand as its user (no systemd runs there), upgraded with an older store in it, removed, purged.
# `./dev package` calls it, as root. What only a machine that boots can show is not here: the unit's mounts, namespaces
# and devices, the watchdog's kill, start and stop by systemd. A package for machines of another kind lives the same life in
# a Debian of that kind, emulated, but without filters of system calls: an emulator's own calls would be filtered.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../../debian/common.sh"
apart "$@"
package=$(realpath "$1")
arch=$(dpkg-deb --field "$package" Architecture)
work=$(dirname "$package")/test
root=$work/root
base=$work/base.tar

say() { echo "-- $*"; }
die() { echo "FAILED: $*" >&2; exit 1; }

inside() { chroot "$root" env DEBIAN_FRONTEND=noninteractive LC_ALL=C PATH=/usr/sbin:/usr/bin:/sbin:/bin "$@"; }
installed() { [ "$(inside dpkg-query -W -f '${Version}' waypost)" = "$1" ] || die "$1 is not installed"; }

# The smallest system that a Debian machine is, made once a week.
make_root() {
    mkdir -p "$work"
    if [ -z "$(find "$base" -mtime -7 2>/dev/null)" ]; then
        say "a minimal Debian"
        mirror_lines |
            mmdebstrap --quiet --variant=minbase --architectures="$arch" --include=systemd,ca-certificates "$release" \
                "$base" -
    fi
    rm -rf --one-file-system "$root"
    mkdir "$root"
    tar -xf "$base" -C "$root" --exclude './dev/*'
    mount --rbind /dev "$root/dev"
    mount -t proc proc "$root/proc"
    cp /etc/resolv.conf "$root/etc/resolv.conf"
    apt-config dump | grep -i '^Acquire::https\?::.*proxy' >"$root/etc/apt/apt.conf.d/10proxy" || true
}

# The same programs under another number, whose settings file was another one.
older_package() {
    rm -rf "$work/older"
    dpkg-deb --raw-extract "$package" "$work/older"
    sed -i 's/^Version: .*/Version: 0.0.9/' "$work/older/DEBIAN/control"
    sed -i 's/^# The first settings of a box/# The settings of a box/' "$work/older/etc/waypost/waypost.toml"
    rm -f "$work/older/DEBIAN/md5sums"
    dpkg-deb --root-owner-group --build "$work/older" "$root/root/older.deb" >/dev/null
    rm -rf "$work/older"
}

# In a network of its own, with the mounts that the unit asks for: all is read-only but what is its own, and of /proc
# there are processes only.
serve() {
    unshare --net --mount sh -ec '
        ip link set lo up
        mount --rbind "$1" "$1"
        mount -o remount,bind,ro "$1"
        for each in var/lib/waypost run/waypost; do
            mount --bind "$1/$each" "$1/$each"
            mount -o remount,bind,rw "$1/$each"
        done
        mount -t tmpfs -o mode=1777 tmpfs "$1/tmp"
        mount -t proc -o subset=pid,hidepid=invisible proc "$1/proc"
        exec /usr/bin/python3 "$2" "$1" "$3"' _ "$root" "$here/serve.py" "$1"
}

# As the release wrote it whose schema was 12: ana lives there.
put_old_store() {
    rm -rf "$root"/var/lib/waypost/waypost.db*
    sqlite3 "$root/var/lib/waypost/waypost.db" <"$here/store-of-schema-12.sql"
    inside chown waypost:waypost /var/lib/waypost/waypost.db
}

left_behind() {
    (cd "$root" && find . -xdev -path '*waypost*' ! -path './root/*' -print)
}

package_is_sound() {
    say "the unit's exposure, of 10 at most 1.5"
    dpkg-deb --fsys-tarfile "$package" | tar -xO ./lib/systemd/system/waypost.service >"$work/waypost.service"
    (cd "$work" && systemd-analyze security --offline=true --threshold=15 ./waypost.service | tail -n 1)
    say "lintian"
    lintian --fail-on error "$package"
    dpkg-deb --field "$package" Depends | grep -q 'libpocodatasqlite' || die "dependencies are missing"
}

lives() {
    say "installed by apt"
    older_package
    inside apt-get update -q >/dev/null
    inside apt-get install -y -q --no-install-recommends /root/older.deb >"$work/install.log" 2>&1 ||
        { tail -n 30 "$work/install.log"; die "apt-get install"; }
    installed 0.0.9
    inside waypost config check >"$work/check.log" || { cat "$work/check.log"; die "the first settings"; }
    grep -q 'http://.*:8080/' "$work/install.log" || die "the console's address is not printed"
    grep -q 'waypost console claim-code' "$work/install.log" || die "nor how to get the claim code"
    [ -L "$root/etc/systemd/system/multi-user.target.wants/waypost.service" ] || die "it is not started at boot"
    [ "$(inside stat -c '%U %a' /var/lib/waypost)" = "waypost 750" ] || die "the state is not its own"
    serve first

    say "upgraded, beside what was changed"
    echo '# by the administrator' >>"$root/etc/waypost/waypost.toml"
    cp "$package" "$root/root/newer.deb"
    inside apt-get install -y -q --no-install-recommends -o Dpkg::Options::=--force-confold /root/newer.deb \
        >"$work/upgrade.log" 2>&1 ||
        { tail -n 30 "$work/upgrade.log"; die "the upgrade"; }
    installed "$(dpkg-deb --field "$package" Version)"
    grep -q 'by the administrator' "$root/etc/waypost/waypost.toml" || die "the administrator's settings are gone"
    inside waypost config show | grep -q 'village = hill' || die "the page's settings do not count"
    ! grep -q 'claim-code' "$work/upgrade.log" || die "an upgrade tells of the claim code"
    serve again
    put_old_store
    serve upgraded

    say "removed and purged"
    inside apt-get remove -y -q waypost >"$work/remove.log" 2>&1 || die "the removal"
    [ ! -e "$root/usr/sbin/waypostd" ] || die "the program is still there"
    [ -e "$root/etc/waypost/waypost.toml" ] || die "removal took the settings"
    [ -e "$root/var/lib/waypost/waypost.db" ] || die "removal took the letters"
    inside apt-get purge -y -q waypost >"$work/purge.log" 2>&1 || die "the purge"
    [ -z "$(left_behind)" ] || { left_behind; die "left behind"; }
}

emulate "$arch"
mkdir -p "$work"
package_is_sound
make_root
lives
umount "$root/proc"
umount --recursive "$root/dev"
rm -rf --one-file-system "$root"
echo "the package installs, serves, upgrades and goes"
