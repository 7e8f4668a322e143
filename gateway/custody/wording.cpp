// SPDX-License-Identifier: Apache-2.0
#include "gateway/custody/wording.h"

#include <algorithm>

#include "gateway/message/text.h"
#include "gateway/message/unreadable.h"

namespace waypost {
namespace {

constexpr std::size_t kFileName = 24;
constexpr std::size_t kCodeBytes = 12;  // "554 5.7.1234"

bool is_photo(const Attachment& a) { return a.type.rfind("image/", 0) == 0; }

// As servers and bounces give them; the codes of radios and of our own are words.
bool is_numeric(const std::string& code) {
    return !code.empty() && code.size() <= kCodeBytes &&
           code.find_first_not_of("0123456789. ") == std::string::npos;
}

std::string letters_of(std::string_view text) {
    std::string letters;
    for (const char c : text) {
        const bool letter = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                            (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
        if (letter) letters += c;
    }
    return letters;
}

// "[picture: a red boat]" is its last line, and "a red boat.jpg" attached: said once is enough.
bool names_attachments(const Message& message) {
    const std::string& text = message.text;
    const std::string_view line = std::string_view(text).substr(text.rfind('\n') + 1);
    if (line.size() < 2 || line.front() != '[' || line.back() != ']') return false;
    const std::string said = letters_of(line);
    return std::all_of(
        message.attachments.begin(), message.attachments.end(), [&](const Attachment& file) {
            const std::string name = letters_of(file.name.substr(0, file.name.rfind('.')));
            return !name.empty() && said.find(name) != std::string::npos;
        });
}

std::string text_in(const Catalogue& words, const Message& message) {
    const auto mark = unreadable_of(message.text);
    if (!mark) return squeeze(message.text);
    return mark->what == Unreadable::Encrypted
               ? words.say("unreadable_encrypted")
               : words.say("unreadable_large", {{"size", mark->size}});
}

}  // namespace

std::string said_why(const Catalogue& words, State state, const std::string& code,
                     const std::string& detail) {
    const Why why = why_of(code, detail);
    if (why != Why::Unknown) return words.say(std::string("why_") + name(why));
    if (state == State::Held) return words.say("why_held");
    const std::string other = words.say("why_other");
    return is_numeric(code) ? other + " (" + code + ')' : other;
}

std::string said_refusal(const Catalogue& words, const Verdict& verdict) {
    using Reason = Verdict::Reason;
    switch (verdict.reason) {
        case Reason::TooLarge:
            return words.say("too_long");
        case Reason::StorageFull:
        case Reason::Busy:
        case Reason::QuotaFull:
            return words.say("box_full");
        case Reason::UnknownRecipient:
            return words.say("not_kept", {{"reason", words.say("why_nobody")}});
        case Reason::NotAllowed:
        case Reason::Loop:
        case Reason::BadInput:
        case Reason::None:
            break;
    }
    return words.say("not_kept", {{"reason", words.say("why_not_allowed")}});
}

std::string fitting_line(const SayText& say, std::string_view text, std::size_t most) {
    if (most == 0) return say(squeeze(text));
    const std::size_t frame = say({}).size();
    return say(one_line(text, most > frame ? most - frame : 0));
}

std::size_t room_in_line(const SayText& say) {
    return kLineBytes - std::min(kLineBytes, say({}).size());
}

std::string said_time(const Catalogue& words, std::chrono::milliseconds time) {
    const RoundTime round = round_time(time);
    return words.say(std::string("time_") + round.unit, {{"count", std::to_string(round.count)}});
}

std::string attachment_note(const Catalogue& words, const std::vector<Attachment>& attachments) {
    if (attachments.empty()) return {};
    std::uint64_t bytes = 0;
    for (const Attachment& a : attachments) bytes += a.bytes;
    const std::string size = short_size(bytes);
    const bool photos = std::all_of(attachments.begin(), attachments.end(), is_photo);
    if (!photos && attachments.size() == 1)
        return one_line(attachments.front().name, kFileName) + ' ' + size;
    return words.say(photos ? "photos" : "files",
                     {{"count", std::to_string(attachments.size())}, {"size", size}});
}

std::string plain_text(const Catalogue& words, const store::MessageRow& row) {
    const Message& m = row.message;
    // Our own lines are as short as they can be, and their breaks are meant.
    const bool ours = row.kind != store::Kind::Letter && row.kind != store::Kind::Alarm;
    std::string text = ours ? m.text : text_in(words, m);
    if (!m.subject.empty() && row.answers == 0 && row.kind == store::Kind::Letter) {
        const std::string subject = squeeze(m.subject);
        // Mail programs without a subject take the first words: said once is enough.
        if (text.rfind(subject, 0) != 0) text = subject + (text.empty() ? "" : " // " + text);
    }
    const std::string note = attachment_note(words, m.attachments);
    if (note.empty() || names_attachments(m)) return text;
    return text.empty() ? words.say("no_text", {{"what", note}}) : text + " [" + note + ']';
}

}  // namespace waypost
