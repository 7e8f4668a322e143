# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154
# Sourced by build.sh for BOARD-bare, which compare holds the box against: the same kernel, boot loader, slots and recipe, with
# neither the gateway nor what only it needs.
root_name=bare
own_units=
root_packages() { echo "$kernel"; words "$here/base-packages.txt"; }
more_in_root() { :; }
can_update() { :; }
bundle() { :; }

put_in_waypost() {
    local each
    for each in fstab hosts hostname repart.d systemd/journald.conf.d systemd/network/wired.network systemd/system.conf.d \
        systemd/system/waypost-shell@.service systemd/system/systemd-repart.service.d; do
        mkdir -p "$tree/etc/$(dirname "$each")"
        cp -a --no-preserve=ownership "$here/files/etc/$each" "$tree/etc/$(dirname "$each")/"
    done
    # Its data are in clear, and nothing asks.
    sed -i 's|^/dev/mapper/data .*|PARTLABEL=data /var ext4 noatime,errors=remount-ro,x-systemd.growfs 0 2|' "$tree/etc/fstab"
}
