#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# run.sh WORK-FOLDER ARGUMENTS...: installs the library from the lock file, outside the sources, and runs talk.mjs.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
cp "$here/package.json" "$here/package-lock.json" "$here/.npmrc" "$here/talk.mjs" "$1/"
cd "$1"
[ -d node_modules/@xmpp/client ] || npm ci --omit=dev --silent
exec node talk.mjs "${@:2}"
