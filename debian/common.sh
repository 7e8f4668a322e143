# SPDX-License-Identifier: Apache-2.0
# Sourced by dev, image/build.sh and tests/package/run.sh.
release=bookworm

# The words of a file that has comments, one a line.
words() { sed 's/#.*//' "$1" | tr -s ' ' '\n' | sed '/^$/d'; }

# Calls the script anew, so that one kill ends all that it started and no mount is seen outside.
apart() {
    [ "${WAYPOST_APART:-}" = yes ] ||
        WAYPOST_APART=yes exec unshare --mount --pid --fork --kill-child --mount-proc "$0" "$@"
}

# Debian's mirrors of this machine, for mmdebstrap.
mirror_lines() {
    apt-get indextargets --format 'deb $(REPO_URI) $(CODENAME) $(COMPONENT)' 'Identifier: Packages' |
        grep " ${release}[a-z-]* main\$" | sort -u
}
