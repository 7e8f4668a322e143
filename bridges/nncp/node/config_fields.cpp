// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/node/config_fields.h"

#include <sodium.h>

#include <charconv>

namespace waypost::nncp {

using Kind = Hjson::Kind;

ConfigFields::ConfigFields(const Hjson& object, std::string place, std::optional<Error>& problem)
    : object_(object), place_(std::move(place)), problem_(problem) {
    if (good() && object.kind != Kind::Object) wrong(object, "", "expected { ... }");
}

std::string ConfigFields::full(std::string_view key) const {
    if (place_.empty()) return std::string(key);
    return key.empty() ? place_ : place_ + '.' + std::string(key);
}

void ConfigFields::wrong(const Hjson& where, std::string_view key, const std::string& what) {
    if (!problem_)
        problem_ = bad_input("line " + std::to_string(where.line) + ": " + full(key) + ": " + what);
}

bool ConfigFields::has(std::string_view key) const {
    const Hjson* value = object_.find(key);
    return value != nullptr && value->kind != Kind::Null;
}

void ConfigFields::need(std::string_view key) {
    if (!has(key)) wrong(object_, key, "is missing");
}

const Hjson* ConfigFields::get(std::string_view key, Kind kind, const char* name) {
    if (!good() || !has(key)) return nullptr;
    const Hjson* value = object_.find(key);
    if (value->kind == kind) return value;
    wrong(*value, key, std::string("expected ") + name);
    return nullptr;
}

void ConfigFields::text(std::string_view key, std::string& into) {
    if (!good() || !has(key)) return;
    const Hjson* value = object_.find(key);
    if (value->kind != Kind::Text && value->kind != Kind::Number)
        return wrong(*value, key, "expected a text");
    into = value->text;
}

void ConfigFields::directory(std::string_view key, std::string& into) {
    text(key, into);
    if (good() && has(key) && !into.starts_with('/'))
        wrong(*object_.find(key), key, "has to be an absolute path");
}

void ConfigFields::flag(std::string_view key, bool& into) {
    if (const Hjson* value = get(key, Kind::Bool, "true or false")) into = value->flag;
}

void ConfigFields::number(std::string_view key, std::uint64_t most,
                          const std::function<void(std::uint64_t)>& take) {
    const Hjson* value = get(key, Kind::Number, "a number");
    if (value == nullptr) return;
    std::uint64_t read = 0;
    const char* end = value->text.data() + value->text.size();
    const auto got = std::from_chars(value->text.data(), end, read);
    if (got.ec != std::errc() || got.ptr != end || read > most)
        return wrong(*value, key, "expected a whole number, at most " + std::to_string(most));
    take(read);
}

void ConfigFields::seconds(std::string_view key, std::chrono::seconds& into) {
    number(key, 1'000'000'000, [&](std::uint64_t n) { into = std::chrono::seconds(n); });
}

void ConfigFields::kib(std::string_view key, std::uint64_t& bytes) {
    number(key, std::uint64_t{1} << 40, [&](std::uint64_t n) { bytes = n * 1024; });
}

void ConfigFields::hash(std::string_view key, Hash32& into) {
    std::string letters;
    text(key, letters);
    if (!good() || !has(key)) return;
    const auto read = hash_from_base32(letters);
    if (!read.ok())
        return wrong(*object_.find(key), key,
                     "expected 52 letters A-Z and digits 2-7: " + read.error().text);
    into = *read;
}

void ConfigFields::hash(std::string_view key, std::optional<Hash32>& into) {
    if (has(key)) hash(key, into.emplace());
}

void ConfigFields::secret(std::string_view key, std::size_t bytes, Secret& into) {
    std::string letters;
    text(key, letters);
    if (!good() || !has(key)) return;
    auto read = from_base32(letters);
    if (!letters.empty()) sodium_memzero(letters.data(), letters.size());
    if (!read.ok() || read->size() != bytes)
        return wrong(*object_.find(key), key,
                     "expected " + std::to_string(bytes) + " bytes in base32");
    into = Secret(std::move(read).value());
}

void ConfigFields::strings(const Hjson& list, std::string_view key,
                           std::vector<std::string>& into) {
    for (const Hjson& item : list.items) {
        if (item.kind != Kind::Text && item.kind != Kind::Number)
            return wrong(item, key, "expected a list of texts");
        into.push_back(item.text);
    }
}

void ConfigFields::texts(std::string_view key, std::vector<std::string>& into) {
    if (const Hjson* value = get(key, Kind::List, "a list: [\"...\"]")) strings(*value, key, into);
}

void ConfigFields::commands(std::string_view key,
                            std::map<std::string, std::vector<std::string>>& into) {
    const Hjson* value = get(key, Kind::Object, "{handle: [program, argument]}");
    if (value == nullptr) return;
    for (const auto& [handle, command] : value->members) {
        if (command.kind == Kind::Null) continue;
        if (command.kind != Kind::List || command.items.empty())
            return wrong(command, std::string(key) + '.' + handle,
                         "expected a program and its arguments: [\"/usr/sbin/sendmail\"]");
        strings(command, std::string(key) + '.' + handle, into[handle]);
    }
}

void ConfigFields::map(std::string_view key, std::map<std::string, std::string>& into) {
    const Hjson* value = get(key, Kind::Object, "{name: text}");
    if (value == nullptr) return;
    for (const auto& [name, item] : value->members) {
        if (item.kind != Kind::Text && item.kind != Kind::Number)
            return wrong(item, std::string(key) + '.' + name, "expected a text");
        into[name] = item.text;
    }
}

void ConfigFields::one(std::string_view key, const std::function<void(ConfigFields&)>& each) {
    const Hjson* value = get(key, Kind::Object, "{ ... }");
    if (value == nullptr) return;
    ConfigFields inner(*value, full(key), problem_);
    each(inner);
}

void ConfigFields::each(std::string_view key,
                        const std::function<void(const std::string& name, ConfigFields&)>& each) {
    const Hjson* value = get(key, Kind::Object, "{name: { ... }}");
    if (value == nullptr) return;
    for (const auto& [name, item] : value->members) {
        ConfigFields inner(item, full(key) + '.' + name, problem_);
        if (!good()) return;
        each(name, inner);
    }
}

void ConfigFields::list(std::string_view key, const std::function<void(ConfigFields&)>& each) {
    const Hjson* value = get(key, Kind::List, "[{ ... }]");
    if (value == nullptr) return;
    for (std::size_t i = 0; i < value->items.size() && good(); ++i) {
        ConfigFields inner(value->items[i], full(key) + '[' + std::to_string(i) + ']', problem_);
        if (good()) each(inner);
    }
}

}  // namespace waypost::nncp
