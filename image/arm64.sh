# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034
# Sourced by build.sh: boards and virtual machines that start by UEFI, be it U-Boot's.
kernel=linux-image-arm64
grub_platform=arm64-efi
efi_program=BOOTAA64.EFI  # what UEFI looks for on a disk that it knows nothing of
serial=ttyAMA0,115200

# UEFI brings the board's.
without_device_trees() { rm -rf "$1"/usr/lib/linux-image-*; }

more_in_root() { without_device_trees "$1"; }
