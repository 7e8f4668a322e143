// SPDX-License-Identifier: Apache-2.0
// Reading the short form: once to learn how much text there is, and once more with it. What makes
// sense is judged by batch_of().
#include <google/protobuf/io/coded_stream.h>

#include <map>

#include "bridges/post/short_bits.h"
#include "bridges/post/short_form.h"
#include "bridges/post/short_ids.h"
#include "bridges/post/wire.h"

namespace waypost::post {
namespace {

std::int64_t unzigzag(std::uint64_t number) {
    return static_cast<std::int64_t>(number >> 1) ^ -static_cast<std::int64_t>(number & 1);
}

// No jump of a hostile number.
std::int64_t later(std::int64_t time, std::uint64_t zigzag) {
    std::int64_t sum = 0;
    return __builtin_add_overflow(time, unzigzag(zigzag), &sum) ? 0 : sum;
}

class Fields {
  public:
    // `text`: all of it; nullptr: it is not known yet, and strings are empty.
    Fields(std::string_view bytes, const LinkDomains& link, const NameOf& name_of,
           const Limits& limits, const std::string* text)
        : input_(reinterpret_cast<const std::uint8_t*>(bytes.data()),
                 static_cast<int>(bytes.size())),
          link_(link),
          name_of_(name_of),
          limits_(limits),
          text_(text) {}

    Result<pb::Batch> read() {
        const unsigned head = byte();
        if (head >> 5 != kShortVersion) {
            return Error{Code::Conflict,
                         "post: version " + std::to_string(head >> 5) + " of the short form; " +
                             "this box knows version " + std::to_string(kShortVersion),
                         false};
        }
        pb::Batch out;
        out.set_origin(link_.writer);
        const bool many = (head & bits::kManyLetters) == bits::kManyLetters;
        const std::uint64_t letters = many ? number() : head & bits::kManyLetters;
        const std::uint64_t events = (head & bits::kEvents) != 0 ? number() : 0;
        const auto most = static_cast<std::uint64_t>(limits_.letters);
        if (letters > most || events > most) fail(Code::TooLarge, "too many letters or events");
        for (std::uint64_t i = 0; i < letters && !error_; ++i) letter(*out.add_letters());
        for (std::uint64_t i = 0; i < events && !error_; ++i) event(*out.add_events());
        if (error_) return *error_;
        return out;
    }

    std::size_t bytes_read() const { return static_cast<std::size_t>(input_.CurrentPosition()); }
    std::size_t text_bytes() const { return text_at_; }
    SaidNames take_said() { return std::move(said_); }

  private:
    void fail(Code code, const std::string& what) {
        if (!error_) error_ = Error{code, "post: " + what, false};
    }
    void cut() { fail(Code::BadInput, "the short form is cut or damaged"); }

    unsigned byte() {
        std::uint8_t value = 0;
        if (!input_.ReadRaw(&value, 1)) cut();
        return value;
    }
    std::uint64_t number() {
        std::uint64_t value = 0;
        if (!input_.ReadVarint64(&value)) cut();
        return value;
    }
    std::string words() {
        const std::uint64_t size = number();
        if (size > limits_.bytes || text_at_ + size > limits_.bytes) {
            fail(Code::TooLarge, "more text than a batch may have");
            return {};
        }
        const std::size_t at = text_at_;
        text_at_ += size;
        return text_ != nullptr && !error_ ? text_->substr(at, size) : std::string();
    }
    std::string raw_id() {
        std::string id;
        if (!input_.ReadString(&id, static_cast<int>(kBinaryIdBytes))) {
            cut();
            return std::string(kBinaryIdBytes, '\0');
        }
        return id;
    }
    std::string name() {
        const std::uint64_t is = number();
        if (is >> 1 > UINT32_MAX) {
            cut();
            return {};
        }
        const auto which = static_cast<std::uint32_t>(is >> 1);
        if ((is & 1) != 0) {
            std::string value = words();
            if (which == 0) return value;
            said_.emplace_back(which, value);
            return said_here_[which] = std::move(value);
        }
        if (const auto here = said_here_.find(which); here != said_here_.end()) return here->second;
        auto known = name_of_(which);
        if (!known) fail(Code::NotFound, "a name that was never said on this link");
        return known.value_or("");
    }

