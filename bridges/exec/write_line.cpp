// SPDX-License-Identifier: Apache-2.0
#include <Poco/JSON/Array.h>
#include <Poco/JSON/Object.h>

#include <sstream>

#include "bridges/exec/lines.h"
#include "gateway/message/text.h"

namespace waypost::exec {
namespace {

// An object of one line, whose keys stay in the order in which they are set.
class Line {
  public:
    Line() : object_(new Poco::JSON::Object(Poco::JSON_PRESERVE_KEY_ORDER)) {}

    Line& set(const char* key, const std::string& value) {
        object_->set(key, clean_utf8(value));
        return *this;
    }
    Line& set(const char* key, std::int64_t value) {
        object_->set(key, Poco::Int64(value));
        return *this;
    }
    Line& set(const char* key, bool value) {
        object_->set(key, value);
        return *this;
    }
    Line& set(const char* key, const Poco::JSON::Array::Ptr& value) {
        object_->set(key, value);
        return *this;
    }
    Line& set_if(const char* key, const std::string& value) {
        return value.empty() ? *this : set(key, value);
    }
    const Poco::JSON::Object::Ptr& object() const { return object_; }
    std::string text() const {
        std::ostringstream out;
        object_->stringify(out);
        out << '\n';
        return out.str();
    }

  private:
    Poco::JSON::Object::Ptr object_;
};

std::string kind_of(Verdict::Kind kind) {
    switch (kind) {
        case Verdict::Kind::Accepted:
            return "accepted";
        case Verdict::Kind::Duplicate:
            return "duplicate";
        case Verdict::Kind::Refused:
            return "refused";
        case Verdict::Kind::Later:
            break;
    }
    return "later";
}

std::string reason_of(Verdict::Reason reason) {
    using Reason = Verdict::Reason;
    switch (reason) {
        case Reason::None:
            return {};
        case Reason::UnknownRecipient:
            return "unknown_recipient";
        case Reason::NotAllowed:
            return "not_allowed";
        case Reason::TooLarge:
            return "too_large";
        case Reason::Loop:
            return "loop";
        case Reason::BadInput:
            return "bad_input";
        case Reason::QuotaFull:
            return "quota_full";
        case Reason::StorageFull:
            return "storage_full";
        case Reason::Busy:
            break;
    }
    return "busy";
}

std::string name_of(Priority priority) {
    switch (priority) {
        case Priority::Alarm:
            return "alarm";
        case Priority::Urgent:
            return "urgent";
        case Priority::Normal:
            return "normal";
        case Priority::Bulk:
            break;
    }
    return "bulk";
}

}  // namespace

std::string hello_line(const std::string& scheme, const std::string& domain,
                       const std::string& village, const std::string& folder) {
    return Line()
        .set("hello", std::int64_t{kVersion})
        .set("scheme", scheme)
        .set("domain", domain)
        .set("village", village)
        .set_if("folder", folder)
        .text();
}

std::string deliver_line(std::int64_t number, const WireId& wire_id, bool resume,
                         const Delivery& delivery, const std::vector<OfferedFile>& files) {
    Line line;
    line.set("deliver", number).set("wire_id", wire_id).set("to", delivery.to.uri());
    line.set("from", delivery.from.scheme == "mailto" ? delivery.from.value : delivery.from.uri());
    line.set_if("name", delivery.from_name).set_if("subject", delivery.subject);
    line.set("text", delivery.text).set("priority", name_of(delivery.priority));
    if (!delivery.references.empty()) line.set("reply_to", delivery.references.front());
    const std::int64_t written = to_ms(delivery.written) / 1000;
    if (written > 0) line.set("written", written);
    if (delivery.automatic) line.set("automatic", true);
    if (resume) line.set("resume", true);
    if (files.empty()) return line.text();
    Poco::JSON::Array::Ptr all = new Poco::JSON::Array;
    for (const OfferedFile& each : files) {
        Line one;
        one.set("name", each.about.name).set("type", each.about.type);
        one.set("bytes", static_cast<std::int64_t>(each.about.bytes)).set_if("path", each.path);
        all->add(one.object());
    }
    return line.set("files", all).text();
}

std::string accepted_line(const std::string& id, const std::vector<std::string>& to,
                          const std::vector<Verdict>& verdicts) {
    Poco::JSON::Array::Ptr all = new Poco::JSON::Array;
    for (std::size_t i = 0; i < verdicts.size(); ++i) {
        Line one;
        if (i < to.size()) one.set("to", to[i]);
        one.set("kind", kind_of(verdicts[i].kind));
        one.set_if("reason", reason_of(verdicts[i].reason)).set_if("text", verdicts[i].text);
        all->add(one.object());
    }
    // The id is JSON already.
    const std::string rest = Line().set("verdicts", all).text();
    return "{\"accepted\":" + id + ',' + rest.substr(1);
}

std::string proved_line(const WireId& wire_id, bool kept) {
    return Line().set("proved", wire_id).set("kept", kept).text();
}

std::string error_line(const std::string& why) { return Line().set("error", why).text(); }

}  // namespace waypost::exec
