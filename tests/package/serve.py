#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""serve.py ROOT PHASE: the installed waypostd in ROOT, as its user with its settings, until the console answers.

PHASE `first` makes a group; `upgraded` finds the group, and what the store of an older release had. In a network and with
mounts of its own (run.sh). Plays the service manager: Type=notify and the watchdog. Programs of another kind of machine run
emulated, with no filters of system calls, neither the unit's nor what waypost-shrink sets for itself.
"""
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request

sys.path.insert(0, os.path.dirname(__file__))
import confined  # noqa: E402

root, phase = os.path.abspath(sys.argv[1]), sys.argv[2]
UNIT = root + "/lib/systemd/system/waypost.service"
PICTURE = os.path.dirname(os.path.abspath(__file__)) + "/../../doc/pictures/console-radio.png"
PATIENCE = 120  # seconds, for each thing waited for


def entry(file, name):
    with open(root + file, encoding="utf-8") as lines:
        return next(line.rstrip("\n").split(":") for line in lines if line.startswith(name + ":"))


class Manager:
    """The socket of a service manager."""

    def __init__(self):
        self.name = "/run/waypost/notify"
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        if os.path.exists(root + self.name):
            os.unlink(root + self.name)
        self.socket.bind(root + self.name)
        os.chmod(root + self.name, 0o666)
        self.socket.settimeout(PATIENCE)

    def wait_for(self, word):
        while True:
            said = self.socket.recv(4096).decode()
            print("   ", said)
            if word in said.split("\n"):
                return


def waypost(*words):
    done = subprocess.run(["chroot", root, "waypost", *words], capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 0, (words, done.stdout, done.stderr)
    return done.stdout


def page(path):
    with urllib.request.urlopen("http://127.0.0.1:8080" + path, timeout=PATIENCE) as answer:
        assert answer.status == 200
        return answer.read().decode()


class ByTheSocket(http.client.HTTPConnection):
    """The API as the command line reaches it."""

    def __init__(self):
        super().__init__("localhost", timeout=PATIENCE)

    def connect(self):
        os.chdir(root + "/run/waypost")  # a path of at most 107 bytes
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect("waypost.sock")

    def ask(self, method, path, body=None):
        self.request(method, path, body=json.dumps(body) if body else None)
        answer = self.getresponse()
        said = answer.read().decode()
        assert answer.status == 200, (method, path, answer.status, said)
        return json.loads(said)


def save_by_the_page():
    """What the page does: a setting, and a copy of all."""
    api = ByTheSocket()
    change = {"section": "box", "key": "village", "value": "hill"}
    api.ask("PATCH", "/settings", {"version": api.ask("GET", "/settings")["version"], "changes": [change]})
    api.ask("POST", "/backups")


def is_confined(process):
    with open("/proc/%d/status" % process.pid, encoding="utf-8") as lines:
        status = dict(line.rstrip("\n").split(":\t", 1) for line in lines if ":\t" in line)
    assert status["Uid"].split()[0] != "0"
    assert (status["Seccomp"], status["Seccomp_filters"], status["NoNewPrivs"]) == ("2", "4", "1"), status


def shrink_runs(person):
    """The helper that looks into pictures sets a filter of its own below that of the unit."""
    with open(PICTURE, "rb") as picture:
        done = confined.start(UNIT, root, ["/usr/libexec/waypost/waypost-shrink", "20480"], {}, **person, stdin=picture,
                              stdout=subprocess.PIPE)
        made = done.communicate(timeout=PATIENCE)[0]
    assert done.returncode == 0 and made.startswith(b"RIFF"), (done.returncode, made[:20])


def is_foreign():
    """Whether this machine's processor cannot run what is in ROOT."""
    with open("/proc/self/exe", "rb") as ours, open(root + "/usr/sbin/waypostd", "rb") as theirs:
        return ours.read(20)[18:] != theirs.read(20)[18:]  # ELF's e_machine


manager = Manager()
user = entry("/etc/passwd", "waypost")
person = {"uid": int(user[2]), "gid": int(user[3]),
          "groups": [int(entry("/etc/group", "dialout")[2]), int(user[3])]}
assert "waypost" in entry("/etc/group", "dialout")[3].split(",")
environment = {"PATH": "/usr/bin:/bin", "NOTIFY_SOCKET": manager.name, "WATCHDOG_USEC": "8000000"}
foreign = is_foreign()
daemon = confined.start(None if foreign else UNIT, root, ["/usr/sbin/waypostd"], environment, **person)
try:
    manager.wait_for("READY=1")
    if not foreign:
        is_confined(daemon)
    assert "<html" in page("/")
    assert not json.loads(page("/api/session"))["claimed"]
    assert "laim code: " in waypost("console", "claim-code")
    waypost("config", "check")
    waypost("status")
    if phase == "first":
        waypost("groups", "add", "news")
        save_by_the_page()
    assert "news" in waypost("groups")
    if phase == "upgraded":
        assert "ana" in waypost("people"), "who lived here is gone"
    if foreign:
        print("    emulated: filters of system calls and waypost-shrink are not tried")
    else:
        shrink_runs(person)
    manager.wait_for("WATCHDOG=1")
    daemon.send_signal(signal.SIGHUP)
    manager.wait_for("RELOADING=1")
    manager.wait_for("READY=1")
    manager.wait_for("WATCHDOG=1")
    assert "<html" in page("/")
finally:
    daemon.send_signal(signal.SIGTERM)
    code = daemon.wait(PATIENCE)
manager.wait_for("STOPPING=1")
assert code == 0, code
print("  " + phase + ": served and ended")
