# SPDX-License-Identifier: Apache-2.0
"""What the emulated machines differ in: a row for each board (BOARD.sh), for machine.py."""
import dataclasses
import os
import re


@dataclasses.dataclass(frozen=True)
class Kind:
    machine: tuple    # QEMU, and what makes the machine
    firmware: str     # UEFI
    variables: str    # its variables, as they are in a new machine
    serial: str       # the first serial line's name in the machine
    shell: tuple      # QEMU's arguments for the second serial line, of chardev `shell`
    shell_line: str   # that line's name in the machine
    arguments: str    # the kernel's


PC = Kind(machine=("qemu-system-x86_64", "-M", "q35", "-cpu", "max"),
          firmware="/usr/share/OVMF/OVMF_CODE_4M.fd", variables="/usr/share/OVMF/OVMF_VARS_4M.fd",
          serial="ttyS0", shell=("-serial", "chardev:shell"), shell_line="ttyS1",
          arguments="no_timer_check")  # without it an emulated machine that is late panics
ARM64 = Kind(machine=("qemu-system-aarch64", "-M", "virt", "-cpu", "cortex-a72"),
             firmware="/usr/share/AAVMF/AAVMF_CODE.fd", variables="/usr/share/AAVMF/AAVMF_VARS.fd",
             serial="ttyAMA0", shell=("-device", "pci-serial,chardev=shell"), shell_line="ttyS0",
             arguments="")
KINDS = {"amd64": PC, "arm64": ARM64, "arm64-pi": ARM64}


def kind_of(image):
    """By the image's name, waypost-BOARD.img."""
    board = re.fullmatch(r"waypost-(.+)\.img", os.path.basename(image))
    name = board.group(1).removesuffix("-bare") if board else ""
    assert name in KINDS, "%s: its name says no board of %s" % (image, ", ".join(KINDS))
    return KINDS[name]
