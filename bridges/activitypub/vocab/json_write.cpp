// SPDX-License-Identifier: Apache-2.0
#include "bridges/activitypub/vocab/json_write.h"

#include <Poco/DateTimeFormat.h>
#include <Poco/DateTimeFormatter.h>
#include <Poco/Timestamp.h>

#include <sstream>

#include "gateway/message/text.h"

namespace waypost::activitypub {

JsonWriter& JsonWriter::set(const std::string& key, const std::string& value) {
    object_->set(key, clean_utf8(value));
    return *this;
}

JsonWriter& JsonWriter::set(const std::string& key, bool value) {
    object_->set(key, value);
    return *this;
}

JsonWriter& JsonWriter::set(const std::string& key, std::uint64_t value) {
    object_->set(key, Poco::UInt64(value));
    return *this;
}

JsonWriter& JsonWriter::set(const std::string& key, const JsonWriter& value) {
    object_->set(key, value.object_);
    return *this;
}

JsonWriter& JsonWriter::set(const std::string& key, const std::vector<std::string>& values) {
    Poco::JSON::Array::Ptr list = new Poco::JSON::Array;
    for (const std::string& value : values) list->add(clean_utf8(value));
    return set(key, list);
}

JsonWriter& JsonWriter::set(const std::string& key, const std::vector<JsonWriter>& values) {
    Poco::JSON::Array::Ptr list = new Poco::JSON::Array;
    for (const JsonWriter& value : values) list->add(value.object_);
    return set(key, list);
}

JsonWriter& JsonWriter::set(const std::string& key, const Poco::JSON::Array::Ptr& values) {
    object_->set(key, values);
    return *this;
}

JsonWriter& JsonWriter::set_if(const std::string& key, const std::string& value) {
    return value.empty() ? *this : set(key, value);
}

JsonWriter& JsonWriter::set_time(const std::string& key, std::int64_t unix_s) {
    if (unix_s <= 0) return *this;
    return set(key, Poco::DateTimeFormatter::format(Poco::Timestamp::fromEpochTime(unix_s),
                                                    Poco::DateTimeFormat::ISO8601_FORMAT));
}

std::string JsonWriter::text() const {
    std::ostringstream out;
    object_->stringify(out);
    return out.str();
}

}  // namespace waypost::activitypub