    void letter(pb::Letter& out) {
        const unsigned head = byte();
        const unsigned more = (head & bits::kMore) != 0 ? byte() : 0;
        out.set_priority(head & 3u);
        out.set_automatic((head & bits::kAutomatic) != 0);
        std::int64_t time = 0;
        if ((more & bits::kTextId) != 0) {
            out.set_id(words());
        } else {
            const std::string id = raw_id();
            time = time_of_binary(id);
            out.set_id(id_of_binary(id));
        }
        out.set_from(name());
        const std::uint64_t copies = (more & bits::kCopies) != 0 ? number() : 1;
        if (copies > static_cast<std::uint64_t>(limits_.copies))
            return fail(Code::TooLarge, "too many copies");
        for (std::uint64_t i = 0; i < copies && !error_; ++i) copy(*out.add_copies(), more);
        if ((head & bits::kMail) != 0) return out.set_mail(words());
        if ((head & bits::kSubject) != 0) out.set_subject(words());
        if ((head & bits::kName) != 0) out.set_from_name(words());
        out.set_written((head & bits::kWritten) != 0 ? later(time, number()) : time);
        if ((more & bits::kReferences) != 0) references(out);
        out.set_text(words());
    }

    void copy(pb::Copy& out, unsigned more) {
        const unsigned usual =
            bits::kUsualWish | ((more & bits::kNoReturn) == 0 ? bits::kReturn : 0u);
        const unsigned flags = (more & bits::kUnusual) != 0 ? byte() : usual;
        out.set_wish(flags & 7u);
        if ((flags & bits::kReturn) != 0) out.set_return_path(link_return_path(link_.writer).value);
        out.set_to(name());
        if ((flags & bits::kEnvelope) != 0) out.set_envelope_id(words());
        if ((flags & bits::kRecipient) != 0) out.set_original_recipient(words());
    }

    void references(pb::Letter& out) {
        const std::uint64_t count = number();
        if (count > static_cast<std::uint64_t>(limits_.references))
            return fail(Code::TooLarge, "too many references");
        for (std::uint64_t i = 0; i < count && !error_; ++i) {
            const unsigned how = byte();
            if (how > bits::kInWords) return cut();
            if (how == bits::kInWords)
                out.add_references(words());
            else
                out.add_references(id_of_binary(raw_id()) +
                                   (how == bits::kOfReader ? '@' + link_.reader : std::string()));
        }
    }

    void event(pb::Event& out) {
        const unsigned flags = byte();
        const unsigned action = flags & 3u;
        std::int64_t time = 0;
        if ((flags & bits::kWords) != 0) {
            out.set_id(words());
        } else {
            const std::string id = raw_id();
            time = time_of_binary(id);
            out.set_id(id_of_binary(id) + '@' + link_.reader);
        }
        out.set_to(link_return_path(link_.reader).value);
        out.set_action(action);
        if ((flags & bits::kNobody) == 0) out.set_recipient(name());
        out.set_at(later(time, number()));
        out.set_status((flags & bits::kStatus) != 0 ? words() : bits::kUsualStatus[action]);
        if ((flags & bits::kDiagnostic) != 0) out.set_diagnostic(words());
        out.set_envelope_id((flags & bits::kEnvelopeId) != 0 ? words() : out.id());
        out.set_original_recipient((flags & bits::kOriginal) != 0 ? words()
                                                                  : "rfc822;" + out.recipient());
    }

    google::protobuf::io::CodedInputStream input_;
    const LinkDomains& link_;
    const NameOf& name_of_;
    const Limits& limits_;
    const std::string* text_;
    std::size_t text_at_ = 0;
    std::map<std::uint32_t, std::string> said_here_;
    SaidNames said_;
    std::optional<Error> error_;
};

}  // namespace

Result<ShortBatch> decode_short(std::string_view bytes, const LinkDomains& link,
                                const NameOf& name_of, const Unpack& unpack, const Limits& limits) {
    if (bytes.size() > limits.bytes)
        return Error{Code::TooLarge, "post: larger than a batch may be", false};
    Fields looked(bytes, link, name_of, limits, nullptr);
    if (const auto first = looked.read(); !first.ok()) return first.error();
    const std::string_view packed = bytes.substr(looked.bytes_read());
    std::string text;
    if (looked.text_bytes() > 0) {
        auto unpacked = unpack(packed, looked.text_bytes());
        if (!unpacked.ok()) return unpacked.error();
        text = std::move(*unpacked);
    }
    const bool fits = looked.text_bytes() > 0 ? text.size() == looked.text_bytes() : packed.empty();
    if (!fits) return Error{Code::BadInput, "post: the text is not as long as it says", false};
    Fields fields(bytes, link, name_of, limits, &text);
    const auto wire = fields.read();
    if (!wire.ok()) return wire.error();
    auto batch = batch_of(*wire, limits);
    if (!batch.ok()) return batch.error();
    return ShortBatch{std::move(*batch), fields.take_said()};
}

}  // namespace waypost::post
