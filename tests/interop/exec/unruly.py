#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A program that does wrong, in the way that its argument says."""
import json
import os
import signal
import subprocess
import sys
import time


def say(**line):
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


how = sys.argv[1]
if how == "ends":
    sys.exit(3)
if how == "silent":
    sys.stdin.read()
if how == "rubbish":
    while True:
        sys.stdout.write("this is no JSON\n")
        sys.stdout.flush()
if how == "endless":  # one line without an end, then one that is right
    say(hello=1)
    for _ in range(100):
        sys.stdout.write("x" * 65536)
    sys.stdout.write("\n")
    say(accept=1, **{"from": "sms:+1"}, to=["ana"], text="still here")
    sys.stdin.read()
if how == "deaf":  # its input is never read
    say(hello=1, limits={"window": 64})
    time.sleep(600)
if how == "flood":  # asks much more than it listens to
    say(hello=1)
    for number in range(4000):
        say(accept=number, **{"from": "sms:+1"}, to=["ana"], text="again", origin_id=str(number))
    time.sleep(600)
if how == "stubborn":  # hears no signal, and has a child that does not either
    for each in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(each, signal.SIG_IGN)
    child = subprocess.Popen(["sleep", "600"])
    say(hello=1)
    say(log=f"pids {os.getpid()} {child.pid}")
    with open(sys.argv[2], "w", encoding="ascii") as file:
        file.write(f"{os.getpid()} {child.pid}\n")
    while True:
        time.sleep(600)
if how == "dies":  # with the first delivery in hand; the second time it is a good one
    say(hello=1)
    for line in sys.stdin:
        d = json.loads(line)
        if "deliver" not in d:
            continue
        with open(sys.argv[2], "a", encoding="utf-8") as file:
            file.write(f"{d['wire_id']} {d.get('resume', False)}\n")
        if not d.get("resume"):
            os.kill(os.getpid(), signal.SIGKILL)
        say(report=d["deliver"], outcome="sent")
if how == "environment":
    say(hello=1)
    open_files = [n for n in os.listdir("/proc/self/fd") if os.path.exists(f"/proc/self/fd/{n}")]
    names = sorted(n for n in os.environ if n != "LC_CTYPE")  # which python sets by itself
    with open(sys.argv[2], "w", encoding="utf-8") as file:
        file.write("|".join([" ".join(names), os.getcwd(), os.environ["TOKEN"], " ".join(sorted(open_files))]))
    sys.stdin.read()
if how == "figures":
    say(hello=1)
    say(status={"metrics": {"signal_dbm": -71.5, "snr_db": 4, "sent": 99}})
    sys.stdin.read()
if how == "last words":  # what it has in hand it reports when its input ends
    say(hello=1)
    numbers = [d["deliver"] for d in map(json.loads, sys.stdin) if "deliver" in d]
    for number in numbers:
        say(report=number, outcome="delivered")
