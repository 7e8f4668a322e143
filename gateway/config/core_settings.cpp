// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "gateway/config/config.h"
#include "gateway/config/machine_settings.h"

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
            "language of people who chose none", false},
    Setting{"operators", Kind::List, "", "", "", "handles of those who look after this box", false,
            true},
    Setting{"responders", Kind::List, "", "", "", "handles told of an alarm; else the operators",
            false},
    Setting{"publish_alarms", Kind::Text, "", "", "",
            "who tells all the world in the fediverse that there is an alarm, and that it is over: "
            "a published group, \"news\", or `box`, the box by its own name; empty: nobody. What "
            "a villager typed is in it, never his name or his place",
            false},
    Setting{"timezone", Kind::Text, "", "", "",
            "time zone of the village, as in Africa/Nairobi; else the machine's", false, true},
    Setting{"quiet", Kind::Text, "", "", "",
            "hours in which only alarms go to radios of people who chose none: 22:00-06:00", false},
    Setting{"later_states", Kind::Boolean, "true", "", "",
            "what became of earlier letters is told with the next receipt", false},
    Setting{"place", Kind::GeoPlace, "", "", "",
            "where the box stands, for the map: latitude, longitude, \"47.1234, 11.5678\"", false},
    Setting{"region", Kind::Choice, "", "EU868|EU433|US915|AU915|IN865|AS923", "",
            "whose law holds for a MeshCore radio that is found by itself; without it such a radio "
            "only listens",
            false, true},
    Setting{"clock", Kind::Choice, "auto", "auto|kept|unknown", "",
            "whether the machine's clock goes on while it is switched off: auto looks for one with "
            "a battery; unknown: the time is not believed after a start until it is told",
            false, true},
    Setting{"shut_down", Kind::Text, "", "", "",
            "command that switches the machine off, \"systemctl poweroff\"; empty: the console "
            "offers none",
            false},
    Setting{"update_from", Kind::List, "", "", "",
            "who may bring releases for this box to the page Update, where the administrator "
            "decides: [\"nncp:dale\"]; a disk image only",
            false},
};
constexpr std::array kStore = {
    Setting{"postgresql", Kind::Text, "", "", "",
            "a hub's store, instead of the file: libpq's connection string, \"host=db1,db2 "
            "dbname=waypost user=waypost\"; several workers may share it (doc/hub.md)",
            false, true},
    Setting{"worker", Kind::Text, "", "", "",
            "of a hub: what this worker is called; else the machine's name", false, true},
    Setting{"backups", Kind::Path, "", "", "",
            "folder of the backups that the console makes; else `backups` beside the store", false},
    Setting{"path", Kind::Path, "waypost.db", "", "",
            "the store's file; bodies lie beside it in FILE.bodies. Of a hub: only what is still "
            "coming, "
            "in FILE.bodies",
            false, true},
    Setting{"keep_free", Kind::Bytes, "64MiB", "0..1TiB", "bytes",
            "below this much free disk nothing new is taken", false},
    Setting{"max_message", Kind::Bytes, "20MiB", "1KiB..1GiB", "bytes",
            "larger messages are refused", false},
    Setting{"expiry", Kind::Duration, "30d", "1h..400d", "",
            "what is not delivered by then fails, and its sender is told", false},
    Setting{"retention", Kind::Duration, "30d", "1h..4000d", "",
            "texts and names go this long after a message ended", false},
};
constexpr std::array kApi = {
    Setting{"socket", Kind::Path, "waypost.sock", "", "",
            "Unix socket of the command line and the console", false, true},
};
constexpr std::array kConsole = {
    Setting{
        "listen", Kind::Text, "", "", "",
        "where the console answers in clear, \"0.0.0.0:80\": for the box's own protected network; "
        "without it and tls_listen there is no console",
        false, true},
    Setting{"files", Kind::Path, "/usr/share/waypost/console", "", "",
            "folder of the console's page; of a build from source build/console", false, true},
    Setting{"tls_listen", Kind::Text, "", "", "",
            "where the console answers with TLS, \"0.0.0.0:443\"; without it there is no TLS",
            false, true},
    Setting{
        "certificate", Kind::Text, "own", "", "",
        "of TLS: `own`, made by the box, of which browsers warn; `acme`, given by an authority; "
        "or a file (PEM, with its chain), which is read again when it changes",
        false, true},
    Setting{"key", Kind::Path, "", "", "",
            "file of that certificate's key (PEM); without it the key is in the same file", false,
            true},
    Setting{"names", Kind::List, "", "", "",
            "by which browsers reach the console, for its certificate; else the box's domain",
            false, true},
    Setting{"redirect", Kind::Choice, "none", "none|names|all", "",
            "who asks at `listen` is sent to TLS: nobody, who asks by a name of a certificate that "
            "browsers accept, everybody",
            false, true},
    Setting{"acme_directory", Kind::Text, "https://acme-v02.api.letsencrypt.org/directory", "", "",
            "the authority of `acme`, Let's Encrypt; its terms are agreed to by asking it", false,
            true},
    Setting{"acme_mail", Kind::Text, "", "", "", "where that authority may write to", false, true},
    Setting{"acme_ca_file", Kind::Path, "", "", "",
            "certificates (PEM) that the authority's own server is verified against; else the "
            "machine's",
            false, true},
    Setting{"tiles", Kind::Path, "", "", "",
            "file of the map's ground, \"village.pmtiles\"; without it the map is a plain drawing",
            false},
};
constexpr std::array kPeople = {
    Setting{"approval", Kind::Boolean, "false", "", "",
            "a new name waits until an operator says yes; till then its radio is a stranger's",
            false},
    Setting{"names_per_day", Kind::Integer, "100", "1..100000", "",
            "names that radios may take in a day, all together", false},
};
constexpr std::array kLimits = {
    Setting{"stranger_mails_per_day", Kind::Integer, "3", "0..1000", "",
            "mails a radio without a name may send in a day", false},
    Setting{"person_mails_per_day", Kind::Integer, "100", "0..100000", "",
            "mails a person may send in a day", false},
    Setting{"person_airtime", Kind::Integer, "10", "1..100", "%",
            "share of a radio network's hourly airtime that one person may use while others wait",
            false, true},
    Setting{"person_burst", Kind::Duration, "10s", "1s..10m", "",
            "airtime that a person may use at once before that share counts", false, true},
    Setting{"stranger_airtime", Kind::Integer, "20", "1..100", "%",
            "the same share for all radios without a name together", false, true},
    Setting{"radio_lines_per_minute", Kind::Integer, "30", "0..6000", "",
            "lines one radio may say in a minute, alarms not counted; 0: as many as it likes",
            false},
    Setting{"letters_waiting", Kind::Integer, "3", "0..1000", "",
            "letters from one person to radios that wait for the air at a time, while it is short; "
            "0: as many as he likes",
            false},
    Setting{"outside_letters_per_hour", Kind::Integer, "60", "0..100000", "",
            "letters from outside to radios in an hour; more go after all else; 0: no limit",
            false},
};
constexpr std::array kGroups = {
    Setting{"most", Kind::Integer, "100", "0..10000", "", "groups there may be", false},
    Setting{"most_members", Kind::Integer, "2000", "1..100000", "", "members of one group", false},
    Setting{"radio_posts_per_hour", Kind::Integer, "4", "0..1000", "",
            "posts of all groups together that go to one radio in an hour; more wait for a digest",
            false},
    Setting{"digest_every", Kind::Duration, "2h", "1h..7d", "",
            "at most one digest of a group goes to a radio in that time", false},
};
constexpr std::array kAttachments = {
    Setting{"quota", Kind::Bytes, "100MiB", "64KiB..1TiB", "bytes",
            "mails with attachments that are kept for one person; the oldest make room", false},
    Setting{"picture_budget", Kind::Bytes, "20KiB", "1KiB..10MiB", "bytes",
            "what a picture is made to fit where no other size is asked for", false},
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
    Setting{"front", Kind::Boolean, "false", "", "",
            "this machine has a public address and that one has none: mail of the whole world for "
            "its domains is taken here and goes on by `nncp` or `trunk`",
            false, true},
    Setting{"front_per_day", Kind::Integer, "2000", "0..10000000", "",
            "so many mails from outside for it are taken in a day; then senders are told to come "
            "again",
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
constexpr std::array kAlerts = {
    Setting{"to", Kind::List, "", "", "",
            "who is told: handles and addresses, [\"carl\", \"carl@x.org\"]; else the operators",
            false},
    Setting{"off", Kind::List, "", "", "",
            "what is neither shown nor told, of way, letters, disk, store, backup, clock, airtime, "
            "settings, certificate, neighbour, battery, voltage",
            false},
    Setting{"again", Kind::Duration, "1d", "1m..400d", "",
            "the beginning of one matter is told once in that time, also while it lasts", false},
    Setting{"way_down", Kind::Duration, "30m", "1s..400d", "",
            "way: a radio, a link or another transport is down for so long", false},
    Setting{"may_be_down", Kind::List, "", "", "",
            "transports that come and go, of which nothing is told: [\"trunk.dale\"]", false},
    Setting{"letters_wait", Kind::Duration, "1d", "1m..400d", "",
            "letters: the oldest waits for so long for the air, or for a server that does not "
            "answer, though its network works",
            false},
    Setting{"disk_low", Kind::Bytes, "256MiB", "0..1TiB", "bytes",
            "disk: less than this is free; nothing new is taken below [store] keep_free", false},
    Setting{"backup_old", Kind::Duration, "30d", "1m..400d", "",
            "backup: the last is so old; counts once one was made, or since [backup] wants them",
            false},
    Setting{"clock_doubted", Kind::Duration, "30m", "1s..400d", "",
            "clock: the time is not believed for so long", false},
    Setting{"airtime_out", Kind::Duration, "1h", "1m..400d", "",
            "airtime: less than a twentieth of a radio's hour is left for so long", false},
    Setting{"certificate_ends", Kind::Duration, "14d", "1h..400d", "",
            "certificate: that of the console ends within this time", false},
    Setting{"neighbour_silent", Kind::Duration, "14d", "1h..400d", "",
            "neighbour: nothing came from one for so long, who was heard before", false},
    Setting{"battery_low", Kind::Integer, "40", "0..100", "%",
            "battery: the box runs from it, and less is left", false},
};
constexpr std::array kLog = {
    Setting{"level", Kind::Choice, "info", "error|warning|info|debug", "",
            "how much goes to the journal", false},
};

constexpr Section kSections[] = {
    {"box", false, "Who this box is.", kBox},
    {"store", false, "Where messages are kept, and how long.", kStore},
    {"api", false, "How the command line and the console reach the gateway.", kApi},
    {"console", false, "The page for a browser.", kConsole},
    {"wifi", false,
     "The box's own Wi-Fi, and the way to the Internet by another: of the disk image only.",
     kWifiSettings},
    {"power", false, "What goes off as the battery runs down: the radio last.", kPowerSettings},
    {"backup", false, "Copies of the whole box, encrypted, that it makes by itself.",
     kBackupSettings},
    {"people", false, "Who gets a name.", kPeople},
    {"limits", false, "Fair use.", kLimits},
    {"groups", false, "Lists of people, `#news` on the radio and news@domain by mail.", kGroups},
    {"attachments", false, "What comes with mails.", kAttachments},
    {"alerts", false,
     "What operators are told of the box itself, by radio and by mail; the page shows the same.",
     kAlerts},
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
