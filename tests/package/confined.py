# SPDX-License-Identifier: Apache-2.0
"""Runs a program as the unit's user, under the filters of system calls that systemd would set for its unit.

Of the unit's lines this reads SystemCallFilter, and sets what ProtectClock, MemoryDenyWriteExecute,
RestrictAddressFamilies and NoNewPrivileges mean for system calls (systemd.exec(5)). Mounts, namespaces and devices need a
systemd that runs.
"""
import ctypes
import ctypes.util
import os
import re
import socket
import subprocess

ALLOW, ERRNO_EPERM = 0x7FFF0000, 0x00050001
ERRNO_NO_FAMILY = 0x00050000 | 97
EQUAL, MASKED_EQUAL = 4, 7
PROT_WRITE, PROT_EXEC, SHM_EXEC = 2, 4, 0o100000


class Compare(ctypes.Structure):
    _fields_ = [("arg", ctypes.c_uint), ("op", ctypes.c_int), ("a", ctypes.c_uint64), ("b", ctypes.c_uint64)]


library = ctypes.CDLL(ctypes.util.find_library("seccomp") or "libseccomp.so.2")
library.seccomp_init.restype = ctypes.c_void_p
library.seccomp_load.argtypes = [ctypes.c_void_p]


def values(unit, key):
    with open(unit, encoding="utf-8") as lines:
        return [line.split("=", 1)[1].split() for line in lines if line.startswith(key + "=")]


def members(name):
    """The system calls of a set, as this machine's systemd has it."""
    if not name.startswith("@"):
        return {name}
    text = subprocess.run(["systemd-analyze", "syscall-filter", name], capture_output=True, text=True, check=True).stdout
    found = set()
    for word in re.findall(r"^    ([-@a-z0-9_]+)$", text, re.MULTILINE):
        found |= members(word)
    return found


def allowed_calls(unit):
    allowed = set()
    for words in values(unit, "SystemCallFilter"):
        if words[0].startswith("~"):
            for word in [words[0][1:], *words[1:]]:
                allowed -= members(word)
        else:
            for word in words:
                allowed |= members(word)
    # systemd itself always lets these pass, to start what it confines.
    return allowed | members("@default") | {"execve"}


class Filter:
    def __init__(self, otherwise):
        self.context = ctypes.c_void_p(library.seccomp_init(ctypes.c_uint32(otherwise)))

    def rule(self, action, call, *compares):
        number = library.seccomp_syscall_resolve_name(call.encode())
        if number < 0:
            return  # of another machine
        made = library.seccomp_rule_add_array(
            self.context, ctypes.c_uint32(action), number, len(compares), (Compare * len(compares))(*compares))
        if made != 0:
            raise OSError(-made, "seccomp rule of " + call)

    def load(self):
        failed = library.seccomp_load(self.context)
        if failed != 0:
            raise OSError(-failed, "seccomp_load")


def filters(unit):
    calls = Filter(ERRNO_EPERM)
    for call in sorted(allowed_calls(unit)):
        calls.rule(ALLOW, call)
    memory = Filter(ALLOW)
    memory.rule(ERRNO_EPERM, "mmap", Compare(2, MASKED_EQUAL, PROT_EXEC | PROT_WRITE, PROT_EXEC | PROT_WRITE))
    for call in ("mprotect", "pkey_mprotect"):
        memory.rule(ERRNO_EPERM, call, Compare(2, MASKED_EQUAL, PROT_EXEC, PROT_EXEC))
    memory.rule(ERRNO_EPERM, "shmat", Compare(2, MASKED_EQUAL, SHM_EXEC, SHM_EXEC))
    families = Filter(ALLOW)
    named = {getattr(socket, name) for name in values(unit, "RestrictAddressFamilies")[0]}
    for family in sorted(set(range(46)) - named):
        families.rule(ERRNO_NO_FAMILY, "socket", Compare(0, EQUAL, family, 0))
    clock = Filter(ALLOW)
    for call in members("@clock"):
        clock.rule(ERRNO_EPERM, call)
    # That of the calls last: after it no other could be set.
    return [memory, families, clock, calls]


def start(unit, root, words, environment, uid, gid, groups, **more):
    """With `unit` None: as that user, under no filters."""
    ready, umask = (filters(unit), int(values(unit, "UMask")[0][0], 8)) if unit else ([], 0o077)

    def confine():
        os.chroot(root)
        os.chdir("/")
        os.umask(umask)
        os.setgroups(groups)
        os.setgid(gid)
        os.setuid(uid)
        for each in ready:
            each.load()

    return subprocess.Popen(words, env=environment, preexec_fn=confine, close_fds=True, **more)
