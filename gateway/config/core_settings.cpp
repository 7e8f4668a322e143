// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "gateway/config/config.h"

namespace waypost {
namespace {

using Kind = Setting::Kind;

constexpr std::array kBox = {
    Setting{"domain", Kind::Text, "", "", "", "the box's own domain: people here are name@domain",
            true, true},
    Setting{"village", Kind::Text, "", "", "",
            "short name of the village, said on the radio; else the domain's first part", false,
            true},
    Setting{"language", Kind::Choice, "en", WAYPOST_LANGUAGES, "",
            "language of people who chose none", false, true},
    Setting{"operators", Kind::List, "", "", "", "handles of those who look after this box", false,
            true},
    Setting{"responders", Kind::List, "", "", "", "handles told of an alarm; else the operators",
            false, true},
    Setting{"timezone", Kind::Text, "", "", "",
            "time zone of the village, as in Africa/Nairobi; else the machine's", false, true},
    Setting{"quiet", Kind::Text, "", "", "",
            "hours in which only alarms go to radios of people who chose none: 22:00-06:00", false,
            true},
    Setting{"later_states", Kind::Boolean, "true", "", "",
            "what became of earlier letters is told with the next receipt", false, true},
    Setting{"place", Kind::GeoPlace, "", "", "",
            "where the box stands, for the map: latitude, longitude, \"47.1234, 11.5678\"", false,
            true},
    Setting{"shut_down", Kind::Text, "", "", "",
            "command that switches the machine off, \"systemctl poweroff\"; empty: the console "
            "offers none",
            false, true},
};
constexpr std::array kStore = {
    Setting{"backups", Kind::Path, "", "", "",
            "folder of the backups that the console makes; else `backups` beside the store", false,
            true},
    Setting{"path", Kind::Path, "waypost.db", "", "",
            "the store's file; bodies lie beside it in FILE.bodies", false, true},
    Setting{"keep_free", Kind::Bytes, "64MiB", "0..1TiB", "bytes",
            "below this much free disk nothing new is taken", false, true},
    Setting{"max_message", Kind::Bytes, "20MiB", "1KiB..1GiB", "bytes",
            "larger messages are refused", false, true},
    Setting{"expiry", Kind::Duration, "30d", "1h..400d", "",
            "what is not delivered by then fails, and its sender is told", false, true},
    Setting{"retention", Kind::Duration, "30d", "1h..4000d", "",
            "texts and names go this long after a message ended", false, true},
};
constexpr std::array kApi = {
    Setting{"socket", Kind::Path, "waypost.sock", "", "",
            "Unix socket of the command line and the console", false, true},
};
constexpr std::array kConsole = {
    Setting{
        "listen", Kind::Text, "", "", "",
        "where the console answers, \"0.0.0.0:80\"; without it there is none. Not encrypted: for "
        "the box's own protected network",
        false, true},
    Setting{"files", Kind::Path, "/usr/share/waypost/console", "", "",
            "folder of the console's page; of a build from source build/console", false, true},
    Setting{"tiles", Kind::Path, "", "", "",
            "file of the map's ground, \"village.pmtiles\"; without it the map is a plain drawing",
            false, true},
};
constexpr std::array kPeople = {
    Setting{"approval", Kind::Boolean, "false", "", "",
            "a new name waits until an operator says yes; till then its radio is a stranger's",
            false, true},
    Setting{"names_per_day", Kind::Integer, "100", "1..100000", "",
            "names that radios may take in a day, all together", false, true},
};
constexpr std::array kLimits = {
    Setting{"stranger_mails_per_day", Kind::Integer, "3", "0..1000", "",
            "mails a radio without a name may send in a day", false, true},
    Setting{"person_mails_per_day", Kind::Integer, "100", "0..100000", "",
            "mails a person may send in a day", false, true},
    Setting{"person_airtime", Kind::Integer, "10", "1..100", "%",
            "share of a radio network's hourly airtime that one person may use while others wait",
            false, true},
    Setting{"person_burst", Kind::Duration, "10s", "1s..10m", "",
            "airtime that a person may use at once before that share counts", false, true},
    Setting{"stranger_airtime", Kind::Integer, "20", "1..100", "%",
            "the same share for all radios without a name together", false, true},
    Setting{"radio_lines_per_minute", Kind::Integer, "30", "0..6000", "",
            "lines one radio may say in a minute, alarms not counted; 0: as many as it likes",
            false, true},
    Setting{"letters_waiting", Kind::Integer, "3", "0..1000", "",
            "letters from one person to radios that wait for the air at a time, while it is short; "
            "0: as many as he likes",
            false, true},
    Setting{"outside_letters_per_hour", Kind::Integer, "60", "0..100000", "",
            "letters from outside to radios in an hour; more go after all else; 0: no limit", false,
            true},
};
constexpr std::array kGroups = {
    Setting{"most", Kind::Integer, "100", "0..10000", "", "groups there may be", false, true},
    Setting{"most_members", Kind::Integer, "2000", "1..100000", "", "members of one group", false,
            true},
    Setting{"radio_posts_per_hour", Kind::Integer, "4", "0..1000", "",
            "posts of all groups together that go to one radio in an hour; more wait for a digest",
            false, true},
    Setting{"digest_every", Kind::Duration, "2h", "1h..7d", "",
            "at most one digest of a group goes to a radio in that time", false, true},
};
constexpr std::array kAttachments = {
    Setting{"quota", Kind::Bytes, "100MiB", "64KiB..1TiB", "bytes",
            "mails with attachments that are kept for one person; the oldest make room", false,
            true},
    Setting{"picture_budget", Kind::Bytes, "20KiB", "1KiB..10MiB", "bytes",
            "what a picture is made to fit where no other size is asked for", false, true},
};
constexpr std::array kNeighbour = {
    Setting{
        "domain", Kind::List, "", "", "",
        "domains that it speaks for; its people are written to at the first: [\"dale.example\"]",
        true, true},
    Setting{"addresses", Kind::List, "", "", "",
            "networks (CIDR) that its mail comes from; mail in its name from elsewhere is then "
            "refused, unless DMARC vouches for it",
            false, true},
    Setting{"nncp", Kind::Text, "", "", "",
            "its name in the node configuration of [nncp.*]: what comes in its packets is its own; "
            "mail in its name from elsewhere is then refused, as with addresses",
            false, true},
    Setting{
        "trunk", Kind::Text, "", "", "",
        "the radio link to it, \"dale\" of [trunk.dale]: what comes by that is its own; mail in "
        "its name from elsewhere is then refused, as with addresses",
        false, true},
    Setting{"messages_per_day", Kind::Integer, "500", "0..1000000", "",
            "messages that it may bring in a day; as many alarms beside them", false, true},
    Setting{"alarms", Kind::Choice, "console", "console|radio", "",
            "where its alarms go: `radio` tells the responders' radios too", false, true},
    Setting{"tell_alarms", Kind::Boolean, "false", "", "", "our alarms are passed on to it", false,
            true},
    Setting{"tell_forget", Kind::Boolean, "true", "", "",
            "it is told which of our people who dealt with its own want to be forgotten; `false` "
            "for a box that is no Waypost",
            false, true},
    Setting{"place", Kind::GeoPlace, "", "", "",
            "where it stands, for the map: latitude, longitude, \"47.2345, 11.6789\"", false, true},
};
constexpr std::array kLog = {
    Setting{"level", Kind::Choice, "info", "error|warning|info|debug", "",
            "how much goes to the journal", false, true},
};

constexpr Section kSections[] = {
    {"box", false, "Who this box is.", kBox},
    {"store", false, "Where messages are kept, and how long.", kStore},
    {"api", false, "How the command line and the console reach the gateway.", kApi},
    {"console", false, "The page for a browser.", kConsole},
    {"people", false, "Who gets a name.", kPeople},
    {"limits", false, "Fair use.", kLimits},
    {"groups", false, "Lists of people, `#news` on the radio and news@domain by mail.", kGroups},
    {"attachments", false, "What comes with mails.", kAttachments},
    {"log", false, "The journal.", kLog},
    {"neighbour", true, "Another village's box: its people are @ben.NAME on the radio.",
     kNeighbour},
};

}  // namespace

std::span<const Section* const> core_sections() {
    static const auto kAll = [] {
        std::array<const Section*, std::size(kSections)> all{};
        for (std::size_t i = 0; i < all.size(); ++i) all[i] = &kSections[i];
        return all;
    }();
    return kAll;
}

}  // namespace waypost
