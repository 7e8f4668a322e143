#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Another Wi-Fi, by which the box gets to the Internet: the third hwsim radio in a network of its own, with a web server.
set -eu
kit=/run/kit
here=/run/town
mkdir -p "$here/www"
echo 'This is the town.' >"$here/www/index.html"
inside() { ip netns exec town "$@"; }
ip netns add town
iw phy phy2 set netns name town
inside ip link set lo up
inside ip addr add 10.9.9.1/24 dev wlan2
cat >"$here/hostapd.conf" <<TEXT
interface=wlan2
driver=nl80211
ssid=Town
hw_mode=g
channel=11
wpa=2
wpa_key_mgmt=WPA-PSK
rsn_pairwise=CCMP
wpa_passphrase=a word of the town
TEXT
cat >"$here/udhcpd.conf" <<TEXT
interface wlan2
start 10.9.9.50
end 10.9.9.60
lease_file $here/leases
option router 10.9.9.1
option subnet 255.255.255.0
option dns 10.9.9.1
TEXT
: >"$here/leases"
inside hostapd -B "$here/hostapd.conf" >"$here/hostapd.log"
inside "$kit/busybox" udhcpd "$here/udhcpd.conf"
inside env PYTHONHOME="$kit" "$kit/python" -m http.server --directory "$here/www" 80 </dev/null >"$here/www.log" 2>&1 &
