#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# run.sh WORK-FOLDER STAGE WAYPOST: installs the core from the lock file, outside the sources, and runs the test.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
cp "$here"/package.json "$here"/package-lock.json "$here"/.npmrc "$here"/*.mjs "$here"/*.asc "$1/"
cd "$1"
# Not `npm ci`: that insists on the packages of all systems, of which the registry lacks three. What is
# installed is what the lock file names, by its hash.
[ -d node_modules/@deltachat/stdio-rpc-server ] || npm install --omit=dev --silent
exec node deltachat_test.mjs "$2" "$3"
