// SPDX-License-Identifier: Apache-2.0
#include "radio/meshtastic/gateway/json_text.h"

#include <Poco/JSON/Object.h>
#include <Poco/JSON/Parser.h>

#include <optional>
#include <sstream>

#include "gateway/message/text.h"
#include "radio/meshtastic/stream_codec.h"

namespace waypost::meshtastic {
namespace {

constexpr int kDepth = 4;
constexpr std::size_t kMostText = 1000;

// Absent: `otherwise`. nullopt: there, and no number of 32 bits.
std::optional<std::uint32_t> number(const Poco::JSON::Object& json, const char* key,
                                    std::uint32_t otherwise) {
    if (!json.has(key)) return otherwise;
    const Poco::Dynamic::Var value = json.get(key);
    if (value.isEmpty() || !value.isInteger() || value.isBoolean()) return std::nullopt;
    const auto wide = value.convert<std::int64_t>();
    if (wide < 0 || wide > 0xFFFFFFFF) return std::nullopt;
    return static_cast<std::uint32_t>(wide);
}

std::string text_at(const Poco::JSON::Object& json, const char* key) {
    const Poco::Dynamic::Var value = json.get(key);
    return value.isString() ? value.extract<std::string>() : std::string();
}

Result<JsonWish> wish_in(const Poco::JSON::Object& json) {
    if (text_at(json, "type") != "sendtext")
        return Error{Code::Refused, "only sendtext is done", false};
    const auto from = number(json, "from", 0);
    const auto to = number(json, "to", kBroadcast);
    const auto channel = number(json, "channel", 0);
    if (!from || *from == 0 || !to || !channel) return bad_input("from, to or channel is wrong");
    if (*to != kBroadcast)
        return Error{Code::Refused, "nobody is written to in the box's name", false};
    if (text_at(json, "sender") == node_id(*from)) return Error{Code::NotFound, "our own", false};
    JsonWish wish{*from, *channel, one_line(clean_utf8(text_at(json, "payload")), kMostText)};
    if (wish.text.empty()) return bad_input("payload is no text");
    return wish;
}

}  // namespace

std::string json_of(const JsonText& text) {
    Poco::JSON::Object payload;
    payload.set("text", text.text);
    Poco::JSON::Object json;
    json.set("id", text.id);
    json.set("from", text.from);
    json.set("to", text.to);
    json.set("channel", text.channel);
    json.set("timestamp", text.at);
    json.set("type", "text");
    json.set("sender", text.sender);
    json.set("payload", payload);
    std::ostringstream out;
    json.stringify(out);
    return out.str();
}

Result<JsonWish> read_wish(const std::string& payload) {
    if (payload.size() > JsonWish::kMostBytes) return bad_input("too long");
    try {
        Poco::JSON::Parser parser;
        parser.setDepth(kDepth);
        const Poco::Dynamic::Var parsed = parser.parse(payload);
        if (parsed.type() != typeid(Poco::JSON::Object::Ptr)) return bad_input("no object");
        return wish_in(*parsed.extract<Poco::JSON::Object::Ptr>());
    } catch (const Poco::Exception& e) {
        return bad_input(e.displayText());
    } catch (const std::exception& e) {
        return bad_input(e.what());
    }
}

}  // namespace waypost::meshtastic
