# SPDX-License-Identifier: Apache-2.0
"""The emulated machine of boot_test and update_test: a copy of an image on a larger disk, UEFI as its firmware, an emulated
processor (TCG), 512 MB, the rest by the image's kind (kinds.py); the console on a port of loopback, and a shell of root on
the second serial line.

    apart()                         # first of all: one kill ends QEMU too
    bench = Bench(image, folder)    # a new disk; folder/console.log gets the first serial line's text
    box = bench.start()             # switched on
    box.until_healthy(); box.ask("uname -r"); box.pull_the_plug()

What holds is said, what does not is an AssertionError.
"""
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import kinds

PATIENCE = 600  # seconds, for each thing waited for: an emulated machine on a busy one is slow
BAD = re.compile(rb"Kernel panic|Failed to mount|emergency mode|mount: No such device|error: file `.*' not found")
ROOM = 512 << 20  # how much larger the disk is than the image


def apart():
    if os.environ.get("WAYPOST_APART") != "yes":
        os.environ["WAYPOST_APART"] = "yes"
        os.execvp("unshare", ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", *sys.argv])


def run(*words):
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def holds(what, is_so, said=""):
    assert is_so, ("%s: %s" % (what, said)).rstrip(": ")
    print(("%s: %s" % (what, said)).rstrip(": "), flush=True)


def usb_stick(file, more=""):
    """QEMU's arguments for a stick that is in from the start; `more`: of the drive, as "readonly=on,"."""
    return ["-device", "qemu-xhci", "-drive", "if=none,id=stick,format=raw,%sfile=%s" % (more, file),
            "-device", "usb-storage,drive=stick"]


class Bench:
    """A disk, and what belongs to it while the machine is off. Not `fresh`: the one that was left there."""

    def __init__(self, image, work, room=ROOM, fresh=True):
        self.work, self.kind, self.box = work, kinds.kind_of(image), None
        self.disk, self.log = os.path.join(work, "disk.img"), os.path.join(work, "console.log")
        if not fresh:
            assert os.path.exists(self.disk), "no disk of an earlier part in " + work
            return
        shutil.rmtree(work, ignore_errors=True)
        os.makedirs(work)
        run("cp", "--sparse=always", image, self.disk)
        os.truncate(self.disk, os.path.getsize(image) + room)
        shutil.copy(self.kind.variables, os.path.join(work, "vars.fd"))
        self.boot_variables("SERIAL=%s,115200" % self.kind.serial, "ARGS=%s systemd.wants=waypost-shell@%s.service" %
                            (self.kind.arguments, self.kind.shell_line))

    def boot_variables(self, *changes):
        """grubenv, of a machine that is off."""
        file = os.path.join(self.work, "grubenv")
        run("mcopy", "-n", "-o", "-i", self.disk + "@@1M", "::/grub/grubenv", file)
        if changes:
            run("grub-editenv", file, "set", *changes)
            run("mcopy", "-o", "-i", self.disk + "@@1M", file, "::/grub/grubenv")
        return dict(line.split("=", 1) for line in run("grub-editenv", file, "list").splitlines())

    def add_arguments(self, words):
        """For the kernel, from the next start on."""
        self.boot_variables("ARGS=%s %s" % (self.boot_variables()["ARGS"], words))

    def place(self, name):
        """Where a partition begins, and its size, in bytes."""
        table = json.loads(run("sfdisk", "--json", self.disk))["partitiontable"]
        part = next(each for each in table["partitions"] if each["name"] == name)
        return part["start"] * 512, part["size"] * 512

    def drive(self):
        """What QEMU takes for the disk."""
        return self.disk

    def start(self, more=()):
        return Box(self, more)

    def switch_off(self):
        """Whatever is on."""
        if self.box and self.box.is_on():
            self.box.pull_the_plug()

    def last_said(self):
        with open(self.log, "rb") as file:
            plain = re.sub(rb"\x1b\[[0-9;=]*[A-Za-z]| {20,}", b"", file.read())
        return plain[-2000:].decode(errors="replace")


class Box:
    """The machine, switched on; `more`: arguments of QEMU."""

    def __init__(self, bench, more=()):
        self.bench, self.port, self.started = bench, free_port(), time.monotonic()
        bench.box = self
        self.seen_from = os.path.getsize(bench.log) if os.path.exists(bench.log) else 0
        shell, self.console = os.path.join(bench.work, "shell"), os.path.join(bench.work, "console")
        self.process = subprocess.Popen(
            [*bench.kind.machine, "-accel", "tcg,thread=multi", "-smp", "2", "-m", "512",
             "-display", "none", "-no-user-config", "-nodefaults",
             "-drive", "if=pflash,format=raw,unit=0,readonly=on,file=" + bench.kind.firmware,
             "-drive", "if=pflash,format=raw,unit=1,file=" + os.path.join(bench.work, "vars.fd"),
             # The firmware remembers what it started from, and once a stick was in tries the network for minutes first.
             "-drive", "if=none,id=disk,format=raw,file=" + bench.drive(), "-device", "virtio-blk-pci,drive=disk,bootindex=0",
             "-nic", "user,model=virtio-net-pci,restrict=on,hostfwd=tcp:127.0.0.1:%d-:8080" % self.port,
             "-device", "i6300esb", "-device", "virtio-rng-pci",
             "-chardev", "socket,id=console,server=on,wait=off,path=%s,logfile=%s,logappend=on" % (self.console, bench.log),
             "-serial", "chardev:console",
             "-chardev", "socket,id=shell,server=on,wait=off,path=" + shell, *bench.kind.shell, *more],
            stdin=subprocess.DEVNULL)
        while not os.path.exists(shell):
            time.sleep(0.1)
        self.shell = socket.socket(socket.AF_UNIX)
        self.shell.connect(shell)

    def seconds(self):
        return time.monotonic() - self.started

    def forget_said(self):
        self.seen_from = os.path.getsize(self.bench.log)

    def said(self):
        with open(self.bench.log, "rb") as file:
            file.seek(self.seen_from)
            return file.read()

    def type(self, text):
        """On the first serial line, after a prompt."""
        with socket.socket(socket.AF_UNIX) as line:
            line.connect(self.console)
            line.sendall(text.encode() + b"\r")
            time.sleep(2)  # what is hung up is lost

    def until(self, what, is_so, patience=PATIENCE, bad=BAD):
        since = time.monotonic()
        while not is_so():
            wrong = bad and bad.search(self.said())
            assert not wrong, "while waiting for %s: %s" % (what, wrong.group())
            assert self.process.poll() is None, "QEMU ended"
            assert time.monotonic() - since < patience, "waited too long for " + what
            time.sleep(0.5)

    def health(self, patience=5):
        """What /api/health says, {} while nobody answers. QEMU takes the connection before the box does, and then says nothing
        until this is over: short where it is to be told when the box is there."""
        try:
            with urllib.request.urlopen("http://127.0.0.1:%d/api/health" % self.port, timeout=patience) as answer:
                return json.load(answer)
        except (OSError, urllib.error.URLError, ValueError):
            return {}

    def is_healthy(self):
        return self.health().get("health") in ("ok", "degraded")

    def until_healthy(self, **how):
        self.until("the console to be healthy", self.is_healthy, **how)
        print("healthy after %.0f s" % self.seconds(), flush=True)

    def ask(self, command, patience=PATIENCE):
        """What the command says, by the shell on the second serial line."""
        mark = str(time.monotonic_ns())
        # In two parts each, so that the echo of the line is not taken for the answer; a prompt may stand before both.
        self.shell.settimeout(patience)
        self.shell.sendall(("echo from'-'%s; { %s; } 2>&1; echo; echo to'-'%s\n" % (mark, command, mark)).encode())
        pattern = re.compile(("from-%s\r?\n(.*)\r?\nto-%s\r?\n" % (mark, mark)).encode(), re.DOTALL)
        got = b""
        while not pattern.search(got):
            piece = self.shell.recv(65536)
            assert piece, "the shell is gone"
            got += piece
        return pattern.search(got).group(1).decode(errors="replace").replace("\r", "").strip()

    def ask_if_there(self, command, patience=10):
        """'' while the shell is not there yet: what it was sent then is lost."""
        try:
            return self.ask(command, patience)
        except TimeoutError:
            return ""

    def memory(self):
        """MiB in use, and that there are."""
        there = {name: int(value) >> 10 for name, value in
                 re.findall(r"(\w+): +(\d+) kB", self.ask("head -n 5 /proc/meminfo"))}
        return there["MemTotal"] - there["MemAvailable"], there["MemTotal"]

    def no_unit_failed(self):
        failed = self.ask("systemctl --failed --no-legend --plain")
        holds("no unit failed", not failed, failed)

    def claim_code(self):
        """Of a box of nobody's, once it is on the serial line."""
        code = re.compile(rb"laim code: +([0-9a-z-]+)")
        self.until("the claim code on the serial line", lambda: code.search(self.said()))
        return code.search(self.said()).group(1).decode()

    def until_starts_anew(self):
        """After it was told to restart: past its boot loader, and the shell is there again."""
        self.until("the boot loader", lambda: b"Slot " in self.said())
        self.started = time.monotonic()
        self.until("the shell", lambda: self.ask_if_there("echo here", patience=5) == "here")

    def slot(self):
        return re.search(r"waypost\.slot=(\w)", self.ask("cat /proc/cmdline")).group(1)

    def until_slot_is_good(self, **how):
        self.until("the slot to be good", lambda: self.ask("systemctl is-active waypost-slot-good") == "active", **how)

    def is_on(self):
        return self.process.poll() is None

    def pull_the_plug(self):
        self.shell.close()
        self.process.kill()
        self.process.wait()
        for each in ("shell", "console"):
            os.unlink(os.path.join(self.bench.work, each))
