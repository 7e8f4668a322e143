#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What our reader leaves of each marked mail against what a person would keep.

measure.py TOOL HAM-FOLDER [--worst N] [--each] [--recall R] [--precision P] [--file NAME]
TOOL is waypost-what-is-left. Words are compared in their order. With --recall or --precision the
exit status says whether the figure is reached.
"""
import argparse
import difflib
import hashlib
import json
import pathlib
import re
import subprocess
import sys

import render

HERE = pathlib.Path(__file__).parent


def words(text):
    return re.findall(r"\w+", text.lower())


def kept_lines(ranges):
    kept = set()
    for each in filter(None, ranges.split(",")):
        first, _, last = each.partition("-")
        kept.update(range(int(first), int(last or first) + 1))
    return kept


def marked_words(mark, raw):
    if hashlib.sha256(raw).hexdigest() != mark["sha256"]:
        sys.exit(f"{mark['file']} is not the mail that was marked")
    lines = render.lines(raw)
    if len(lines) != mark["lines"]:
        sys.exit(f"{mark['file']}: {len(lines)} lines, marked were {mark['lines']}")
    kept = kept_lines(mark["keep"])
    return words("\n".join(line for n, line in enumerate(lines, 1) if n in kept))


def in_order(a, b):
    """How many words both have, in the same order."""
    blocks = difflib.SequenceMatcher(None, a, b, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks)


def share(part, whole):
    return part / whole if whole else 1.0


class Result:
    def __init__(self, mark, person, ours):
        self.file = mark["file"]
        self.person, self.ours = person, ours
        self.both = in_order(person, ours)

    def row(self):
        return (f"{self.file:60} person {len(self.person):5} ours {len(self.ours):5} "
                f"recall {share(self.both, len(self.person)):.3f} "
                f"precision {share(self.both, len(self.ours)):.3f}")


def show(result):
    """The differences of one mail, a line for each run of words."""
    matcher = difflib.SequenceMatcher(None, result.person, result.ours, autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind != "equal":
            print("  - lost:", " ".join(result.person[a:b]))
            print("  + left:", " ".join(result.ours[c:d]))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("tool")
    parser.add_argument("ham", type=pathlib.Path)
    parser.add_argument("--worst", type=int, default=0)
    parser.add_argument("--each", action="store_true")
    parser.add_argument("--recall", type=float, default=0)
    parser.add_argument("--precision", type=float, default=0)
    parser.add_argument("--file", default="")
    options = parser.parse_args()
    marks = [json.loads(line) for line in open(HERE / "marks.jsonl", encoding="utf-8")]
    names = [str(options.ham / mark["file"]) for mark in marks]
    run = subprocess.run([options.tool], input="\n".join(names) + "\n", text=True,
                         capture_output=True, check=True)
    results = []
    for mark, name, line in zip(marks, names, run.stdout.splitlines(), strict=True):
        person = marked_words(mark, pathlib.Path(name).read_bytes())
        results.append(Result(mark, person, words(json.loads(line).get("text", ""))))
    if options.each:
        for result in results:
            print(result.row())
    if options.worst:
        missed = sorted(results, key=lambda r: r.both - len(r.person))[: options.worst]
        extra = sorted(results, key=lambda r: r.both - len(r.ours))[: options.worst]
        for title, some in (("most lost", missed), ("most left too much", extra)):
            print(title)
            for result in some:
                print(" ", result.row())
    for result in results:
        if options.file and options.file in result.file:
            show(result)
    both = sum(r.both for r in results)
    recall = share(both, sum(len(r.person) for r in results))
    precision = share(both, sum(len(r.ours) for r in results))
    some = [r for r in results if r.person]
    mean_recall = sum(share(r.both, len(r.person)) for r in some) / len(some)
    left = [r for r in results if r.ours]
    mean_precision = sum(share(r.both, len(r.ours)) for r in left) / len(left)
    print(f"{len(results)} mails, {sum(len(r.person) for r in results)} words marked, "
          f"{sum(len(r.ours) for r in results)} left")
    print(f"recall {recall:.4f} (mean of the mails {mean_recall:.4f})")
    print(f"precision {precision:.4f} (mean of the mails {mean_precision:.4f})")
    if recall < options.recall or precision < options.precision:
        sys.exit(f"wanted: recall {options.recall}, precision {options.precision}")


if __name__ == "__main__":
    main()
