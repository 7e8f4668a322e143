# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2154
# Sourced by build.sh: what makes a release one that boxes install (rauc). doc/update.md has the operator's side.
#   WAYPOST_SIGNING_KEY, WAYPOST_SIGNING_CERT    PEM files; without them a key of this checkout alone
#   WAYPOST_KEYRING                              PEM file of all certificates that the box believes; without it that one
#   WAYPOST_RELEASE                              the release's name: newer ones sort behind older ones, as versions do

signing_key() {
    key=${WAYPOST_SIGNING_KEY:-}
    cert=${WAYPOST_SIGNING_CERT:-}
    if [ -z "$key" ]; then
        key=$kept/keys/key.pem
        cert=$kept/keys/cert.pem
        if [ ! -e "$cert" ]; then
            mkdir -m 700 "$kept/keys"
            openssl req -x509 -newkey rsa:3072 -nodes -days 7300 -subj '/CN=Waypost, for trials' \
                -keyout "$key" -out "$cert" 2>/dev/null
        fi
        say "signed by a key for trials, $key: a box in use wants one of its own (doc/update.md)"
    fi
    keyring=${WAYPOST_KEYRING:-$cert}
}

# The version, and when what is in it was made: two builds of one version are told apart.
release_name() {
    echo "${WAYPOST_RELEASE:-$(dpkg-deb --field "$package" Version)+$(date -u -d "@$SOURCE_DATE_EPOCH" +%Y%m%d.%H%M%S)}"
}

can_update() {
    release_is=$(release_name)
    signing_key
    echo "$release_is" >"$tree/usr/share/waypost/release"
    sed -i "s/@BOARD@/$board/" "$tree/etc/rauc/system.conf"
    cp "$keyring" "$tree/etc/rauc/keyring.pem"
    systemctl --root="$tree" --quiet enable waypost-update-boot.service waypost-update.path
    systemctl --root="$tree" --quiet disable rauc.service
}

# bundle ROOT FILE: of a squashfs with a whole system.
bundle() {
    rm -rf "$parts/bundle" "$2"
    mkdir "$parts/bundle"
    ln "$1" "$parts/bundle/root.img"
    cat >"$parts/bundle/manifest.raucm" <<TEXT
[update]
compatible=waypost-$board
version=$release_is

[bundle]
format=verity

[image.rootfs]
filename=root.img
TEXT
    rauc bundle --cert="$cert" --key="$key" "$parts/bundle" "$2" >"$out/rauc.log" 2>&1 || { cat "$out/rauc.log"; return 1; }
    rm -rf "$parts/bundle"
}
