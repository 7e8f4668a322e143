// SPDX-License-Identifier: Apache-2.0
#include "bridges/sensors/reading.h"

#include <Poco/JSON/Array.h>
#include <Poco/JSON/Object.h>
#include <Poco/JSON/Parser.h>

#include <charconv>
#include <cmath>

#include "gateway/message/text.h"

namespace waypost::sensors {
namespace {

constexpr std::size_t kDepth = 20;
constexpr std::size_t kMostNumber = 64;

std::optional<double> sound(double value) {
    if (!std::isfinite(value) || std::abs(value) > kMostValue) return std::nullopt;
    return value;
}

std::string_view trim(std::string_view text) {
    const auto first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

// One step of a pointer, with ~1 and ~0 as RFC 6901 section 4 has them.
std::string unescape(const std::string& step) {
    std::string out;
    for (std::size_t i = 0; i < step.size(); ++i) {
        const bool escape = step[i] == '~' && i + 1 < step.size();
        if (escape && (step[i + 1] == '0' || step[i + 1] == '1'))
            out += step[++i] == '0' ? '~' : '/';
        else
            out += step[i];
    }
    return out;
}

std::optional<Poco::Dynamic::Var> step_into(const Poco::Dynamic::Var& json,
                                            const std::string& step) {
    if (json.type() == typeid(Poco::JSON::Object::Ptr)) {
        const auto& object = json.extract<Poco::JSON::Object::Ptr>();
        if (object.isNull() || !object->has(step)) return std::nullopt;
        return std::optional<Poco::Dynamic::Var>(std::in_place, object->get(step));
    }
    if (json.type() == typeid(Poco::JSON::Array::Ptr)) {
        const auto& array = json.extract<Poco::JSON::Array::Ptr>();
        const bool digits = !step.empty() && step.size() <= 4 &&
                            step.find_first_not_of("0123456789") == std::string::npos;
        if (array.isNull() || !digits) return std::nullopt;
        const auto index = static_cast<unsigned>(std::stoul(step));
        if (index >= array->size()) return std::nullopt;
        return std::optional<Poco::Dynamic::Var>(std::in_place, array->get(index));
    }
    return std::nullopt;
}

}  // namespace

std::optional<double> read_number(std::string_view text) {
    text = trim(text);
    if (text.empty() || text.size() > kMostNumber) return std::nullopt;
    const std::string word = lower_ascii(text);
    for (const char* yes : {"on", "true", "open", "yes"})
        if (word == yes) return 1;
    for (const char* no : {"off", "false", "closed", "no"})
        if (word == no) return 0;
    if (text.front() == '+') text.remove_prefix(1);
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return sound(value);
}

Result<Poco::Dynamic::Var> read_json(const std::string& text) {
    if (text.size() > kMostPayload) return bad_input("too long");
    try {
        Poco::JSON::Parser parser;
        parser.setDepth(kDepth);
        return parser.parse(text);
    } catch (const Poco::Exception& e) {
        return bad_input(e.displayText());
    } catch (const std::exception& e) {
        return bad_input(e.what());
    }
}

std::optional<Poco::Dynamic::Var> at_pointer(const Poco::Dynamic::Var& json,
                                             const std::string& pointer) {
    std::optional<Poco::Dynamic::Var> here(std::in_place, json);
    for (std::size_t at = 0; here && at < pointer.size();) {
        const std::size_t end = std::min(pointer.find('/', at + 1), pointer.size());
        here = step_into(*here, unescape(pointer.substr(at + 1, end - at - 1)));
        at = end;
    }
    return here;
}

std::optional<double> number_in(const Poco::Dynamic::Var& value) {
    try {
        if (value.isEmpty()) return std::nullopt;
        if (value.isString()) return read_number(value.extract<std::string>());
        if (value.isBoolean()) return value.extract<bool>() ? 1 : 0;
        if (value.isNumeric()) return sound(value.convert<double>());
    } catch (const Poco::Exception&) {
        return std::nullopt;  // a number that no double is
    }
    return std::nullopt;
}

std::optional<double> read_bytes(std::string_view payload, const ByteField& field) {
    if (field.length < 1 || field.length > 4 || field.offset > payload.size() ||
        payload.size() - field.offset < field.length)
        return std::nullopt;
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < field.length; ++i) {
        const std::size_t at = field.offset + (field.little ? field.length - 1 - i : i);
        bits = bits << 8 | static_cast<unsigned char>(payload[at]);
    }
    std::int64_t value = bits;
    const std::int64_t range = std::int64_t{1} << (8 * field.length);
    if (field.is_signed && value >= range / 2) value -= range;
    return sound(static_cast<double>(value) * field.scale + field.add);
}

std::optional<double> read_value(const std::string& payload, const Rule& rule) {
    if (payload.size() > kMostPayload) return std::nullopt;
    if (rule.bytes) return read_bytes(payload, *rule.bytes);
    if (rule.value.empty()) return read_number(payload);
    const auto json = read_json(payload);
    if (!json.ok()) return std::nullopt;
    const auto place = at_pointer(*json, rule.value);
    return place ? number_in(*place) : std::nullopt;
}

}  // namespace waypost::sensors
