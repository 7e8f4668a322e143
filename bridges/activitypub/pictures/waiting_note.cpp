// SPDX-License-Identifier: Apache-2.0
#include "bridges/activitypub/pictures/waiting_note.h"

#include "bridges/activitypub/vocab/json_read.h"
#include "bridges/activitypub/vocab/json_write.h"

namespace waypost::activitypub {
namespace {

std::vector<std::string> texts_at(const Json& json, const std::string& key) {
    std::vector<std::string> texts;
    for (const JsonValue& value : values_at(json, key))
        if (value.isString()) texts.push_back(value.extract<std::string>());
    return texts;
}

Result<std::vector<Address>> addresses_at(const Json& json, const std::string& key) {
    std::vector<Address> addresses;
    for (const std::string& text : texts_at(json, key)) {
        auto address = parse_address(text);
        if (!address.ok()) return address.error();
        addresses.push_back(std::move(*address));
    }
    return addresses;
}

}  // namespace

std::string write_waiting_note(const WaitingNote& note) {
    const Message& m = note.message;
    std::vector<std::string> to;
    for (const Address& address : m.to) to.push_back(address.uri());
    std::vector<JsonWriter> pictures;
    for (const MediaLink& each : note.pictures) {
        JsonWriter picture;
        picture.set("url", each.url).set("type", each.type).set("name", each.description);
        pictures.push_back(std::move(picture));
    }
    JsonWriter json;
    json.set("from", m.from.uri())
        .set("to", to)
        .set("id", m.origin_id)
        .set("written", static_cast<std::uint64_t>(m.written))
        .set("from_name", m.from_name)
        .set("text", m.text)
        .set("references", m.references)
        .set("privacy", static_cast<std::uint64_t>(m.privacy))
        .set("pictures", pictures)
        .set("language", note.language);
    return json.text();
}

Result<WaitingNote> read_waiting_note(const std::string& text) {
    const auto json = read_json(text);
    if (!json.ok()) return json.error();
    auto from = parse_address(string_at(**json, "from"));
    if (!from.ok()) return from.error();
    auto to = addresses_at(**json, "to");
    if (!to.ok()) return to.error();
    WaitingNote note;
    Message& m = note.message;
    m.from = std::move(*from);
    m.to = std::move(*to);
    m.origin_id = string_at(**json, "id");
    if (m.origin_id.empty() || m.to.empty()) return bad_input("a kept note without id or reader");
    m.written = integer_at(**json, "written", 0);
    m.from_name = string_at(**json, "from_name");
    m.text = string_at(**json, "text");
    m.references = texts_at(**json, "references");
    note.language = string_at(**json, "language");
    const bool hidden = integer_at(**json, "privacy", 0) == static_cast<int>(Privacy::TlsVerified);
    m.privacy = hidden ? Privacy::TlsVerified : Privacy::InClear;
    for (const JsonValue& value : values_at(**json, "pictures")) {
        const Json::Ptr picture = object_of(value);
        if (!picture) return bad_input("a kept note with a picture that is none");
        note.pictures.push_back(
            {string_at(*picture, "url"), string_at(*picture, "type"), string_at(*picture, "name")});
    }
    return note;
}

}  // namespace waypost::activitypub
