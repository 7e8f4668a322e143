// SPDX-License-Identifier: Apache-2.0
#include "bridges/post/post.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "bridges/post/wire.h"
#include "gateway/message/text.h"

namespace waypost::post {
namespace {

constexpr std::string_view kMagic = "WPB";
constexpr std::size_t kHeadBytes = 4;
constexpr std::string_view kNotInIds("\0 \t\r\n<>", 7);
enum : unsigned { kDelivered = 1, kFailed = 2, kLate = 4 };

Error bad(const std::string& what) { return {Code::BadInput, "post: " + what, false}; }

// "<1abc@hill.example>" of hill.example is "1abc".
std::string short_id(const std::string& id, const std::string& origin) {
    std::string bare = id;
    if (bare.size() > 2 && bare.front() == '<' && bare.back() == '>')
        bare = bare.substr(1, bare.size() - 2);
    const std::string end = '@' + origin;
    if (bare.size() > end.size() && bare.compare(bare.size() - end.size(), end.size(), end) == 0 &&
        bare.find('@') == bare.size() - end.size())
        bare.resize(bare.size() - end.size());
    return bare;
}

std::string long_id(const std::string& id, const std::string& origin) {
    if (id.empty()) return id;
    return '<' + id + (id.find('@') == std::string::npos ? '@' + origin : "") + '>';
}

unsigned bits_of(const Wish& wish) {
    return (wish.delivered ? kDelivered : 0u) | (wish.failed ? kFailed : 0u) |
           (wish.late ? kLate : 0u);
}

std::string usual_recipient(const Address& to) { return "rfc822;" + to.value; }

void put(const Copy& copy, const Letter& letter, pb::Copy& out) {
    out.set_to(copy.to.value);
    out.set_return_path(copy.return_path.value);
    out.set_wish(bits_of(copy.wish));
    if (copy.wish.recipient != usual_recipient(copy.to))
        out.set_original_recipient(copy.wish.recipient);
    if ('<' + copy.envelope_id + '>' != letter.id) out.set_envelope_id(copy.envelope_id);
}

void put(const Letter& letter, const std::string& origin, pb::Letter& out) {
    out.set_id(short_id(letter.id, origin));
    out.set_from(letter.from.value);
    out.set_priority(static_cast<unsigned>(letter.priority));
    out.set_automatic(letter.automatic);
    for (const Copy& copy : letter.copies) put(copy, letter, *out.add_copies());
    out.set_mail(letter.mail);
    if (!letter.mail.empty()) return;
    out.set_from_name(letter.from_name);
    out.set_subject(letter.subject);
    out.set_text(letter.text);
    out.set_written(letter.written);
    for (const std::string& each : letter.references) out.add_references(short_id(each, origin));
}

void put(const Event& event, const std::string& origin, pb::Event& out) {
    out.set_id(short_id(event.id, origin));
    out.set_to(event.to.value);
    out.set_recipient(event.recipient.value);
    out.set_action(static_cast<unsigned>(event.action));
    out.set_status(event.status);
    out.set_diagnostic(event.diagnostic);
    out.set_envelope_id(event.envelope_id);
    out.set_original_recipient(event.original_recipient);
    out.set_at(event.at);
}

// Reads one batch. What is wrong with it, or with one letter, is remembered, the first of all.
class Reader {
  public:
    explicit Reader(const Limits& limits) : limits_(limits) {}

    Result<Batch> read(const pb::Batch& in) {
        Batch batch;
        batch.origin = origin_ = domain(in.origin());
        count(in.letters_size(), limits_.letters, "letters");
        count(in.events_size(), limits_.letters, "events");
        if (error_) return *error_;
        for (const auto& each : in.letters()) {
            Letter read = letter(each);
            if (const auto why = std::exchange(error_, std::nullopt))
                batch.spoiled.push_back({std::move(read), why->text});
            else
                batch.letters.push_back(std::move(read));
        }
        for (const auto& each : in.events()) {
            Event read = event(each);
            if (!std::exchange(error_, std::nullopt)) batch.events.push_back(std::move(read));
        }
        return batch;
    }

  private:
    void wrong(Error error) {
        if (!error_) error_ = std::move(error);
    }
    void count(int is, int most, const char* what) {
        if (is > most) wrong({Code::TooLarge, std::string("post: too many ") + what, false});
    }

