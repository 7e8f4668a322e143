# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034
# Sourced by build.sh: old laptops, small PCs, virtual machines.
kernel=linux-image-amd64
grub_platform=x86_64-efi
efi_program=BOOTX64.EFI  # what UEFI looks for on a disk that it knows nothing of
serial=ttyS0,115200
