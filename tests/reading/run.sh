#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# run.sh WORK-FOLDER PATH-OF-waypost-what-is-left: the marked mails against what the code leaves of them.
# The figures that the code reached when this was written are in doc/measured.md; below is what it may not fall under.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
"$here/fetch_ham.sh" "$1/ham"
exec python3 "$here/measure.py" "$2" "$1/ham" --worst 5 --recall 0.995 --precision 0.935