    std::string domain(const std::string& text) {
        const auto address = parse_address("mailto:x@" + text);
        if (!address.ok() || text.size() > limits_.line_bytes) wrong(bad("no origin"));
        return address.ok() ? std::string(address->domain()) : std::string();
    }
    std::string line(const std::string& text) {
        if (text.size() > limits_.line_bytes)
            wrong({Code::TooLarge, "post: a field is too long", false});
        return one_line(clean_utf8(text), limits_.line_bytes);
    }
    // Never one that could be read as two or as none.
    std::string id(const std::string& text) {
        const bool plain = text.find_first_of(kNotInIds) == std::string::npos &&
                           text.size() <= limits_.line_bytes && clean_utf8(text) == text;
        if (!plain) wrong(bad("an id that is none"));
        return plain ? long_id(text, origin_) : std::string();
    }
    Address address(const std::string& value, bool may_be_empty) {
        if (value.empty() && may_be_empty) return {};
        auto parsed = parse_address("mailto:" + value);
        if (!parsed.ok()) wrong(bad("an address that is none"));
        return parsed.ok() ? std::move(*parsed) : Address{};
    }

    Copy copy(const pb::Copy& in, const Letter& of) {
        Copy copy;
        copy.to = address(in.to(), false);
        copy.return_path = address(in.return_path(), true);
        if (in.wish() > (kDelivered | kFailed | kLate)) wrong(bad("a wish that is none"));
        copy.wish = {(in.wish() & kDelivered) != 0, (in.wish() & kFailed) != 0,
                     (in.wish() & kLate) != 0,
                     in.original_recipient().empty() ? usual_recipient(copy.to)
                                                     : line(in.original_recipient())};
        copy.envelope_id = line(in.envelope_id());
        if (copy.envelope_id.empty() && of.id.size() > 2)
            copy.envelope_id = of.id.substr(1, of.id.size() - 2);
        return copy;
    }

    Letter letter(const pb::Letter& in) {
        Letter letter;
        letter.id = id(in.id());
        if (letter.id.empty()) wrong(bad("a letter without an id"));
        letter.from = address(in.from(), false);
        if (in.priority() > static_cast<unsigned>(Priority::Bulk))
            wrong(bad("a priority that is none"));
        letter.priority = static_cast<Priority>(in.priority() & 3u);
        letter.automatic = in.automatic();
        letter.mail = in.mail();
        letter.from_name = line(in.from_name());
        letter.subject = line(in.subject());
        if (in.text().size() > limits_.text_bytes)
            wrong({Code::TooLarge, "post: a text is too long", false});
        letter.text = clean_utf8(in.text());
        letter.written = in.written();
        count(in.references_size(), limits_.references, "references");
        count(in.copies_size(), limits_.copies, "copies");
        if (in.copies_size() == 0) wrong(bad("a letter to nobody"));
        for (int i = 0; i < std::min(in.references_size(), limits_.references); ++i)
            letter.references.push_back(id(in.references(i)));
        for (int i = 0; i < std::min(in.copies_size(), limits_.copies); ++i)
            letter.copies.push_back(copy(in.copies(i), letter));
        return letter;
    }

    Event event(const pb::Event& in) {
        Event event;
        event.id = id(in.id());
        event.to = address(in.to(), false);
        event.recipient = address(in.recipient(), true);
        if (in.action() > static_cast<unsigned>(Report::Action::Relayed))
            wrong(bad("an event that is none"));
        event.action = static_cast<Report::Action>(in.action() & 3u);
        event.status = line(in.status());
        event.diagnostic = line(in.diagnostic());
        event.envelope_id = line(in.envelope_id());
        event.original_recipient = line(in.original_recipient());
        event.at = in.at();
        return event;
    }

    const Limits& limits_;
    std::string origin_;
    std::optional<Error> error_;
};

}  // namespace

pb::Batch wire_of(const Batch& batch) {
    pb::Batch out;
    out.set_origin(batch.origin);
    for (const Letter& each : batch.letters) put(each, batch.origin, *out.add_letters());
    for (const Event& each : batch.events) put(each, batch.origin, *out.add_events());
    return out;
}

Result<Batch> batch_of(const pb::Batch& wire, const Limits& limits) {
    return Reader(limits).read(wire);
}

std::string encode(const Batch& batch) {
    std::string bytes(kMagic);
    bytes += static_cast<char>(kVersion);
    return bytes + wire_of(batch).SerializeAsString();
}

Result<Batch> decode_batch(std::string_view bytes, const Limits& limits) {
    if (bytes.size() < kHeadBytes || bytes.substr(0, kMagic.size()) != kMagic)
        return bad("it does not begin as one");
    const auto version = static_cast<std::uint8_t>(bytes[kMagic.size()]);
    if (version != kVersion) {
        return Error{Code::Conflict,
                     "post: version " + std::to_string(version) + "; this box knows version " +
                         std::to_string(kVersion),
                     false};
    }
    if (bytes.size() > limits.bytes)
        return Error{Code::TooLarge, "post: larger than a batch may be", false};
    const std::string_view body = bytes.substr(kHeadBytes);
    pb::Batch in;
    if (!in.ParseFromArray(body.data(), static_cast<int>(body.size())))
        return bad("it is cut or damaged");
    return batch_of(in, limits);
}

}  // namespace waypost::post
