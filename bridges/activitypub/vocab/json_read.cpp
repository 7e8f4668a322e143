// SPDX-License-Identifier: Apache-2.0
#include "bridges/activitypub/vocab/json_read.h"

#include <Poco/DateTime.h>
#include <Poco/DateTimeFormat.h>
#include <Poco/DateTimeParser.h>
#include <Poco/Exception.h>
#include <Poco/JSON/Array.h>
#include <Poco/JSON/JSONException.h>
#include <Poco/JSON/ParseHandler.h>
#include <Poco/JSON/Parser.h>

#include <algorithm>

#include "bridges/activitypub/vocab/activity.h"
#include "gateway/message/text.h"

namespace waypost::activitypub {
namespace {

constexpr std::size_t kLongestId = 2048;
constexpr std::string_view kVocabulary = "https://www.w3.org/ns/activitystreams#";

// Builds what the parser finds, as long as it is not too much: an empty object takes two bytes on
// the wire and hundreds in memory.
class BoundedHandler final : public Poco::JSON::ParseHandler {
  public:
    using ParseHandler::value;

    void startObject() override {
        count();
        in_list_.push_back(kNoList);
        ParseHandler::startObject();
    }
    void endObject() override {
        in_list_.pop_back();
        ParseHandler::endObject();
    }
    void startArray() override {
        count();
        in_list_.push_back(0);
        ParseHandler::startArray();
    }
    void endArray() override {
        in_list_.pop_back();
        ParseHandler::endArray();
    }
    void value(int v) override { counted(v); }
    void value(unsigned v) override { counted(v); }
    void value(Poco::Int64 v) override { counted(v); }
    void value(Poco::UInt64 v) override { counted(v); }
    void value(const std::string& v) override { counted(v); }
    void value(double v) override { counted(v); }
    void value(bool v) override { counted(v); }
    void null() override {
        count();
        ParseHandler::null();
    }

  private:
    static constexpr std::size_t kNoList = static_cast<std::size_t>(-1);

    template <class T>
    void counted(const T& v) {
        count();
        ParseHandler::value(v);
    }

    void count() {
        if (++values_ > kMostValues) throw Poco::JSON::JSONException("too many values");
        if (in_list_.empty() || in_list_.back() == kNoList) return;
        if (++in_list_.back() > kMostListed) throw Poco::JSON::JSONException("a list is too long");
    }

