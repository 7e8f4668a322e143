#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# build.sh PACKAGE.deb [BOARD]: build/image/waypost-BOARD.img, with neither loop device nor mount. BOARD is the package's
# architecture or one that builds on it, like arm64-pi; what they differ in is in BOARD.sh. `./dev image` calls it, as root.
# README.md says what is in it.
# shellcheck disable=SC2154
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../debian/common.sh"
apart "$@"
package=$(realpath "$1")
arch=$(dpkg-deb --field "$package" Architecture)
board=${2:-$arch}
[ -e "$here/${board%-bare}.sh" ] || { echo "no image for $board: there is no image/${board%-bare}.sh" >&2; exit 2; }
root_name=root
own_units='waypost-slot-good waypost-claim waypost-data-encrypt.path waypost-power.path waypost-time.path
    waypost-firewall waypost-network.service waypost-network.path waypost-servers.path waypost-mail-passwords.path'
more_in_root() { :; }    # into the tree that becomes the root
more_on_esp() { :; }     # into the folder that is copied onto the EFI partition
more_on_disk() { :; }    # into the image, when it is whole
# shellcheck source=/dev/null
. "$here/${board%-bare}.sh"
. "$here/bundle.sh"
. "$here/trim.sh"
. "$here/fixed.sh"
# What comes from Debian is kept here wherever the image itself goes.
kept=$here/../build/image
out=${WAYPOST_IMAGE_OUT:-$kept}
mkdir -p "$kept" "$out"
kept=$(realpath "$kept")
out=$(realpath "$out")
image=$out/waypost-$board.img
tree=$out/tree
parts=$out/parts
export SOURCE_DATE_EPOCH
SOURCE_DATE_EPOCH=$(git -C "$here" log -1 --format=%ct 2>/dev/null || date +%s)
mib=$((1024 * 1024))

say() { printf -- '-- %s (%d s)\n' "$*" "$SECONDS"; }

# What the package depends on is in the cached tree, so that the package itself is put in without a network.
root_packages() {
    echo "$kernel"
    words "$here/base-packages.txt"
    words "$here/root-packages.txt"
    dpkg-deb --field "$package" Depends | tr ',' '\n' | sed 's/|.*//; s/(.*//; s/:any//; s/ //g'
}

# The key: release, packages, and all that has a say while they are unpacked.
root_key() {
    {
        echo "$release $arch"
        root_packages | sort -u
        cat "$here/excluded.txt" "$here/files/etc/sysusers.d/waypost-appliance.conf"
        find "$here/initramfs" -type f -print0 | sort -z | xargs -0 cat
        declare -f make_root
    } | sha256sum | cut -c-16
}

# The initramfs configuration is there before the kernel is, whose installation makes the initramfs. merged-usr: else a
# package of that name does it, and brings all of Perl along. So are the users whose numbers stay.
make_root() {
    local options=() each
    while read -r each; do options+=(--dpkgopt="path-exclude=$each"); done < <(words "$here/excluded.txt")
    mirror_lines | mmdebstrap --quiet --variant=minbase --mode=root --dpkgopt=force-unsafe-io "${options[@]}" \
        --hook-dir=/usr/share/mmdebstrap/hooks/merged-usr --architectures="$arch" --include="$(root_packages | sort -u | paste -sd,)" \
        --essential-hook="mkdir -p \"\$1/etc/initramfs-tools\" && cp -a '$here/initramfs/.' \"\$1/etc/initramfs-tools/\"" \
        --essential-hook="systemd-sysusers --root=\"\$1\" '$here/files/etc/sysusers.d/waypost-appliance.conf'" \
        "$release" "$1" -
}

cached_root() {
    local cache
    cache=$kept/$root_name-$arch-$(root_key).tar
    if [ "${WAYPOST_NEW_ROOT:-}" = yes ]; then  # for `reproducible`
        cache=$out/root.tar
        rm -f "$cache"
    fi
    if [ ! -e "$cache" ]; then
        say "the root tree, from Debian"
        make_root "$kept/unfinished-$root_name-$arch.tar" >"$out/root.log" 2>&1 || { tail -n 30 "$out/root.log"; return 1; }
        mv "$kept/unfinished-$root_name-$arch.tar" "$cache"
        find "$kept" -maxdepth 1 -name "$root_name-$arch-*.tar" ! -path "$cache" -mtime +0 -delete
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
        dpkg --force-confold --install /tmp/waypost.deb >"$out/dpkg.log" 2>&1 || { cat "$out/dpkg.log"; return 1; }
    rm "$tree/tmp/waypost.deb"
    chroot "$tree" dpkg-query -W >"$tree/usr/share/waypost/packages.txt"
}

