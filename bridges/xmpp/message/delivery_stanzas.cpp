// SPDX-License-Identifier: Apache-2.0
#include "bridges/xmpp/message/delivery_stanzas.h"

#include "bridges/xmpp/date_time.h"
#include "bridges/xmpp/message/chat.h"
#include "bridges/xmpp/message/envelope.h"
#include "bridges/xmpp/message/spaces.h"
#include "bridges/xmpp/stanza_error.h"
#include "gateway/message/text.h"

namespace waypost::xmpp {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr minutes kStampAfter{1};  // XEP-0203 is for what has waited

Element message_to(const std::string& type, const Jid& from, const std::string& to,
                   const std::string& id) {
    Element message("message");
    message.set("type", type).set("from", from.text()).set("to", to).set("id", id);
    return message;
}

// Kept by archives and for who is away, though there is no text in it (XEP-0334). What has a text
// is kept without asking (XEP-0160, XEP-0313), and being asked is work for a server.
void ask_to_store(Element& message) { message.add(Element("store", space::kHints)); }

void add_id(Element& message, const std::string& id) {
    message.add(Element("origin-id", space::kIds).set("id", id));
}

void add_delay(Element& message, const Delivery& delivery, const Names& names, WallTime now) {
    if (now - delivery.written < kStampAfter) return;
    const auto at = std::chrono::duration_cast<seconds>(delivery.written.time_since_epoch());
    message.add(Element("delay", space::kDelay)
                    .set("from", names.component())
                    .set("stamp", utc_date_time(at.count())));
}

void add_reply(Element& message, const Delivery& delivery, const Jid& to) {
    if (delivery.references.empty() || delivery.report) return;
    message.add(Element("reply", space::kReply)
                    .set("to", to.bare_text())
                    .set("id", delivery.references.front()));
}

std::string author_of(const Delivery& delivery) {
    if (!delivery.from_name.empty()) return clean_name(delivery.from_name);
    return std::string(delivery.from.local_part());
}

// Subjects are shown badly in chats, or not at all: it is the first line.
std::string words_of(const ToWrite& letter) {
    const Delivery& delivery = letter.delivery;
    std::string text = delivery.text.empty() ? letter.link : delivery.text;
    while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
    if (!delivery.subject.empty()) {
        const std::string subject = clean_title(delivery.subject);
        text = text.empty() ? subject : subject + "\n\n" + text;
    }
    if (delivery.list) text = author_of(delivery) + ": " + text;
    return text;
}

std::vector<std::string> pages_of(const std::string& text) {
    std::vector<std::string> pages = split_pages(text, kPageBytes);
    if (pages.size() > kMostPages) {
        std::size_t rest = 0;
        for (std::size_t i = kMostPages; i < pages.size(); ++i) rest += pages[i].size();
        pages.resize(kMostPages);
        pages.back() += "\n[+" + short_size(rest) + ']';
    }
    return pages;
}

void add_letter_marks(Element& message, const ToWrite& letter) {
    const Delivery& delivery = letter.delivery;
    if (!delivery.automatic) {
        message.add(Element("request", space::kReceipts));
        message.add(Element("markable", space::kMarkers));
    }
    if (letter.introduce && !delivery.from_name.empty())
        message.add(Element("nick", space::kNick).set_text(clean_name(delivery.from_name)));
    add_reply(message, delivery, letter.to);
    if (!letter.link.empty() && delivery.text.empty())
        message.add(Element("x", space::kOob).add(Element("url").set_text(letter.link)));
}

std::vector<Element> chats_of(const ToWrite& letter, const Jid& from, const Names& names,
                              WallTime now) {
    std::vector<Element> chats;
    for (const std::string& page : pages_of(words_of(letter))) {
        const bool first = chats.empty();
        const std::string id =
            first ? letter.id : letter.id + '-' + std::to_string(chats.size() + 1);
        Element chat = message_to("chat", from, letter.to.text(), id);
        chat.add(Element("body").set_text(page));
        add_id(chat, id);
        if (first) add_letter_marks(chat, letter);
        add_delay(chat, letter.delivery, names, now);
        chats.push_back(std::move(chat));
    }
    return chats;
}

std::vector<Element> receipt_of(const ToWrite& letter, const Jid& from) {
    const std::string about = id_reported_on(*letter.delivery.report);
    if (about.empty()) return {};
    Element receipt = message_to("chat", from, letter.to.text(), letter.id);
    receipt.add(Element("received", space::kReceipts).set("id", about));
    ask_to_store(receipt);
    std::vector<Element> all;
    all.push_back(std::move(receipt));
    return all;
}

// An error to a bare address is thrown away by its server (RFC 6121 8.5.2): it goes to the program
// that sent the letter, which marks it, and is lost if that is gone. The text tells him for
// certain.
std::optional<Element> mark_failed(const ToWrite& letter, const Jid& from) {
    const Report& report = *letter.delivery.report;
    const Envelope envelope = read_envelope(report.envelope_id);
    const std::string about = id_reported_on(report);
    if (about.empty() || envelope.resource.empty()) return std::nullopt;
    const auto program = make_jid(letter.to.local(), letter.to.domain(), envelope.resource);
    if (!program.ok()) return std::nullopt;
    // Of the message that we make up here, as it was sent.
    Element sent = message_to("chat", *program, from.text(), about);
    return error_to(sent, {"cancel", condition_for(report.status), report.diagnostic});
}

std::vector<Element> report_of(const ToWrite& letter, const Names& names, WallTime now) {
    const Report& report = *letter.delivery.report;
    const Jid about = names.jid_of(report.recipient);
    const Jid from = about.empty() ? speaker_of(letter.delivery, names) : about;
    std::vector<Element> all;
    switch (report.action) {
        case Report::Action::Delivered:
            return receipt_of(letter, from);
        case Report::Action::Relayed:
            return all;
        case Report::Action::Failed:
            if (auto mark = mark_failed(letter, from)) all.push_back(std::move(*mark));
            break;
        case Report::Action::Delayed:
            break;
    }
    for (Element& chat : chats_of(letter, from, names, now)) all.push_back(std::move(chat));
    return all;
}

}  // namespace

Jid speaker_of(const Delivery& delivery, const Names& names) {
    if (delivery.list) return names.jid_of(delivery.list->address);
    const bool answerable = delivery.automatic && !delivery.reply_to.empty();
    return names.jid_of(answerable ? delivery.reply_to : delivery.from);
}

std::vector<Element> stanzas_of(const ToWrite& letter, const Names& names, WallTime now) {
    if (letter.delivery.report) return report_of(letter, names, now);
    const Jid from = speaker_of(letter.delivery, names);
    return chats_of(letter, from, names, now);
}

std::string id_reported_on(const Report& report) {
    const Envelope envelope = read_envelope(report.envelope_id);
    return envelope.id.empty() ? report.original_id : envelope.id;
}

std::string condition_for(const std::string& status) {
    const std::string_view code(status);
    const auto begins = [code](std::string_view with) {
        return code.substr(0, with.size()) == with;
    };
    if (begins("5.1.")) return "item-not-found";
    if (begins("5.2.2")) return "resource-constraint";
    if (begins("5.3.4")) return "policy-violation";
    if (begins("5.7.")) return "forbidden";
    if (begins("4.4.7") || begins("4.4.1")) return "recipient-unavailable";
    return "service-unavailable";
}

}  // namespace waypost::xmpp
