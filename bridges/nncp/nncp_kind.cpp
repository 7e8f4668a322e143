// SPDX-License-Identifier: Apache-2.0
// The settings of NNCP, and how they make a transport.
#include <array>
#include <stdexcept>

#include "bridges/nncp/nncp_transport.h"

namespace waypost::nncp {
namespace {

using Kind = Setting::Kind;

constexpr std::array kSettings = {
    Setting{"config", Kind::Path, "", "", "",
            "node configuration in nncp's own form, with keys, spool and neighbours", true, true},
    Setting{"carries", Kind::List, "", "", "",
            "which node takes mail for a domain: [\"dale.example=dale\"]; \"*=city\" is the way "
            "for all that has no other",
            false, true},
    Setting{"compact", Kind::List, "", "", "",
            "nodes that are Waypost boxes: mail goes to them in batches, receipts come back", false,
            true},
    Setting{"batched", Kind::List, "", "", "",
            "nodes that take many mails in one packet (handle rsmtp: batch SMTP, as Exim reads it)",
            false, true},
    Setting{
        "handles", Kind::List, "", "", "",
        "exec handles whose mail this gateway takes, if not sendmail, rmail and rsmtp; others run "
        "the programs of the node configuration",
        false, true},
    Setting{"trusted", Kind::List, "", "", "", "nodes whose mail may go on to the outside", false,
            true},
    Setting{"acks", Kind::List, "", "", "", "nodes that are sent ACKs, and send them", false, true},
    Setting{"resend_after", Kind::Duration, "7d", "0s..180d", "",
            "a packet to a node of `acks` that had no ACK for so long goes again; 0s: never", false,
            true},
    Setting{"keep_seen", Kind::Duration, "240d", "90d..3650d", "",
            "so long, while the box runs, it is known which packets and posts came: one that comes "
            "once more after that is taken for a new one; the longest expiry and 60 days",
            false, true},
    Setting{"areas", Kind::List, "", "", "", "areas that are groups here: [\"news=#news\"]", false,
            true},
    Setting{"listen", Kind::Text, "", "", "",
            "where other nodes call: \"0.0.0.0:5400\"; empty: nobody does", false, true},
    Setting{"answer_on", Kind::List, "", "", "",
            "lines on which other nodes call: [\"serial:/dev/ttyUSB0?baud=57600\"], or programs "
            "that wait for a caller, as a command with a pipe sign before it",
            false, true},
    Setting{"send_limit", Kind::Bytes, "0", "0..1GiB", "bytes",
            "a session, a second, sends so much at most; 0: no limit", false, true},
    Setting{"receive_limit", Kind::Bytes, "0", "0..1GiB", "bytes", "likewise, of what it receives",
            false, true},
    Setting{"calls", Kind::Boolean, "true", "", "",
            "the calls that the node configuration lists are made", false, true},
    Setting{"call_at_once", Kind::List, "", "", "",
            "nodes that are called as soon as something waits for them", false, true},
    Setting{"links", Kind::List, "", "", "",
            "by which radio link the small packets of a node also go: [\"dale=trunk.dale\"]; the "
            "other box names its end likewise",
            false, true},
    Setting{"link_most", Kind::Bytes, "4KiB", "512..23KiB", "bytes",
            "larger packets wait for a courier or call", false, true},
    Setting{"link_nice", Kind::Integer, "160", "1..255", "",
            "packets of a higher niceness wait likewise: mail has 96, ACKs 160, files 224", false,
            true},
    Setting{"sticks", Kind::List, "", "", "",
            "where USB sticks are mounted: [\"/media\", \"/run/media\"]; empty: none is looked for",
            false, true},
    Setting{"known_sticks", Kind::List, "", "", "",
            "sticks that need no `waypost usb accept`: UUIDs of their file systems", false, true},
    Setting{"mount_sticks", Kind::Boolean, "false", "", "",
            "sticks that nothing else mounts are mounted; needs CAP_SYS_ADMIN", false, true},
    Setting{"stick_rides", Kind::Integer, "0", "0..100", "",
            "after so many rides a packet to a node that sends no ACKs counts as arrived; 0: it "
            "rides each stick until a call takes it, for half a year",
            false, true},
    Setting{"folders", Kind::List, "", "", "",
            "directories that are exchanged with like a stick: synchronised folders, shares", false,
            true},
    Setting{"folders_every", Kind::Duration, "10m", "5s..1d", "",
            "how often they are visited, beside the moments in which something changes here", false,
            true},
    Setting{"led", Kind::Path, "", "", "",
            "light of the courier: \"/sys/class/leds/NAME\", or a file that takes 0 and 1", false,
            true},
    Setting{"gather", Kind::Duration, "200ms", "0ms..10m", "",
            "so long what goes to one node is gathered into one packet; alarms go at once", false,
            true},
    Setting{"scan", Kind::Duration, "60s", "1s..1d", "",
            "how often the spool is looked at, beside the moments in which something comes", false,
            true},
    Setting{"minsize", Kind::Bytes, "0", "0..100MiB", "bytes",
            "packets are padded to so much, so that their size says nothing", false, true},
    Setting{"max_message", Kind::Bytes, "20MiB", "1KiB..1GiB", "bytes", "larger mails are refused",
            false, true},
};

constexpr Section kSection{"nncp", true, "Mail by NNCP: couriers, drop folders and calls.",
                           kSettings};

std::set<std::string> names(const SectionValues& values, std::string_view key) {
    const auto& list = values.list(key);
    return {list.begin(), list.end()};
}

std::map<std::string, std::string> pairs(const SectionValues& values, std::string_view key,
                                         const char* shape) {
    std::map<std::string, std::string> all;
    for (const std::string& entry : values.list(key)) {
        const std::size_t equals = entry.find('=');
        if (equals == std::string::npos || equals == 0 || equals + 1 == entry.size())
            throw std::runtime_error(std::string(key) + ": " + entry + " is not " + shape);
        if (!all.emplace(entry.substr(0, equals), entry.substr(equals + 1)).second)
            throw std::runtime_error(std::string(key) + ": " + entry.substr(0, equals) + " twice");
    }
    return all;
}

std::unique_ptr<Transport> make(TransportId id, const SectionValues& values) {
    NncpOptions options;
    options.config = values.text("config");
    if (const auto node = read_node_config(options.config); !node.ok())
        throw std::runtime_error("config: " + node.error().text);
    options.carries = pairs(values, "carries", "domain=node");
    options.compact = names(values, "compact");
    options.batched = names(values, "batched");
    if (values.has("handles")) options.handles = names(values, "handles");
    options.trusted = names(values, "trusted");
    options.acks = names(values, "acks");
    options.resend_after =
        std::chrono::duration_cast<std::chrono::seconds>(values.duration("resend_after"));
    options.keep_seen =
        std::chrono::duration_cast<std::chrono::seconds>(values.duration("keep_seen"));
    for (const auto& [area, group] : pairs(values, "areas", "area=#group")) {
        if (group[0] != '#' || group.size() < 2)
            throw std::runtime_error("areas: " + group + " is no #group");
        options.areas[area] = group.substr(1);
    }
    options.listen = values.text("listen");
    options.answer_on = names(values, "answer_on");
    for (const std::string& each : options.answer_on) {
        if (each.rfind("serial:", 0) != 0 && each.rfind('|', 0) != 0)
            throw std::runtime_error("answer_on: " + each + " is no serial:/dev/NAME or |command");
    }
    options.send_limit = static_cast<std::uint64_t>(values.bytes("send_limit"));
    options.receive_limit = static_cast<std::uint64_t>(values.bytes("receive_limit"));
    options.calls = values.boolean("calls");
    options.at_once = names(values, "call_at_once");
    options.links = pairs(values, "links", "node=SECTION");
    options.link_most = static_cast<std::uint64_t>(values.bytes("link_most"));
    options.link_nice = static_cast<int>(values.integer("link_nice"));
    options.sticks = names(values, "sticks");
    options.known_sticks = names(values, "known_sticks");
    options.mount_sticks = values.boolean("mount_sticks");
    options.stick_rides = static_cast<int>(values.integer("stick_rides"));
    options.folders = names(values, "folders");
    options.folders_every =
        std::chrono::duration_cast<std::chrono::seconds>(values.duration("folders_every"));
    options.led = values.text("led");
    for (const auto* folders : {&options.sticks, &options.folders}) {
        for (const std::string& each : *folders) {
            if (each[0] != '/')
                throw std::runtime_error("sticks, folders: " + each + " is no absolute path");
        }
    }
    options.gather = values.duration("gather");
    options.scan = std::chrono::duration_cast<std::chrono::seconds>(values.duration("scan"));
    options.minsize = static_cast<std::uint64_t>(values.bytes("minsize"));
    options.max_message_bytes = static_cast<std::size_t>(values.bytes("max_message"));
    return std::make_unique<NncpTransport>(std::move(id), std::move(options));
}

}  // namespace

TransportKind nncp_kind() { return {&kSection, make, {}, {}}; }

}  // namespace waypost::nncp
