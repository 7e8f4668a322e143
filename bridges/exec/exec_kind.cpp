// SPDX-License-Identifier: Apache-2.0
// The settings of a program, and how they make a transport.
#include <algorithm>
#include <array>
#include <stdexcept>

#include "bridges/email/mime/mail_attachment.h"
#include "bridges/exec/exec_transport.h"
#include "gateway/message/text.h"

namespace waypost::exec {
namespace {

using Kind = Setting::Kind;

constexpr std::array kSettings = {
    Setting{
        "command", Kind::List, "", "", "",
        "the program and its arguments, [\"./sms.py\", \"/var/spool/sms\"]: no shell reads them. "
        "It runs with the rights of the box",
        true, true},
    Setting{"scheme", Kind::Text, "", "", "",
            "what its addresses begin with: \"sms\" for sms:+491701234567", true, true},
    Setting{
        "folder", Kind::Path, ".", "", "",
        "where it runs, and what \"./\" in its command means: seen from the folder of this file",
        false, true},
    Setting{"environment", Kind::List, "", "", "",
            "[\"NAME=value\"], beside PATH, HOME and LANG: it gets nothing else of the box's own",
            false, true},
    Setting{"files", Kind::Path, "", "", "",
            "folder in which files of messages pass, each program's own below it; else beside the "
            "store",
            false, true},
    Setting{"report_within", Kind::Duration, "10m", "5s..7d", "",
            "how long it may keep a delivery without a report: then it is offered again", false,
            true},
};

constexpr Section kSection{
    "exec", true, "A program of your own that carries texts, by lines of JSON: doc/exec.md.",
    kSettings};

// Of schemes and networks that this gateway, or its architecture, has a use for.
constexpr std::array<std::string_view, 23> kTaken = {
    "mailto", "email", "mailbox", "mailserver", "xmpp",    "acct",  "activitypub", "person",
    "group",  "local", "console", "nncp",       "trunk",   "exec",  "meshtastic",  "meshcore",
    "xbee",   "lxmf",  "http",    "https",      "waypost", "rnode", "sensor"};

void check_scheme(const std::string& scheme) {
    const bool letters =
        !scheme.empty() && scheme.size() <= 16 && scheme[0] >= 'a' && scheme[0] <= 'z' &&
        scheme.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789+-") == std::string::npos;
    if (!letters)
        throw std::runtime_error(
            "scheme: 1 to 16 of a-z, 0-9, + and -, the first a letter, as in sms:+491701234567");
    if (std::find(kTaken.begin(), kTaken.end(), scheme) != kTaken.end())
        throw std::runtime_error("scheme: \"" + scheme +
                                 "\" is another part's of the gateway: take a name of your own");
}

// Those of the settings, and what every program needs where they do not say it.
std::vector<std::string> environment(std::vector<std::string> all, const std::string& folder) {
    for (const std::string& each : all) {
        const std::size_t equals = each.find('=');
        if (equals == std::string::npos || equals == 0)
            throw std::runtime_error("environment: \"" + each.substr(0, equals) +
                                     "\" is no NAME=value");
    }
    for (const std::string& usual : {std::string("PATH=/usr/local/bin:/usr/bin:/bin"),
                                     std::string("LANG=C.UTF-8"), "HOME=" + folder}) {
        const std::string name = usual.substr(0, usual.find('=') + 1);
        if (std::none_of(all.begin(), all.end(),
                         [&](const std::string& each) { return each.rfind(name, 0) == 0; }))
            all.push_back(usual);
    }
    return all;
}

std::unique_ptr<Transport> make(TransportId id, const SectionValues& values,
                                const Originals& originals) {
    ExecOptions options;
    options.command.words = values.list("command");
    if (options.command.words.empty() || options.command.words.front().empty())
        throw std::runtime_error("command: the program is missing, [\"./sms.py\"]");
    options.scheme = lower_ascii(values.text("scheme"));
    check_scheme(options.scheme);
    options.command.folder = values.text("folder");
    options.command.environment = environment(values.list("environment"), options.command.folder);
    options.report_within = values.duration("report_within");
    if (values.has("files")) options.folder = values.text("files") + '/' + id;
    options.originals = originals;
    return std::make_unique<ExecTransport>(std::move(id), std::move(options));
}

}  // namespace

TransportKind exec_kind(Originals originals) {
    return {&kSection,
            [originals = std::move(originals)](TransportId id, const SectionValues& values) {
                return make(std::move(id), values, originals);
            },
            {},
            email::open_mail_attachment,
            true};
}

}  // namespace waypost::exec
