// SPDX-License-Identifier: Apache-2.0
#include "bridges/xmpp/message/chat.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <ctime>

#include "bridges/xmpp/message/spaces.h"
#include "gateway/message/text.h"

namespace waypost::xmpp {
namespace {

constexpr std::size_t kMostMarks = 32;    // ids in one stanza
constexpr std::size_t kEmojiBytes = 64;   // of one reaction
constexpr std::size_t kErrorBytes = 240;  // of the text of an error
constexpr std::size_t kSubjectBytes = 500;
constexpr std::size_t kNickBytes = 80;

// Where a body only stands for one of these (XEP-0428), it goes: the thing itself is understood.
constexpr std::array kUnderstood{space::kReply, space::kRetract, space::kRetractOld,
                                 space::kReactions, space::kOob};

// Elements in which ciphertext travels, and how people call it.
struct Cipher {
    std::string_view element, space, name;
};
constexpr std::array kCiphers{
    Cipher{"encrypted", "eu.siacs.conversations.axolotl", "OMEMO"},
    Cipher{"encrypted", "urn:xmpp:omemo:1", "OMEMO"},
    Cipher{"encrypted", "urn:xmpp:omemo:2", "OMEMO"},
    Cipher{"openpgp", "urn:xmpp:openpgp:0", "OpenPGP"},
    Cipher{"x", "jabber:x:encrypted", "PGP"},
};
constexpr std::string_view kOtrMark = "?OTR";
constexpr std::string_view kSealedFile = "aesgcm://";  // a file that only OMEMO can open

// An id that was cut names nothing.
std::string id_of(std::string_view id) {
    return id.size() <= kMostIdBytes && is_utf8(id) ? std::string(id) : std::string();
}

std::string id_in(const Element* element) {
    return element == nullptr ? std::string() : id_of(element->get("id"));
}

std::optional<std::size_t> number(std::string_view text) {
    std::size_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

struct Range {  // of code points
    std::size_t begin, end;
};

// What of the body is repeated for older programs (XEP-0428).
std::vector<Range> repeated(const Element& message) {
    std::vector<Range> ranges;
    for (const Element& child : message.children()) {
        if (child.name() != "fallback" ||
            (child.space() != space::kFallback && child.space() != space::kFallbackOld))
            continue;
        const std::string_view what = child.get("for");
        if (std::find(kUnderstood.begin(), kUnderstood.end(), what) == kUnderstood.end()) continue;
        bool all = child.children().empty();
        for (const Element& part : child.children()) {
            if (part.name() != "body") continue;
            const auto begin = number(part.get("start"));
            const auto end = number(part.get("end"));
            if (begin && end && *begin < *end) ranges.push_back({*begin, *end});
            all = all || (!begin && !end);
        }
        if (all) ranges.push_back({0, std::string::npos});
    }
    return ranges;
}

std::string without(std::string_view body, const std::vector<Range>& ranges) {
    std::string kept;
    std::size_t at = 0;
    each_code_point(body, [&](std::int32_t, std::string_view bytes) {
        const bool in = std::any_of(ranges.begin(), ranges.end(), [at](const Range& range) {
            return at >= range.begin && at < range.end;
        });
        if (!in) kept += bytes;
        ++at;
    });
    return kept;
}

std::string trimmed(std::string_view text) {
    constexpr std::string_view kBlank = " \t\r\n";
    const std::size_t begin = text.find_first_not_of(kBlank);
    if (begin == std::string_view::npos) return {};
    return std::string(text.substr(begin, text.find_last_not_of(kBlank) - begin + 1));
}

void read_encryption(const Element& message, Chat& chat) {
    const std::string_view body = message.child_text("body");
    for (const Cipher& cipher : kCiphers) {
        const Element* sealed = message.find(cipher.element, cipher.space);
        if (sealed == nullptr) continue;
        // Without a payload keys are exchanged, and nothing is said (XEP-0384).
        chat.encrypted = !is_blank(body) || !sealed->text().empty() || sealed->find("payload");
        chat.encryption = cipher.name;
        return;
    }
    if (is_blank(body)) return;
    if (const Element* hint = message.find("encryption", space::kEncryption)) {
        chat.encrypted = true;
        chat.encryption = one_line(clean_title(hint->get("name")), kNickBytes);
        return;
    }
    const bool otr = body.substr(0, kOtrMark.size()) == kOtrMark;
    if (!otr && body.substr(0, kSealedFile.size()) != kSealedFile) return;
    chat.encrypted = true;
    chat.encryption = otr ? "OTR" : "OMEMO";
}

void read_marks(const Element& message, Chat& chat) {
    for (const Element& child : message.children()) {
        const bool receipt = child.is("received", space::kReceipts);
        const bool got = receipt || child.is("received", space::kMarkers);
        const bool seen =
            child.is("displayed", space::kMarkers) || child.is("acknowledged", space::kMarkers);
        if (!got && !seen) continue;
        // Before XEP-0184 had an id of its own, the stanza's was used.
        std::string id = id_in(&child);
        if (id.empty() && receipt) id = chat.id;
        auto& ids = seen ? chat.displayed : chat.received;
        if (!id.empty() && ids.size() < kMostMarks) ids.push_back(std::move(id));
    }
    chat.wants_receipt = message.find("request", space::kReceipts) != nullptr;
}

void read_reactions(const Element& message, Chat& chat) {
    const Element* all = message.find("reactions", space::kReactions);
    chat.reacts_to = id_in(all);
    if (chat.reacts_to.empty()) return;
    for (const Element& each : all->children()) {
        if (!each.is("reaction", space::kReactions)) continue;
        const std::string emoji = trimmed(clean_utf8(each.text()));
        if (emoji.empty() || emoji.size() > kEmojiBytes) continue;
        if (chat.reactions.size() < kMostReactions) chat.reactions.push_back(emoji);
    }
}

void read_retraction(const Element& message, Chat& chat) {
    if (const Element* retract = message.find("retract", space::kRetract)) {
        chat.retracts = id_in(retract);
        return;
    }
    const Element* fasten = message.find("apply-to", space::kFasten);
    if (fasten != nullptr && fasten->find("retract", space::kRetractOld) != nullptr)
        chat.retracts = id_in(fasten);
}

std::string link_of(const Element& message, const std::string& body) {
    for (const Element& child : message.children()) {
        if (!child.is("x", space::kOob)) continue;
        const std::string url = trimmed(child.child_text("url"));
        if (!url.empty() && url == body) return url;
    }
    return {};
}

}  // namespace

Chat read_chat(const Element& message) {
    Chat chat;
    const std::string_view type = message.get("type");
    chat.type = type.empty() ? "normal" : std::string(type.substr(0, kNickBytes));
    chat.id = id_of(message.get("id"));
    chat.origin_id = id_in(message.find("origin-id", space::kIds));
    chat.lang =
        lower_ascii(message.lang().substr(0, std::min<std::size_t>(message.lang().find('-'), 8)));
    chat.subject = one_line(clean_title(message.child_text("subject")), kSubjectBytes);
    chat.nick = one_line(clean_name(message.child_text("nick", space::kNick)), kNickBytes);
    if (const Element* delay = message.find("delay", space::kDelay))
        chat.written = read_stamp(delay->get("stamp"));
    chat.no_letter = message.find_space(space::kCarbons) != nullptr ||
                     message.find("forwarded", space::kForward) != nullptr ||
                     message.find("event", space::kPubsubEvent) != nullptr;
    read_encryption(message, chat);
    read_marks(message, chat);
    chat.replies_to = id_in(message.find("reply", space::kReply));
    chat.corrects = id_in(message.find("replace", space::kCorrect));
    read_retraction(message, chat);
    read_reactions(message, chat);
    const std::string whole = clean_utf8(message.child_text("body"));
    chat.link = link_of(message, trimmed(whole));
    std::vector<Range> ranges = repeated(message);
    // Whatever else it says is for programs that know no retractions or reactions.
    if (!chat.retracts.empty() || !chat.reacts_to.empty()) ranges = {{0, std::string::npos}};
    // A link that is the whole body stays: it is no repetition of something else.
    if (!chat.link.empty()) ranges.clear();
    chat.body = trimmed(without(whole, ranges));
    return chat;
}

StanzaError read_error(const Element& stanza) {
    StanzaError result{"cancel", "undefined-condition", {}};
    const Element* error = stanza.find("error");
    if (error == nullptr) return result;
    constexpr std::array<std::string_view, 5> kTypes{"auth", "cancel", "continue", "modify",
                                                     "wait"};
    const std::string_view type = error->get("type");
    if (std::find(kTypes.begin(), kTypes.end(), type) != kTypes.end()) result.type = type;
    for (const Element& child : error->children()) {
        if (child.space() != kStanzaErrorSpace) continue;
        if (child.name() == "text") {
            result.text = one_line(clean_title(child.text()), kErrorBytes);
        } else {
            result.condition = child.name().substr(0, kNickBytes);
        }
    }
    return result;
}

std::int64_t read_stamp(std::string_view text) {
    if (text.size() < 20 || text.size() > 40) return 0;
    const std::string stamp(text);
    std::tm utc{};
    const char* rest = ::strptime(stamp.c_str(), "%Y-%m-%dT%H:%M:%S", &utc);
    if (rest == nullptr) return 0;
    if (*rest == '.') {
        ++rest;
        while (*rest >= '0' && *rest <= '9') ++rest;
    }
    std::int64_t east = 0;  // seconds
    if (*rest == '+' || *rest == '-') {
        const std::string_view zone(rest + 1);
        if (zone.size() != 5 || zone[2] != ':') return 0;
        const auto hours = number(zone.substr(0, 2));
        const auto minutes = number(zone.substr(3));
        if (!hours || !minutes || *hours > 14 || *minutes > 59) return 0;
        east = static_cast<std::int64_t>(*hours * 3600 + *minutes * 60);
        if (*rest == '-') east = -east;
    } else if (std::string_view(rest) != "Z") {
        return 0;
    }
    const std::int64_t seconds = ::timegm(&utc) - east;
    return seconds > 0 ? seconds : 0;
}

}  // namespace waypost::xmpp
