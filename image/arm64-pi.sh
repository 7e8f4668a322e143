# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154
# Sourced by build.sh: Raspberry Pi 3, 4 and 400. The arm64 image with what a Pi needs before UEFI (boards.md). Beside
# Debian's main there are two packages of non-free-firmware in it, without which no Pi starts and none has Wi-Fi.
# shellcheck source=/dev/null
. "$here/arm64.sh"
serial=ttyS1,115200  # the header's pins 8 and 10

firmware() { fetched pi-firmware non-free-firmware firmware-brcm80211 raspi-firmware; }

more_in_root() {
    local from
    from=$(firmware)
    mkdir -p "$1/usr/lib/firmware/brcm" "$1/usr/lib/firmware/cypress" "$parts/esp-files"
    cp -a "$from"/lib/firmware/brcm/brcmfmac434{30,55,56}-sdio.* "$1/usr/lib/firmware/brcm/"
    cp -a "$from"/lib/firmware/cypress/cyfmac434{30,55}-sdio.* "$1/usr/lib/firmware/cypress/"
    cp "$1"/usr/lib/linux-image-*/broadcom/bcm2837-rpi-*.dtb "$1"/usr/lib/linux-image-*/broadcom/bcm2711-rpi-*.dtb \
        "$parts/esp-files/"
    without_device_trees "$1"
}

more_on_esp() {
    local each from uboot
    from=$(firmware)
    uboot=$(fetched pi-uboot main u-boot-rpi)
    for each in bootcode.bin start.elf fixup.dat start4.elf fixup4.dat; do
        cp "$from/usr/lib/raspi-firmware/$each" "$1/"
    done
    cp "$from/usr/share/doc/raspi-firmware/copyright" "$1/LICENCE.raspi-firmware"
    cp "$uboot/usr/lib/u-boot/rpi_arm64/u-boot.bin" "$1/"
    cp "$here/pi-config.txt" "$1/config.txt"
}

# Older models look for a partition in the old table only, where GPT has nothing but a line that says so. Linux, GRUB, U-Boot
# and what grows the data partition heed GPT as before.
more_on_disk() {
    sfdisk --quiet --label-nested dos "$1" <<TEXT
label: dos
label-id: 0x$(uuid_of "$board old table" | cut -c-8)
1: start=2048, size=131072, type=c
2: start=1, size=2047, type=ee
TEXT
}
