// SPDX-License-Identifier: Apache-2.0
#include "radio/trunk/transport/amateur_post.h"

#include <algorithm>

#include "bridges/post/letters.h"
#include "gateway/message/unreadable.h"
#include "gateway/message/why.h"

namespace waypost::trunk {
namespace {

constexpr std::chrono::hours kOtherWay{1};  // then it is asked again which way is there

bool has(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

// Of armour that stands in a text (RFC 4880 6.2, RFC 7468, age). Of a mail that is sealed as a
// whole the text says that nobody here could read it.
bool is_sealed(std::string_view text) {
    constexpr std::string_view kBegin = "-----BEGIN ";
    static const std::string kUnread = text_of(Unreadable::Encrypted, {});
    if (text.starts_with(kUnread)) return true;
    for (std::size_t at = text.find(kBegin); at != std::string_view::npos;
         at = text.find(kBegin, at + 1)) {
        const std::size_t from = at + kBegin.size();
        const std::string_view label = text.substr(from, text.find("-----", from) - from);
        if (label == "PGP MESSAGE" || label.starts_with("PGP MESSAGE,") || label == "PKCS7" ||
            label == "CMS" || has(label, "ENCRYPTED"))
            return true;
    }
    return false;
}

}  // namespace

AmateurTraffic traffic_of(const Delivery& delivery, const std::vector<std::string>& licensed) {
    if (post::is_event(delivery)) return AmateurTraffic::LinkControl;
    if (is_sealed(delivery.text) || is_sealed(delivery.subject)) return AmateurTraffic::Encrypted;
    if (delivery.alert) return AmateurTraffic::Distress;
    const bool own = !delivery.automatic && !delivery.author.empty() &&
                     std::find(licensed.begin(), licensed.end(), delivery.author) != licensed.end();
    if (own) return AmateurTraffic::OwnMessage;
    return delivery.passed ? AmateurTraffic::ScreenedMail : AmateurTraffic::UnscreenedMail;
}

std::optional<Outcome> refused_by_amateur(const Delivery& delivery,
                                          const std::vector<std::string>& licensed) {
    const AmateurTraffic traffic = traffic_of(delivery, licensed);
    const auto may = amateur_may_send(traffic);
    if (may.ok()) return std::nullopt;
    Outcome outcome;
    outcome.kind = Outcome::Kind::NotTried;
    outcome.detail = may.error().text;
    if (traffic == AmateurTraffic::UnscreenedMail) {
        outcome.code = kToScreen;
        outcome.detail = std::string(to_string(Why::Operator)) + ": " + outcome.detail;
    } else {
        outcome.code = "amateur";
        outcome.retry_after = kOtherWay;
    }
    return outcome;
}

void take_off_text(post::Event& event) { event.diagnostic.clear(); }

}  // namespace waypost::trunk