configure() {
    # shellcheck disable=SC2086
    systemctl --root="$tree" --quiet enable systemd-networkd systemd-resolved systemd-timesyncd $own_units
    systemctl --root="$tree" --quiet disable systemd-networkd-wait-online
    systemctl --root="$tree" --quiet mask apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer \
        e2scrub_reap.service postfix.service dovecot.service dovecot.socket prosody.service
    ln -sf /run/systemd/resolve/stub-resolv.conf "$tree/etc/resolv.conf"
    echo uninitialized >"$tree/etc/machine-id"
    rm -f "$tree"/var/lib/dbus/machine-id "$tree"/initrd.img* "$tree"/vmlinuz*
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
    ext4_of "$parts/var" "$parts/data" data
}

# GRUB reads squashfs with xz or gzip, not with zstd. WAYPOST_SQUASHFS=gzip is made in a tenth of the time and a fifth larger:
# for tests. Blocks of 256 KiB pack 3 % better, and a start takes longer, since reading a page is unpacking a block; a filter for
# programs (-Xbcj) packs another 3 %, and takes twice the time.
slot_part() {
    mksquashfs "$tree" "$parts/root" -comp "${WAYPOST_SQUASHFS:-xz}" -noappend -no-progress -quiet >/dev/null
}

# fetched NAME COMPONENT PACKAGE...: the folder with the files of Debian packages that are not installed anywhere: on this
# machine they may not exist, or would do something.
fetched() {
    local name=$1 component=$2 folder
    shift 2
    folder=$kept/fetched-$arch-$name-$(printf '%s\n' "$release" "$@" | sha256sum | cut -c-8)
    if [ ! -e "$folder" ]; then
        rm -rf "$folder.unfinished"
        mirror_lines "$component" | mmdebstrap --quiet --variant=extract --architectures="$arch" --include="$*" \
            "$release" "$folder.unfinished" - >&2 && mv "$folder.unfinished" "$folder" || return 1
    fi
    echo "$folder"
}

esp_part() {
    local grub
    local files=$parts/esp-files
    grub=$(fetched grub main "grub-efi-$arch-bin")
    mkdir -p "$files/EFI/BOOT" "$files/grub"
    grub-mkimage -d "$grub/usr/lib/grub/$grub_platform" -O "$grub_platform" -p /grub -o "$files/EFI/BOOT/$efi_program" \
        part_gpt fat squash4 xzio gzio loadenv normal linux echo test regexp configfile reboot halt sleep all_video efi_gop
    cp "$here/grub.cfg" "$files/grub/"
    grub-editenv "$files/grub/grubenv" create
    grub-editenv "$files/grub/grubenv" set 'ORDER=A B' A_OK=1 A_TRY=0 B_OK=1 B_TRY=0 "SERIAL=$serial" ARGS=
    more_on_esp "$files"
    truncate -s 64M "$parts/esp"
    fat_of "$files" "$parts/esp" ESP
}

put() { dd if="$1" of="$2" bs=1M seek="$3" conv=notrunc,sparse status=none; }

# A slot has 64 MiB of room for what a later release is larger by.
disk() {
    local slot
    slot=$(($(stat -c %s "$parts/root") / mib + 65))
    rm -f "$image"
    truncate -s $((1 + 64 + 2 * slot + 32 + 128 + 1))M "$image"
    partitioned "$image" <<TEXT
start=1MiB, size=64MiB, type=C12A7328-F81F-11D2-BA4B-00A0C93EC93B, name=esp
start=65MiB, size=${slot}MiB, type=4F68BCE3-E8CD-4DB1-96E7-FBCAF984B709, name=rootA
start=$((65 + slot))MiB, size=${slot}MiB, type=4F68BCE3-E8CD-4DB1-96E7-FBCAF984B709, name=rootB
start=$((97 + 2 * slot))MiB, size=128MiB, type=4D21B016-B534-45C2-A9FB-5C16E091FD2D, name=data
start=$((65 + 2 * slot))MiB, size=32MiB, type=CA7D7CCB-63ED-4C53-861C-1742536059CC, name=keys
TEXT
    put "$parts/esp" "$image" 1
    put "$parts/root" "$image" 65
    put "$parts/root" "$image" $((65 + slot))
    put "$parts/data" "$image" $((97 + 2 * slot))
    more_on_disk "$image"
}

# Read as a whole before anything is done: what is edited meanwhile changes nothing.
main() {
    emulate "$arch"
    cached_root
    say "configured"
    put_in_waypost
    configure
    more_in_root "$tree"
    can_update
    trim "$tree"
    data_part
    say "squashfs"
    slot_part
    esp_part
    disk
    say "bundle"
    bundle "$parts/root" "$out/waypost-$board.raucb"
    say "packed"
    # Both slots are the same, and further apart than zstd looks by itself.
    zstd -q -f -3 -T0 --long=28 "$image" -o "$image.zst"
    say "done"
    echo "time of the processors, user and system: of this shell, and of all that it called"
    times
    find "$parts/root" "$image" "$image.zst" "$out/waypost-$board.raucb" -printf '%s %f\n' 2>/dev/null || true
    rm -rf --one-file-system "$tree" "$parts"
}

case $board in *-bare) . "$here/bare.sh" ;; esac
main; exit
