// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/mime/delivery_status.h"

#include <algorithm>
#include <string>
#include <utility>

#include "bridges/email/mime/bounce_parts.h"
#include "gateway/message/text.h"

namespace waypost::email {
namespace {

constexpr std::size_t kMostRecipients = 100;
constexpr std::size_t kValueBytes = 1000;
constexpr std::size_t kDiagnosticBytes = 120;

using Action = DeliveryReport::Action;

// As they stand, unfolded.
struct Fields {
    std::string original_recipient, final_recipient, action, status, diagnostic;
    bool about_somebody() const { return !original_recipient.empty() || !final_recipient.empty(); }
    bool says_something() const {
        return !action.empty() || !status.empty() || !diagnostic.empty();
    }
};

std::string* field_named(Fields& fields, const std::string& name) {
    if (name == "original-recipient") return &fields.original_recipient;
    if (name == "final-recipient") return &fields.final_recipient;
    if (name == "action") return &fields.action;
    if (name == "status") return &fields.status;
    if (name == "diagnostic-code") return &fields.diagnostic;
    return nullptr;
}

// Gathers fields by recipient. A field that is there already begins the next one, and so does who
// it is about behind a blank line; blank lines alone part nothing.
class Reader {
  public:
    void line(std::string_view line) {
        if (line.empty() || is_blank(line)) {
            value_ = nullptr;
            blank_ = true;
            return;
        }
        if (line[0] == ' ' || line[0] == '\t') {
            if (value_ != nullptr && value_->size() < kValueBytes) value_->append(line);
            return;
        }
        value_ = nullptr;
        const std::size_t colon = line.find(':');
        if (colon == std::string_view::npos || colon > 40) return;
        const std::string name = lower_ascii(squeeze(line.substr(0, colon)));
        Fields probe;
        if (field_named(probe, name) == nullptr) return;
        const bool who = name == "original-recipient" || name == "final-recipient";
        if (!field_named(now_, name)->empty() || (blank_ && who && is_whole())) next();
        blank_ = false;
        value_ = field_named(now_, name);
        *value_ = line.substr(colon + 1, kValueBytes);
    }
    std::vector<Fields> take() && {
        next();
        return std::move(all_);
    }

  private:
    bool is_whole() const { return now_.about_somebody() && now_.says_something(); }
    void next() {
        if (now_.says_something() && all_.size() < kMostRecipients) all_.push_back(now_);
        now_ = {};
    }

    std::vector<Fields> all_;
    Fields now_;
    std::string* value_ = nullptr;
    bool blank_ = false;
};

std::optional<Action> action_named(const std::string& text) {
    const std::string word = lower_ascii(squeeze(text));
    const auto begins = [&](std::string_view with) { return word.rfind(with, 0) == 0; };
    for (const char* each : {"fail", "error", "bounce", "undeliver", "reject", "expired"}) {
        if (begins(each)) return Action::Failed;
    }
    if (begins("delay") || begins("deferred")) return Action::Delayed;
    if (begins("delivered")) return Action::Delivered;
    if (begins("relayed") || begins("expanded")) return Action::Relayed;
    return std::nullopt;
}

std::optional<Action> action_of_class(char digit) {
    if (digit == '5') return Action::Failed;
    if (digit == '4') return Action::Delayed;
    if (digit == '2') return Action::Delivered;
    return std::nullopt;
}

std::optional<Action> action_of(const Fields& fields) {
    if (const auto named = action_named(fields.action)) return named;
    if (const std::string status = find_status(fields.status); !status.empty())
        return action_of_class(status[0]);
    for (const std::string* text : {&fields.status, &fields.diagnostic}) {
        const std::size_t reply = find_reply(*text);
        if (reply != std::string::npos) return action_of_class((*text)[reply]);
    }
    return std::nullopt;
}

// "rfc822; bob@example.org", "Bob <bob@example.org>", "utf-8;jos\x{E9}@example.org" as it is.
Address recipient_of(const std::string& text) {
    const std::size_t type = text.find(';');
    const auto found = find_address(text, type == std::string::npos ? 0 : type + 1);
    return found ? found->address : Address{};
}

// The one of Status, unless it only says that it failed and the other server said why.
std::string status_of(const Fields& fields) {
    const std::string status = find_status(fields.status);
    const std::string said = find_status(fields.diagnostic);
    const bool better =
        is_vague(status) && !said.empty() && (status.empty() || status[0] == said[0]);
    return better ? said : status;
}

// "smtp; 550 5.1.1 no" without the type.
std::string diagnostic_of(const Fields& fields) {
    std::string_view text = fields.diagnostic;
    const std::size_t type = text.find(';');
    const bool is_type = type != std::string_view::npos &&
                         squeeze(text.substr(0, type)).find(' ') == std::string::npos;
    if (is_type) text.remove_prefix(type + 1);
    return one_line(clean_utf8(text), kDiagnosticBytes);
}

}  // namespace

std::vector<DeliveryReport> read_delivery_status(std::string_view text) {
    Reader reader;
    while (!text.empty()) reader.line(take_line(text));
    std::vector<DeliveryReport> reports;
    for (const Fields& fields : std::move(reader).take()) {
        const auto action = action_of(fields);
        if (!action) continue;
        DeliveryReport& report = reports.emplace_back();
        report.action = *action;
        report.recipient = recipient_of(fields.original_recipient);
        if (report.recipient.empty()) report.recipient = recipient_of(fields.final_recipient);
        report.status = status_of(fields);
        report.diagnostic = diagnostic_of(fields);
    }
    return reports;
}

}  // namespace waypost::email
