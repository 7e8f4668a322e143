#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# usb_machine.sh FOLDER BIN: runs a box (FOLDER/waypost.toml) and a village on the air (FOLDER/air.toml)
# as on a machine of their own: its serial ports are what lies in FOLDER/tty, and /dev belongs to it.
# To be run by `unshare --mount`, so that nobody else sees that. The input is typed into the village
# and the output is what it says; with the end of the input both end.
set -eu
folder=$1
bin=$2
mkdir -p "$folder/tty" "$folder/dev"
mount --rbind /dev "$folder/dev"
mount -t tmpfs waypost-test /dev
for each in null zero full random urandom tty; do
    : > "/dev/$each"
    mount --bind "$folder/dev/$each" "/dev/$each"
done
for each in pts shm; do
    mkdir "/dev/$each"
    mount --rbind "$folder/dev/$each" "/dev/$each"
done
ln -s pts/ptmx /dev/ptmx
mount --bind "$folder/tty" /sys/class/tty
cd "$folder"
"$bin/waypostd" --config waypost.toml > waypostd.log 2>&1 &
box=$!
"$bin/waypost" simulate air.toml --json || true
kill "$box"
wait "$box" || true