    std::size_t values_ = 0;
    std::vector<std::size_t> in_list_;  // of what is open: how many a list has
};

bool is_bad_in_id(char c) {
    return (c >= 0 && c <= ' ') || c == 0x7f || c == '"' || c == '<' || c == '>' || c == '\\';
}

}  // namespace

Result<Json::Ptr> read_json(std::string_view text) {
    if (text.size() > kMostActivityBytes)
        return bad_input("the document has more than " + std::to_string(kMostActivityBytes) +
                         " bytes");
    try {
        Poco::JSON::Parser parser(new BoundedHandler);
        parser.setDepth(kMostDepth);
        const JsonValue root = parser.parse(std::string(text));
        if (Json::Ptr json = object_of(root)) return json;
        return bad_input("the document is no JSON object");
    } catch (const Poco::Exception& e) {
        return bad_input("the document is no JSON that is read here: " +
                         one_line(clean_utf8(e.message()), 200));
    }
}

std::vector<JsonValue> values_at(const Json& json, const std::string& key) {
    std::vector<JsonValue> values;
    const JsonValue value = json.get(key);
    if (value.isEmpty()) return values;
    if (value.type() != typeid(Poco::JSON::Array::Ptr)) return {value};
    for (const JsonValue& each : *value.extract<Poco::JSON::Array::Ptr>()) {
        if (!each.isEmpty()) values.push_back(each);
    }
    return values;
}

Json::Ptr object_of(const JsonValue& value) {
    return value.type() == typeid(Json::Ptr) ? value.extract<Json::Ptr>() : Json::Ptr();
}

Json::Ptr object_at(const Json& json, const std::string& key) {
    for (const JsonValue& value : values_at(json, key)) {
        if (Json::Ptr object = object_of(value)) return object;
    }
    return {};
}

std::string string_at(const Json& json, const std::string& key) {
    for (const JsonValue& value : values_at(json, key)) {
        if (value.isString()) return value.extract<std::string>();
    }
    return {};
}

bool is_true_at(const Json& json, const std::string& key) {
    const JsonValue value = json.get(key);
    return value.isBoolean() && value.extract<bool>();
}

std::int64_t integer_at(const Json& json, const std::string& key, std::int64_t otherwise) {
    const JsonValue value = json.get(key);
    if (value.isEmpty() || !value.isInteger()) return otherwise;
    try {
        return value.convert<Poco::Int64>();
    } catch (const Poco::Exception&) {  // larger than any
        return otherwise;
    }
}

std::int64_t time_at(const Json& json, const std::string& key) {
    constexpr std::size_t kShortest = std::string_view("2026-11-27T14:05Z").size();
    const std::string text = string_at(json, key);
    if (text.size() < kShortest || text.size() > 2 * kShortest) return 0;
    if (text[0] < '0' || text[0] > '9') return 0;
    Poco::DateTime time;
    int offset = 0;
    if (!Poco::DateTimeParser::tryParse(Poco::DateTimeFormat::ISO8601_FRAC_FORMAT, text, time,
                                        offset)) {
        return 0;
    }
    return std::max<std::int64_t>(time.timestamp().epochMicroseconds() / 1000000 - offset, 0);
}

std::string type_of(const Json& json) {
    std::string type = string_at(json, "type");
    for (const std::string_view prefix : {kVocabulary, std::string_view("as:")}) {
        if (type.compare(0, prefix.size(), prefix) == 0) type.erase(0, prefix.size());
    }
    return clean_name(cut_bytes(type, 100));
}

bool is_id(std::string_view text) {
    if (text.size() > kLongestId || !is_utf8(text)) return false;
    for (const std::string_view scheme : {"https://", "http://"}) {
        if (text.substr(0, scheme.size()) != scheme) continue;
        const std::string_view rest = text.substr(scheme.size());
        return !rest.empty() && std::string_view("/?#:@").find(rest.front()) == rest.npos &&
               std::none_of(rest.begin(), rest.end(), is_bad_in_id) && clean_utf8(rest) == rest;
    }
    return false;
}

std::string id_of(const Json& json) {
    const JsonValue id = json.get("id");
    const bool good = id.isString() && is_id(id.extract<std::string>());
    return good ? id.extract<std::string>() : std::string();
}

std::string id_of(const JsonValue& value) {
    if (const Json::Ptr object = object_of(value)) return id_of(*object);
    const bool good = value.isString() && is_id(value.extract<std::string>());
    return good ? value.extract<std::string>() : std::string();
}

std::string id_at(const Json& json, const std::string& key) {
    for (const JsonValue& value : values_at(json, key)) {
        if (std::string id = id_of(value); !id.empty()) return id;
    }
    return {};
}

void append_ids(std::vector<std::string>& to, const Json& json, const std::string& key) {
    for (const JsonValue& value : values_at(json, key)) {
        std::string id = id_of(value);
        if (value.isString()) {
            const auto& text = value.extract<std::string>();
            if (text == "as:Public" || text == "Public") id = kPublic;
        }
        if (!id.empty() && std::find(to.begin(), to.end(), id) == to.end())
            to.push_back(std::move(id));
    }
}

std::vector<JsonLink> links_of(const JsonValue& value) {
    if (value.isString()) {
        const auto& text = value.extract<std::string>();
        return is_id(text) ? std::vector<JsonLink>{{text, {}}} : std::vector<JsonLink>{};
    }
    const Json::Ptr object = object_of(value);
    if (!object) return {};
    const std::string href = string_at(*object, "href");
    if (!is_id(href)) return {};
    return {{href, clean_name(cut_bytes(string_at(*object, "mediaType"), 100))}};
}

std::vector<JsonLink> links_at(const Json& json, const std::string& key) {
    std::vector<JsonLink> links;
    for (const JsonValue& value : values_at(json, key)) {
        for (JsonLink& link : links_of(value)) links.push_back(std::move(link));
    }
    return links;
}

}  // namespace waypost::activitypub
