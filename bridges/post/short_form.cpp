// SPDX-License-Identifier: Apache-2.0
// Writing it. What is written when is said by short_bits.h.
#include "bridges/post/short_form.h"

#include <google/protobuf/io/coded_stream.h>

#include <map>

#include "bridges/post/short_bits.h"
#include "bridges/post/short_ids.h"
#include "bridges/post/wire.h"

namespace waypost::post {
namespace {

std::uint64_t zigzag(std::int64_t number) {
    return static_cast<std::uint64_t>(number) << 1 ^ static_cast<std::uint64_t>(number >> 63);
}

class Writer {
  public:
    Writer(const LinkDomains& link, const NumberOf& number_of)
        : link_(link), number_of_(number_of) {}

    void batch(const pb::Batch& in) {
        const auto letters = static_cast<unsigned>(in.letters_size());
        const bool many = letters >= bits::kManyLetters;
        byte(kShortVersion << 5 | (in.events_size() > 0 ? bits::kEvents : 0u) |
             (many ? bits::kManyLetters : letters));
        if (many) number(letters);
        if (in.events_size() > 0) number(static_cast<unsigned>(in.events_size()));
        for (const auto& each : in.letters()) letter(each);
        for (const auto& each : in.events()) event(each);
    }

    ShortForm take(const Pack& pack) {
        if (!text_.empty()) fields_ += pack(text_);
        return {std::move(fields_), std::move(said_)};
    }

  private:
    void byte(unsigned value) { fields_ += static_cast<char>(value); }
    void number(std::uint64_t value) {
        std::uint8_t bytes[10];
        const auto* end =
            google::protobuf::io::CodedOutputStream::WriteVarint64ToArray(value, bytes);
        fields_.append(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(end - bytes));
    }
    void words(const std::string& text) {
        number(text.size());
        text_ += text;
    }
    // Its number, with a 1 behind where the name itself stands in the text.
    void name(const std::string& value) {
        const auto before = said_here_.find(value);
        const NameNumber is =
            before != said_here_.end() ? NameNumber{before->second, true} : number_of_(value);
        number(std::uint64_t{is.number} << 1 | (is.known ? 0 : 1));
        if (is.known) return;
        words(value);
        if (is.number == 0) return;
        said_.emplace_back(is.number, value);
        said_here_[value] = is.number;
    }
    std::optional<std::string> of_reader(const std::string& id) const {
        const std::string end = '@' + link_.reader;
        if (id.size() <= end.size() || id.compare(id.size() - end.size(), end.size(), end) != 0)
            return std::nullopt;
        return binary_id(std::string_view(id).substr(0, id.size() - end.size()));
    }

    void letter(const pb::Letter& in) {
        const auto id = binary_id(in.id());
        const std::int64_t usual_time = id ? time_of_binary(*id) : 0;
        const bool mail = !in.mail().empty();
        const unsigned more = more_of(in, id.has_value());
        byte((in.priority() & 3u) | (in.automatic() ? bits::kAutomatic : 0u) |
             (more != 0 ? bits::kMore : 0u) |
             (!mail && !in.subject().empty() ? bits::kSubject : 0u) |
             (!mail && !in.from_name().empty() ? bits::kName : 0u) |
             (!mail && in.written() != usual_time ? bits::kWritten : 0u) |
             (mail ? bits::kMail : 0u));
        if (more != 0) byte(more);
        if (id)
            fields_ += *id;
        else
            words(in.id());
        name(in.from());
        if ((more & bits::kCopies) != 0) number(static_cast<unsigned>(in.copies_size()));
        for (const auto& each : in.copies()) copy(each, (more & bits::kUnusual) != 0);
        if (mail) return words(in.mail());
        if (!in.subject().empty()) words(in.subject());
        if (!in.from_name().empty()) words(in.from_name());
        if (in.written() != usual_time) number(zigzag(in.written() - usual_time));
        if ((more & bits::kReferences) != 0) references(in);
        words(in.text());
    }

    static bool is_usual(const pb::Copy& copy) {
        return copy.wish() == bits::kUsualWish && copy.envelope_id().empty() &&
               copy.original_recipient().empty();
    }
    static unsigned more_of(const pb::Letter& in, bool binary) {
        bool usual = true;
        for (const auto& each : in.copies())
            usual &= is_usual(each) && (in.copies_size() == 1 || !each.return_path().empty());
        const bool no_return = usual && in.copies(0).return_path().empty();
        return (in.mail().empty() && in.references_size() > 0 ? bits::kReferences : 0u) |
               (in.copies_size() != 1 ? bits::kCopies : 0u) | (usual ? 0u : bits::kUnusual) |
               (binary ? 0u : bits::kTextId) | (no_return ? bits::kNoReturn : 0u);
    }

    void copy(const pb::Copy& in, bool flags) {
        if (flags) {
            byte((in.wish() & 7u) | (in.return_path().empty() ? 0u : bits::kReturn) |
                 (in.envelope_id().empty() ? 0u : bits::kEnvelope) |
                 (in.original_recipient().empty() ? 0u : bits::kRecipient));
        }
        name(in.to());
        if (!in.envelope_id().empty()) words(in.envelope_id());
        if (!in.original_recipient().empty()) words(in.original_recipient());
    }

    void references(const pb::Letter& in) {
        number(static_cast<unsigned>(in.references_size()));
        for (const std::string& each : in.references()) {
            const auto own = binary_id(each);
            const auto others = own ? std::nullopt : of_reader(each);
            byte(own ? bits::kOfWriter : others ? bits::kOfReader : bits::kInWords);
            if (own || others)
                fields_ += own ? *own : *others;
            else
                words(each);
        }
    }

    void event(const pb::Event& in) {
        const auto id = of_reader(in.id());
        const bool usual_status = in.status() == bits::kUsualStatus[in.action() & 3u];
        const bool usual_envelope = in.envelope_id() == in.id();
        const bool usual_original = in.original_recipient() == "rfc822;" + in.recipient();
        byte((in.action() & 3u) | (usual_status ? 0u : bits::kStatus) |
             (in.diagnostic().empty() ? 0u : bits::kDiagnostic) |
             (usual_envelope ? 0u : bits::kEnvelopeId) | (usual_original ? 0u : bits::kOriginal) |
             (id ? 0u : bits::kWords) | (in.recipient().empty() ? bits::kNobody : 0u));
        if (id)
            fields_ += *id;
        else
            words(in.id());
        if (!in.recipient().empty()) name(in.recipient());
        number(zigzag(in.at() - (id ? time_of_binary(*id) : 0)));
        if (!usual_status) words(in.status());
        if (!in.diagnostic().empty()) words(in.diagnostic());
        if (!usual_envelope) words(in.envelope_id());
        if (!usual_original) words(in.original_recipient());
    }

    const LinkDomains& link_;
    const NumberOf& number_of_;
    std::map<std::string, std::uint32_t> said_here_;
    SaidNames said_;
    std::string fields_, text_;
};

}  // namespace

Address link_return_path(const std::string& origin) { return mailto("bounce+", origin); }

ShortForm encode_short(const Batch& batch, const LinkDomains& link, const NumberOf& number_of,
                       const Pack& pack) {
    Writer writer(link, number_of);
    writer.batch(wire_of(batch));
    return writer.take(pack);
}

}  // namespace waypost::post
