// SPDX-License-Identifier: Apache-2.0
// For vocab/ and remote/ only. Any thread.
#pragma once

#include <Poco/JSON/Array.h>
#include <Poco/JSON/Object.h>

#include <cstdint>
#include <string>
#include <vector>

namespace waypost::activitypub {

// An object whose keys stay in the order in which they are set.
class JsonWriter {
  public:
    JsonWriter() : object_(new Poco::JSON::Object(Poco::JSON_PRESERVE_KEY_ORDER)) {}

    JsonWriter& set(const std::string& key, const std::string& value);  // becomes clean UTF-8
    JsonWriter& set(const std::string& key, const char* value) {
        return set(key, std::string(value));
    }
    JsonWriter& set(const std::string& key, bool value);
    JsonWriter& set(const std::string& key, std::uint64_t value);
    JsonWriter& set(const std::string& key, const JsonWriter& value);
    JsonWriter& set(const std::string& key, const std::vector<std::string>& values);
    JsonWriter& set(const std::string& key, const std::vector<JsonWriter>& values);
    JsonWriter& set(const std::string& key, const Poco::JSON::Array::Ptr& values);
    // Not at all where it is empty, or no time.
    JsonWriter& set_if(const std::string& key, const std::string& value);
    JsonWriter& set_time(const std::string& key, std::int64_t unix_s);

    const Poco::JSON::Object::Ptr& object() const { return object_; }
    std::string text() const;

  private:
    Poco::JSON::Object::Ptr object_;
};

}  // namespace waypost::activitypub
