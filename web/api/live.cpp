// SPDX-License-Identifier: Apache-2.0
// The log and the packets of the radios, line by line as they come; what was kept of them first.
#include <cmath>
#include <sstream>

#include "gateway/base/live_feed.h"
#include "gateway/base/log_tail.h"
#include "gateway/message/text.h"
#include "web/api/event_stream.h"

namespace waypost::api {
namespace {

constexpr std::chrono::milliseconds kLook{250};  // who tells wakes nobody

Json json_of(const LogLine& line) {
    Json fields;
    for (const auto& [key, value] : line.fields) fields.set(key, clean_utf8(value));
    Json json;
    json.set("at_ms", line.at_ms);
    json.set("level", to_string(line.level));
    json.set("component", line.component);
    json.set("event", clean_utf8(line.event));
    json.set("fields", fields);
    return json;
}

Json json_of(const PacketSeen& packet) {
    Json json;
    json.set("at_ms", packet.at_ms);
    json.set("transport", packet.transport);
    json.set("direction", packet.out ? "out" : "in");
    json.set("bytes", packet.bytes);
    json.set("text", clean_utf8(packet.text));
    if (packet.snr_db && std::isfinite(*packet.snr_db)) json.set("snr_db", *packet.snr_db);
    if (packet.rssi_dbm) json.set("rssi_dbm", *packet.rssi_dbm);
    return json;
}

std::string text_of(const Json& json) {
    std::ostringstream out;
    json.stringify(out);
    return out.str();
}

// How far one who looks on has come.
class Look {
  public:
    Look(LiveFeed& feed, bool log, bool packets) : feed_(feed), log_(log), packets_(packets) {}

    EventText operator()(std::chrono::milliseconds time) {
        if (told_) feed_.rest(kLook);
        std::string text = news();
        for (; text.empty() && time.count() > 0 && !feed_.closed(); time -= kLook) {
            feed_.rest(kLook);
            text = news();
        }
        told_ = !text.empty();
        return std::make_shared<const std::string>(std::move(text));
    }

  private:
    std::string news() {
        std::string text;
        if (log_) add(text, "log", log_tail().after(last_line_), last_line_);
        if (packets_) add(text, "packet", feed_.packets().after(last_packet_), last_packet_);
        return text;
    }
    template <class All>
    static void add(std::string& text, const char* kind, const All& all, std::uint64_t& last) {
        for (const auto& each : all) text += event_text(each.number, kind, text_of(json_of(each)));
        if (!all.empty()) last = all.back().number;
    }

    LiveFeed& feed_;
    bool log_, packets_;
    bool told_ = false;  // with the last look
    std::uint64_t last_line_ = 0, last_packet_ = 0;
};

Reply live(Desk& desk, const Request& request) {
    const bool log = query_number(request, "log", 0) != 0;
    const bool packets = query_number(request, "packets", 0) != 0;
    if (!log && !packets) return fail(400, "bad-input", "say log=1, packets=1, or both");
    LiveFeed* feed = desk.live();
    if (feed == nullptr) return event_stream(desk, request, {});
    return event_stream(desk, request, Look(*feed, log, packets));
}

}  // namespace

std::vector<Route> live_routes() { return {{"GET", "/live", live}}; }

}  // namespace waypost::api
