#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What udhcpc of the phone calls with a lease.
# shellcheck disable=SC2154  # udhcpc sets them
case $1 in
    bound | renew)
        ip addr replace "$ip/$mask" dev "$interface"
        ip route replace default via "$router"
        echo "nameserver $dns" >/run/phone/resolv.conf
        env >/run/phone/lease
        ;;
esac
