# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2154
# Sourced by build.sh: the file systems and the table of partitions, so made that the same root, package and SOURCE_DATE_EPOCH
# give the same bytes (`reproducible` tries it): no time and no number of the moment is in them.

# The same for each build, another for each name.
uuid_of() { printf '%s\n' "$1" | sha256sum | sed -E 's/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*/\1-\2-4\3-8\4-\5/'; }

# ext4_of FOLDER FILE LABEL. mkfs takes the times of the files over, and two of them no program sets.
ext4_of() {
    find "$1" -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +
    E2FSPROGS_FAKE_TIME=$SOURCE_DATE_EPOCH mkfs.ext4 -q -L "$3" -U "$(uuid_of "$board $3")" \
        -E "hash_seed=$(uuid_of "$board $3 names"),lazy_itable_init=0" -d "$1" "$2"
    for each in atime ctime; do
        find "$1" -mindepth 1 -printf "set_inode_field \"/%P\" $each @$SOURCE_DATE_EPOCH\n"
    done | LC_ALL=C sort >"$2.times"
    E2FSPROGS_FAKE_TIME=$SOURCE_DATE_EPOCH debugfs -w -f "$2.times" "$2" >/dev/null 2>&1
}

# fat_of FOLDER FILE LABEL. In the order of names: mcopy goes by the folder's own.
fat_of() {
    mkfs.vfat -F 32 -n "$3" --invariant -i "$(uuid_of "$board $3" | cut -c-8)" "$2" >/dev/null
    find "$1" -exec touch --date="@$SOURCE_DATE_EPOCH" {} +
    (cd "$1" && find . -mindepth 1 -type d -printf '%P\n') | LC_ALL=C sort | while read -r each; do
        TZ=UTC mmd -i "$2" "::/$each"
    done
    (cd "$1" && find . -type f -printf '%P\n') | LC_ALL=C sort | while read -r each; do
        TZ=UTC mcopy -m -i "$2" "$1/$each" "::/$each"
    done
}

# partitioned FILE <<lines of sfdisk: the table, with a name and a number for each.
partitioned() {
    local each
    {
        echo "label: gpt"
        echo "label-id: $(uuid_of "$board disk")"
        while read -r each; do echo "$each, uuid=$(uuid_of "$board ${each##*name=}")"; done
    } | sfdisk --quiet "$1"
}
