// SPDX-License-Identifier: Apache-2.0
// `waypost decode trunk`: a packet of the trunk a line. What its head says in clear always; what
// the keys open beside it.
#include "app/cli/decode_kinds.h"
#include "gateway/base/encoding.h"
#include "radio/trunk/tools/packet_text.h"

namespace waypost::cli {
namespace {

using Json = Poco::JSON::Object;

void set_gaps(Json& out, const trunk::Report& report) {
    Poco::JSON::Array objects;
    for (const trunk::Gaps& gaps : report.gaps) {
        Json object;
        object.set("offset", gaps.offset);
        object.set("whole", gaps.base == trunk::Gaps::kWhole);
        if (gaps.base != trunk::Gaps::kWhole) object.set("firstMissing", gaps.base);
        object.set("map", to_hex(gaps.map));
        objects.add(object);
    }
    out.set("open", objects);
}

void set_report(Json& out, const trunk::Report& report) {
    out.set("low", int{report.low});
    out.set("waiting", report.waiting);
    if (report.snr_quarter) out.set("snr", *report.snr_quarter / 4.0);
    Poco::JSON::Array held;
    for (const int offset : report.held) held.add(offset);
    out.set("held", held);
    set_gaps(out, report);
    if (!report.behind) return;
    Json behind;
    behind.set("type", report.behind->bundle ? "bundle" : "single");
    behind.set("number", int{report.behind->number});
    behind.set("bytes", to_hex(report.behind->bytes));
    out.set("behind", behind);
}

void set_hello(Json& out, const trunk::Hello& hello) {
    out.set("answer", hello.answer);
    out.set("version", int{hello.version});
    out.set("features", hello.features);
    out.set("next", hello.next);
    out.set("oldest", hello.oldest);
    out.set("low", hello.low);
    out.set("deafMs", hello.deaf_ms);
    out.set("payload", hello.payload);
    out.set("speed", hello.speed);
    out.set("facts", to_hex(hello.facts));
}

void set_bundle(Json& out, const std::vector<std::string>& objects) {
    Poco::JSON::Array all;
    for (const std::string& each : objects) all.add(to_hex(each));
    out.set("objects", all);
}

template <class T>
bool set_parsed(Json& out, const Result<T>& parsed, void (*set)(Json&, const T&)) {
    if (parsed.ok()) {
        set(out, *parsed);
    } else {
        out.set("error", parsed.error().text);
    }
    return parsed.ok();
}

// False: the right key sealed what makes no sense.
bool set_opened(Json& out, const trunk::Frame& frame, const trunk::PacketReader::Opened& opened) {
    out.set("text", to_hex(opened.text));
    if (frame.type != trunk::FrameType::Hello) out.set("wholeNumber", opened.number);
    switch (trunk::use_of(frame)) {
        case trunk::Use::Hello:
            return set_parsed(out, trunk::parse_hello(opened.text), set_hello);
        case trunk::Use::Report:
            return set_parsed(out, trunk::parse_report(opened.text), set_report);
        case trunk::Use::Bundle:
            return set_parsed(out, trunk::parse_bundle(opened.text), set_bundle);
        default:
            return true;
    }
}

bool set_frame(Json& out, const trunk::Frame& frame, const trunk::PacketReader* reader) {
    out.set("type", trunk::type_name(frame));
    out.set("second", frame.second);
    const bool hello = frame.type == trunk::FrameType::Hello;
    const std::size_t start = frame.type == trunk::FrameType::Extension ? 2 : 1;
    if (hello) out.set("link", int{frame.link});
    if (hello) out.set("salt", to_hex(frame.salt));
    if (!hello) out.set("epoch", frame.epoch ? 1 : 0);
    if (!hello) out.set("remaining", frame.remaining);
    if (!hello && frame.head.size() >= start + 2) out.set("number", int{frame.number});
    if (frame.head.size() >= start + 3 && !hello) out.set("index", int{frame.index});
    if (trunk::use_of(frame) == trunk::Use::Repair) out.set("fragments", int{frame.fragments});
    out.set("body", to_hex(frame.body));
    out.set("tag", to_hex(frame.tag));
    if (reader == nullptr) return true;
    const auto opened = reader->open(frame);
    out.set("opened", opened.has_value());
    return !opened || set_opened(out, frame, *opened);
}

void set_probe(Json& out, const trunk::Probe& probe, bool proven) {
    out.set("type", probe.answer ? "ping answer" : "ping");
    out.set("run", probe.run);
    out.set("number", int{probe.number});
    if (probe.heard.rssi_dbm) out.set("rssi", *probe.heard.rssi_dbm);
    if (probe.heard.snr_db) out.set("snr", double{*probe.heard.snr_db});
    out.set("proven", proven);
}

}  // namespace

Decoded decode_trunk(const trunk::PacketReader* reader, const std::string& packet) {
    Decoded out;
    Json json;
    json.set("raw", to_hex(packet));
    bool good = true;
    if (trunk::is_probe(packet)) {
        const auto probe = trunk::read_probe(packet);
        const bool proven = trunk::ProbeKey().parse(packet).ok() ||
                            (reader != nullptr && reader->probe_key().parse(packet).ok());
        good = probe.ok();
        if (good) set_probe(json, *probe, proven);
        if (!good) json.set("error", probe.error().text);
    } else {
        const auto frame = trunk::parse_frame(packet);
        good = frame.ok() && set_frame(json, *frame, reader);
        if (!frame.ok()) json.set("error", frame.error().text);
    }
    if (!good) ++out.errors;
    out.frames.add(json);
    return out;
}

}  // namespace waypost::cli
