// SPDX-License-Identifier: Apache-2.0
// What came by Reticulum as a message of the gateway's, and how what leaves is written.
#include <cctype>
#include <cmath>

#include "gateway/base/crash_point.h"
#include "gateway/base/encoding.h"
#include "gateway/commands/grammar.h"
#include "gateway/message/text.h"
#include "radio/reticulum/lxmf/fields.h"
#include "radio/reticulum/reticulum_transport.h"

namespace waypost::reticulum {
namespace {

constexpr double kFirstTrueTime = 1'577'836'800;  // 2020: an earlier one is a clock that nobody set
constexpr double kLastTrueTime = 4'102'444'800;   // 2100
constexpr std::string_view kBlank = " \t\r\n";

// What is said to the box itself, whoever has written to him: a command by its sign, an alarm.
bool is_for_the_box(const std::string& text) {
    constexpr std::string_view kMarks = "@#?*+-";
    if (text.empty() || kMarks.find(text.front()) != std::string_view::npos) return true;
    const std::string first = lower_ascii(text.substr(0, text.find_first_of(kBlank)));
    const bool longer = first.size() > 3 && ((first[3] & 0x80) != 0 || std::isalpha(first[3]) != 0);
    if (first.compare(0, 3, "sos") == 0 && !longer) return true;
    return std::holds_alternative<command::Alarm>(parse_command(text));
}

std::string trimmed(const std::string& text) {
    const std::size_t first = text.find_first_not_of(kBlank);
    if (first == std::string::npos) return {};
    return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

bool is_same(const Command& a, const Command& b) {
    const auto* alarm = std::get_if<command::Alarm>(&a);
    return a.index() == b.index() &&
           (alarm == nullptr || alarm->how == std::get<command::Alarm>(b).how);
}

// A title stands where a subject is typed: behind the address, before " // ". Before a command it
// would make talk of it: there it is behind, where that leaves the command what it is.
std::string with_title(const std::string& title, const std::string& text) {
    if (title.empty() || text.empty()) return title + text;
    const std::size_t space = std::min(text.find_first_of(kBlank), text.size());
    const std::string first = text.substr(0, space);
    const std::size_t at = first.find_first_of("@:");
    if (at != std::string::npos && at + 1 < first.size())
        return first + ' ' + title + " //" + (space < text.size() ? text.substr(space) : "");
    const Command said = parse_command(text);
    if (std::holds_alternative<command::Say>(said) && !is_for_the_box(text))
        return title + '\n' + text;
    std::string behind = text + '\n' + title;
    return is_same(said, parse_command(behind)) ? behind : text;
}

std::string attachments_of(const LxmfMessage& lxmf) {
    const std::size_t count =
        lxmf.files.size() + (lxmf.image ? 1 : 0) + lxmf.other_fields.count(kFieldAudio);
    if (count == 0) return {};
    return "[" + std::to_string(count) + (count == 1 ? " attachment" : " attachments") +
           " not taken]";
}

}  // namespace

Message ReticulumTransport::message_of(const MessageIn& in) {
    Message message;
    message.from = {scheme(), address_of(in.lxmf.from)};
    message.network = network();
    message.transport = id_;
    message.origin_id = to_hex(in.id);
    message.from_name = in.name;
    if (in.lxmf.time >= kFirstTrueTime && in.lxmf.time < kLastTrueTime)
        message.written = std::llround(std::floor(in.lxmf.time));
    message.text = with_title(one_line(in.lxmf.title, 120), trimmed(in.lxmf.content));
    if (const std::string note = attachments_of(in.lxmf); !note.empty())
        message.text += (message.text.empty() ? "" : " ") + note;
    if (!in.answers.empty()) message.references.push_back(in.answers);
    message.verified_sender = true;
    message.sealed_under = to_hex(in.key);
    message.privacy = Privacy::ToGateway;
    const PeopleView* people = office_->people();
    if (people == nullptr || people->on_record(message.from) || is_for_the_box(message.text))
        return message;
    const std::string partner = talks_->last(message.from, office_->clock().wall());
    // Who has left takes nothing: then it is a stranger's word to the box, which answers him.
    if (partner.empty() || !people->resident(partner)) return message;
    message.return_path = message.from;
    message.to = {mailto(partner, office_->domain())};
    return message;
}

void ReticulumTransport::hand_over(const MessageIn& in) {
    crash_point(CrashPoint::TextRead);
    Message message = message_of(in);
    const auto decide = [gate = gate_, id = in.id](bool kept) {
        const std::lock_guard lock(gate->mutex);
        if (gate->transport != nullptr) gate->transport->decided(id, kept);
    };
    // A reaction, a position: nothing that anybody wrote.
    if (message.text.empty()) return decide(true);
    if (message.to.empty()) {
        Heard heard;
        heard.name = in.name;
        heard.public_key = message.sealed_under;
        heard.key = Heard::Key::Proven;
        heard.hops = in.hops;
        office_->heard(id_, message.from, std::move(heard));
    }
    const bool to_the_box = message.to.empty();
    office_->accept(std::move(message), [decide, to_the_box](const std::vector<Verdict>& verdicts) {
        // What is said to the box and refused would be refused again, and its writer is told in
        // words. Of a letter that is refused nobody would tell him: he sees no proof.
        if (verdicts.empty()) return decide(false);
        const Verdict& verdict = verdicts.front();
        decide(verdict.kept() || (to_the_box && verdict.kind == Verdict::Kind::Refused));
    });
}

// Whoever is no person or radio of the box sees who writes by the text alone.
std::string ReticulumTransport::text_for(const Delivery& delivery) const {
    const PeopleView* people = office_->people();
    if (people == nullptr || delivery.author.empty() || people->on_record(delivery.to))
        return clean_utf8(delivery.text);
    talks_->talked(delivery.to, delivery.author, office_->clock().wall());
    return clean_utf8(delivery.author + ": " + delivery.text);
}

}  // namespace waypost::reticulum
