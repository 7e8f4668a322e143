#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# run.sh WORK-FOLDER PATH-OF-waypost: installs the client from the lock file, outside the sources, and runs the test.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
cp "$here/package.json" "$here/package-lock.json" "$here/.npmrc" "$here/client_test.mjs" "$1/"
cd "$1"
[ -d node_modules/@meshtastic/core ] || npm ci --omit=dev --silent
exec node client_test.mjs "$2"
