#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# build.sh PACKAGE.deb: build/image/waypost-amd64.img, with neither loop device nor mount. `./dev image amd64` calls it, as
# root. README.md says what is in it.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../debian/common.sh"
apart "$@"
package=$(realpath "$1")
out=${WAYPOST_IMAGE_OUT:-$here/../build/image}
mkdir -p "$out"
out=$(realpath "$out")
tree=$out/tree
parts=$out/parts
export SOURCE_DATE_EPOCH
SOURCE_DATE_EPOCH=$(git -C "$here" log -1 --format=%ct 2>/dev/null || date +%s)
mib=$((1024 * 1024))

say() { printf -- '-- %s (%d s)\n' "$*" "$SECONDS"; }

# What the package depends on is in the cached tree, so that the package itself is put in without a network.
root_packages() {
    words "$here/root-packages.txt"
    dpkg-deb --field "$package" Depends | tr ',' '\n' | sed 's/|.*//; s/(.*//; s/:any//; s/ //g'
}

# The key: release, packages, and all that has a say while they are unpacked.
root_key() {
    {
        echo "$release"
        root_packages | sort -u
        cat "$here/excluded.txt"
        find "$here/initramfs" -type f -print0 | sort -z | xargs -0 cat
        declare -f make_root
    } | sha256sum | cut -c-16
}

# The initramfs configuration is there before the kernel is, whose installation makes the initramfs.
make_root() {
    local options=() each
    while read -r each; do options+=(--dpkgopt="path-exclude=$each"); done < <(words "$here/excluded.txt")
    mirror_lines | mmdebstrap --quiet --variant=minbase --mode=root --dpkgopt=force-unsafe-io "${options[@]}" \
        --include="$(root_packages | sort -u | paste -sd,)" \
        --essential-hook="mkdir -p \"\$1/etc/initramfs-tools\" && cp -a '$here/initramfs/.' \"\$1/etc/initramfs-tools/\"" \
        "$release" "$1" -
}

cached_root() {
    local cache
    cache=$out/root-$(root_key).tar
    if [ ! -e "$cache" ]; then
        say "the root tree, from Debian"
        make_root "$out/unfinished.tar"
        mv "$out/unfinished.tar" "$cache"
        find "$out" -name 'root-*.tar' ! -path "$cache" -delete
    fi
    rm -rf --one-file-system "$tree" "$parts"
    mkdir "$tree" "$parts"
    tar -xf "$cache" -C "$tree"
}

put_in_waypost() {
    cp -a --no-preserve=ownership "$here/files/." "$tree/"
    chroot "$tree" systemd-sysusers /etc/sysusers.d/waypost-appliance.conf
    cp "$package" "$tree/tmp/waypost.deb"
    chroot "$tree" env DEBIAN_FRONTEND=noninteractive LC_ALL=C PATH=/usr/sbin:/usr/bin:/sbin:/bin \
        dpkg --install /tmp/waypost.deb >"$out/dpkg.log" 2>&1 || { cat "$out/dpkg.log"; return 1; }
    rm "$tree/tmp/waypost.deb"
    chroot "$tree" dpkg-query -W >"$tree/usr/share/waypost/packages.txt"
}

configure() {
    systemctl --root="$tree" --quiet enable systemd-networkd systemd-resolved systemd-timesyncd \
        waypost-slot-good waypost-claim
    systemctl --root="$tree" --quiet disable systemd-networkd-wait-online
    systemctl --root="$tree" --quiet mask apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer \
        e2scrub_reap.service
    ln -sf /run/systemd/resolve/stub-resolv.conf "$tree/etc/resolv.conf"
    echo uninitialized >"$tree/etc/machine-id"
    rm -f "$tree"/etc/apt/sources.list "$tree"/etc/apt/apt.conf.d/99mmdebstrap "$tree"/etc/dpkg/dpkg.cfg.d/99mmdebstrap \
        "$tree"/var/lib/dbus/machine-id "$tree"/initrd.img* "$tree"/vmlinuz*
    chroot "$tree" depmod "$(ls "$tree/lib/modules")"
    # Names that do not change: the boot loader reads them out of the slot.
    mv "$tree"/boot/vmlinuz-* "$tree/boot/vmlinuz"
    mv "$tree"/boot/initrd.img-* "$tree/boot/initrd.img"
}

