#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# phone.sh up NIC | join NAME [PASSWORD] | run COMMAND...: a phone, which is the second hwsim radio in a network of its own.
# Its other device, NIC, is how the browser outside gets into it: a SOCKS proxy there asks for names as the phone does.
set -eu
kit=/run/kit
here=/run/phone
inside() { ip netns exec phone "$@"; }

# With the phone's resolv.conf in the place of the box's.
run() {
    inside sh -c "mount --bind $here/resolv.conf \"\$(readlink -f /etc/resolv.conf)\" && exec \"\$@\"" sh "$@"
}

up() {
    mkdir -p "$here"
    : >"$here/resolv.conf"
    ip netns add phone
    iw phy phy1 set netns name phone
    ip link set "$1" netns phone
    inside ip link set lo up
    inside ip addr add 10.0.9.15/24 dev "$1"
    inside ip link set "$1" up
    run "$kit/microsocks" -i 10.0.9.15 </dev/null >"$here/socks.log" 2>&1 &
}

stop() {
    for each in supplicant dhcp; do
        [ ! -e "$here/$each.pid" ] || kill "$(cat "$here/$each.pid")" || true
        rm -f "$here/$each.pid"
    done
    inside ip addr flush dev wlan1
    rm -f "$here/lease"
}

join() {
    stop
    {
        printf 'network={\n    ssid="%s"\n    scan_ssid=1\n' "$1"
        if [ -n "${2:-}" ]; then printf '    psk="%s"\n' "$2"; else echo '    key_mgmt=NONE'; fi
        echo '}'
    } >"$here/wifi.conf"
    inside wpa_supplicant -B -P "$here/supplicant.pid" -i wlan1 -c "$here/wifi.conf" -f "$here/wifi.log"
    inside "$kit/busybox" udhcpc -b -i wlan1 -p "$here/dhcp.pid" -O 114 -s "$kit/lease.sh" -t 20 -T 3 -A 5 \
        </dev/null >"$here/dhcp.log" 2>&1
}

"$@"
