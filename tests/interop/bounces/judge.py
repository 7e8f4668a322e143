#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Reads the real bounces of the package flufl.bounce twice, by its own detector and by ours.

judge.py READ_BOUNCES: both must say the same of each sample, who failed or waits, except of those
in README.md's table, of which each must be answered as it says there.
"""
import email
import glob
import json
import os
import subprocess
import sys

import flufl.bounce

SAMPLES = 115  # as of version 4.0
# Our answer where it differs from the detector's. Why: README.md.
KNOWN = {
    "aol_01.txt": ("failed", ""),
    "bounce_01.txt": ("failed", ""),
    "microsoft_01.txt": ("failed", "userx@example.com"),
    "microsoft_03.txt": ("", ""),
    "microsoft_04.txt": ("failed", "userx@example.com"),
    "simple_43.txt": ("failed", ""),
    "yale_01.txt": ("failed", ""),
}


def judged(path):
    """What became of it and the addresses that may be named, lower case."""
    with open(path, "rb") as sample:
        message = email.message_from_binary_file(sample)
    delayed, failed = flufl.bounce.all_failures(message)
    action = "failed" if failed else "delayed" if delayed else ""
    return action, {address.decode("utf-8", "replace").lower() for address in failed or delayed}


def main():
    folder = os.path.join(os.path.dirname(flufl.bounce.__file__), "tests", "data")
    samples = sorted(glob.glob(os.path.join(folder, "*.txt")))
    answer = subprocess.run([sys.argv[1], *samples], capture_output=True, check=True, timeout=60)
    ours = [json.loads(line) for line in answer.stdout.decode().splitlines()]
    if len(samples) != SAMPLES or len(ours) != SAMPLES:
        print(f"{len(samples)} samples and {len(ours)} answers, not {SAMPLES}")
        return 1
    agreed = wrong = 0
    for path, said in zip(samples, ours):
        name = os.path.basename(path)
        mine = (said["action"], said.get("recipient", "").lower())
        action, addresses = judged(path)
        agrees = mine[0] == action and (mine[1] in addresses or not addresses)
        agreed += agrees
        if agrees == (name in KNOWN) or mine != KNOWN.get(name, mine):
            wrong += 1
            print(f"{name}: the detector says {action} {sorted(addresses)}, we say {mine}")
    print(f"{agreed} of {SAMPLES} as the detector says, {SAMPLES - agreed} differ, {wrong} unexpected")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