# Packages are of the slot, not of the data: the lists of apt and dpkg are in neither.
data_part() {
    rm -rf "$tree"/var/lib/dpkg "$tree"/var/lib/apt "$tree"/var/cache/* "$tree"/var/log/*
    mv "$tree/var" "$parts/var"
    mkdir "$tree/var"
    rm -rf "$tree"/run/* "$tree"/tmp/*
    truncate -s 128M "$parts/data"
    mkfs.ext4 -q -L data -d "$parts/var" "$parts/data"
}

# GRUB reads squashfs with gzip, not with zstd.
slot_part() {
    mksquashfs "$tree" "$parts/root" -comp gzip -Xcompression-level 4 -noappend -no-progress -quiet >/dev/null
}

esp_part() {
    grub-mkimage -O x86_64-efi -p /grub -o "$parts/BOOTX64.EFI" \
        part_gpt fat squash4 gzio loadenv normal linux echo test regexp configfile reboot halt sleep all_video efi_gop
    grub-editenv "$parts/grubenv" create
    grub-editenv "$parts/grubenv" set 'ORDER=A B' A_OK=1 A_TRY=0 B_OK=1 B_TRY=0 ARGS=
    truncate -s 64M "$parts/esp"
    mkfs.vfat -F 32 -n ESP "$parts/esp" >/dev/null
    mmd -i "$parts/esp" ::/EFI ::/EFI/BOOT ::/grub
    mcopy -i "$parts/esp" "$parts/BOOTX64.EFI" ::/EFI/BOOT/
    mcopy -i "$parts/esp" "$here/grub.cfg" "$parts/grubenv" ::/grub/
}

put() { dd if="$1" of="$2" bs=1M seek="$3" conv=notrunc,sparse status=none; }

# A slot has 64 MiB of room for what a later release is larger by.
disk() {
    local slot image=$out/waypost-amd64.img
    slot=$(($(stat -c %s "$parts/root") / mib + 65))
    rm -f "$image"
    truncate -s $((1 + 64 + 2 * slot + 128 + 1))M "$image"
    sfdisk --quiet "$image" <<TEXT
label: gpt
start=1MiB, size=64MiB, type=C12A7328-F81F-11D2-BA4B-00A0C93EC93B, name=esp
start=65MiB, size=${slot}MiB, type=4F68BCE3-E8CD-4DB1-96E7-FBCAF984B709, name=rootA
start=$((65 + slot))MiB, size=${slot}MiB, type=4F68BCE3-E8CD-4DB1-96E7-FBCAF984B709, name=rootB
start=$((65 + 2 * slot))MiB, size=128MiB, type=4D21B016-B534-45C2-A9FB-5C16E091FD2D, name=data
TEXT
    put "$parts/esp" "$image" 1
    put "$parts/root" "$image" 65
    put "$parts/root" "$image" $((65 + slot))
    put "$parts/data" "$image" $((65 + 2 * slot))
}

cached_root
say "configured"
put_in_waypost
configure
data_part
say "squashfs"
slot_part
esp_part
disk
say "packed"
# Both slots are the same, and further apart than zstd looks by itself.
zstd -q -f -3 -T0 --long=28 "$out/waypost-amd64.img" -o "$out/waypost-amd64.img.zst"
say "done"
echo "time of the processors, user and system: of this shell, and of all that it called"
times
du -m --apparent-size "$parts/root" "$out/waypost-amd64.img" "$out/waypost-amd64.img.zst"
rm -rf --one-file-system "$tree" "$parts"
