// SPDX-License-Identifier: Apache-2.0
// ActivityStreams documents as JSON objects: bounded, and with the looseness of JSON-LD taken out.
// @context is not looked at, and nothing is fetched. For vocab/ and remote/ only. Any thread.
#pragma once

#include <Poco/JSON/Object.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/result.h"

namespace waypost::activitypub {

using Json = Poco::JSON::Object;
using JsonValue = Poco::Dynamic::Var;

// Within the limits of activity.h; of a key that comes twice the last one counts. BadInput.
Result<Json::Ptr> read_json(std::string_view text);

// The values of a list, or the one value; nulls are passed over.
std::vector<JsonValue> values_at(const Json& json, const std::string& key);
// Null where it is none.
Json::Ptr object_of(const JsonValue& value);
Json::Ptr object_at(const Json& json, const std::string& key);  // the first of the values
// The first string of the values, as it came; empty: none. Numbers are no strings.
std::string string_at(const Json& json, const std::string& key);
bool is_true_at(const Json& json, const std::string& key);
std::int64_t integer_at(const Json& json, const std::string& key, std::int64_t otherwise);
std::int64_t time_at(const Json& json, const std::string& key);  // Unix seconds; 0: none

// "Note" of "Note", "as:Note" and the whole IRI.
std::string type_of(const Json& json);

// An id is a URL with http or https and a host, at most 2048 bytes, without white space, control
// characters, quotes or angle brackets.
bool is_id(std::string_view text);
std::string id_of(const JsonValue& value);  // of a link, or of an object by its id; empty: none
std::string id_of(const Json& json);
std::string id_at(const Json& json,
                  const std::string& key);  // the first of the values that has one
// All of them; kPublic for each of its short forms.
void append_ids(std::vector<std::string>& to, const Json& json, const std::string& key);

struct JsonLink {
    std::string href;
    std::string type;  // media type; may be empty
};
// Web links: "url" is a text, a Link, or a list of both.
std::vector<JsonLink> links_of(const JsonValue& value);
std::vector<JsonLink> links_at(const Json& json, const std::string& key);

}  // namespace waypost::activitypub
