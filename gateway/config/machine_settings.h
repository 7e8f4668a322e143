// SPDX-License-Identifier: Apache-2.0
// Settings of the machine that the box is: its Wi-Fi, its power, and copies of it that leave it.
// Tables of core_settings.cpp.
#pragma once

#include <array>

#include "gateway/config/setting.h"

namespace waypost {

inline constexpr std::array kWifiSettings = {
    Setting{"country", Setting::Kind::Text, "", "", "",
            "where the box stands, as its two letters, KE: whose law holds for its Wi-Fi; without "
            "it only what is allowed everywhere is used",
            false},
    Setting{"access_point", Setting::Kind::Boolean, "true", "", "",
            "the box has a Wi-Fi of its own, for the village's phones", false},
    Setting{"name", Setting::Kind::Text, "", "", "",
            "of that Wi-Fi, at most 32 bytes; else Waypost and four digits of this box", false},
    Setting{
        "password_file", Setting::Kind::SecretFile, "", "", "",
        "the password of that Wi-Fi, 8 to 63 letters, digits and signs; without it the Wi-Fi is "
        "open, and whoever is near can read what passes in clear",
        false},
    Setting{"uplink", Setting::Kind::Text, "", "", "",
            "name of another Wi-Fi, by which the box itself gets to the Internet; needs a second "
            "Wi-Fi device, unless access_point is off",
            false},
    Setting{"uplink_password_file", Setting::Kind::SecretFile, "", "", "",
            "the password of that other Wi-Fi; without it it is an open one", false},
    Setting{"share", Setting::Kind::Boolean, "false", "", "",
            "while the box has the Internet, by a cable or that other Wi-Fi, the phones in its own "
            "Wi-Fi have it too",
            false},
    Setting{"address", Setting::Kind::Text, "", "", "",
            "of the box in its own Wi-Fi, as the image has it, 10.41.0.1: who asks there for any "
            "other host is shown the page; empty: nobody is",
            false, true},
    Setting{"plan", Setting::Kind::Path, "", "", "",
            "file that tells the image's units all this; without it the machine's Wi-Fi is not the "
            "gateway's affair",
            false, true},
};

inline constexpr std::array kPowerSettings = {
    Setting{"battery", Setting::Kind::Text, "", "", "",
            "radio that tells the charge of the battery which the box runs from too, as "
            "meshtastic.roof; else what the machine tells counts",
            false},
    Setting{"wifi_off_below", Setting::Kind::Integer, "30", "0..100", "%",
            "with less charge, and no mains, the image switches its Wi-Fi off; 0: never", false},
    Setting{"console_off_below", Setting::Kind::Integer, "15", "0..100", "%",
            "with less, the page for a browser goes too; the command line and the radios stay; 0: "
            "never",
            false},
    Setting{"wait", Setting::Kind::Duration, "2m", "0s..1h", "",
            "what is switched off, or on again, is announced for so long", false},
};

inline constexpr std::array kBackupSettings = {
    Setting{"to", Setting::Kind::Text, "", "", "",
            "where the box copies itself by the clock, encrypted: \"stick\", any stick that has a "
            "folder waypost-backups; or the path of a folder; empty: nowhere",
            false},
    Setting{"recipients", Setting::Kind::List, "", "", "",
            "public keys of age that these copies are encrypted to, [\"age1...\"]: who has the "
            "secret key of one can read them, and the box cannot",
            false},
    Setting{"every", Setting::Kind::Duration, "1d", "1m..400d", "",
            "time from one copy to the next; where no stick is there it is made when one comes",
            false},
    Setting{"keep", Setting::Kind::Integer, "7", "1..1000", "",
            "so many copies of this box stay on a stick; the oldest go", false},
    Setting{"sticks", Setting::Kind::List, "", "", "",
            "folders below which the system mounts sticks; else /media and /run/media", false},
};

}  // namespace waypost
