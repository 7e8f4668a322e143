// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/arrivals.h"

#include <algorithm>

#include "bridges/nncp/batch_smtp.h"
#include "bridges/nncp/refusals.h"
#include "bridges/nncp/spool/sources.h"
#include "bridges/post/letters.h"
#include "gateway/base/log.h"

namespace waypost::nncp {
namespace {

constexpr std::size_t kMostArguments = 100;
constexpr std::size_t kIdLetters = 24;

// Whoever sends it chose them: addresses and nothing else.
Result<std::vector<Address>> recipients_of(const std::vector<std::string>& words) {
    std::vector<Address> to;
    for (std::size_t i = 1; i < words.size(); ++i) {
        if (words[i] == "--") continue;
        auto address = parse_address("mailto:" + words[i]);
        if (!address.ok() || words[i].front() == '-')
            return Error{Code::BadInput, "an argument that is no address", false};
        to.push_back(std::move(*address));
    }
    if (to.empty()) return Error{Code::BadInput, "it names no recipient", false};
    if (to.size() > kMostArguments) return Error{Code::TooLarge, "too many recipients", false};
    return to;
}

}  // namespace

Arrivals::Arrivals(Home home, Office& office, LocalOptions options)
    : LocalHandlers(home.config, home.spool, std::move(options)),
      home_(std::move(home)),
      office_(office),
      outbox_(home_.config, home_.spool),
      notes_(office, home_.transport),
      sender_notes_(home_, office) {}

Arrivals::Handle Arrivals::handle_of(const Arrival& arrival, const std::string& handle) const {
    if (arrival.area != nullptr) {
        const bool ours = home_.options.areas.count(arrival.area->name) > 0;
        return ours && (handle == "sendmail" || handle == "rmail") ? Handle::Mail : Handle::Other;
    }
    if (arrival.sender == nullptr) return Handle::Other;
    if (handle == kPostHandle) return Handle::Post;
    if (handle == kCareHandle) return Handle::Care;
    if (home_.options.handles.count(handle) == 0) return Handle::Other;
    return handle == "rsmtp" ? Handle::BatchSmtp : Handle::Mail;
}

Result<void> Arrivals::admit(const Arrival& arrival) {
    const PacketType type = arrival.plain.type;
    if (type == PacketType::File) {
        const auto to = person_of(arrival);
        if (!to.ok()) return to.error();
        return *to ? Result<void>() : admit_for_nobody(arrival);
    }
    if (type != PacketType::Exec && type != PacketType::ExecFat)
        return LocalHandlers::admit(arrival);
    const auto words = words_of(arrival.plain);
    if (!words.ok()) return words.error();
    const Handle handle = handle_of(arrival, words->front());
    if (handle == Handle::Other) return LocalHandlers::admit(arrival);
    if (handle == Handle::Post && home_.routes.form_of(*arrival.sender) != Form::Compact) {
        return sender_notes_.unread(
            arrival, {Code::Refused,
                      arrival.sender->name + " is not among the Waypost boxes (compact)", false});
    }
    return {};
}

Error Arrivals::unreadable(const Arrival& arrival, const Error& why) {
    return arrival.plain.type == PacketType::Ack ? why : sender_notes_.unread(arrival, why);
}

void Arrivals::ended(const Mth& packet) {
    notes_.ended(packet);
    sender_notes_.ended(packet);
}

MailOrigin Arrivals::origin_of(const Arrival& arrival) const {
    MailOrigin origin;
    origin.transport = home_.transport;
    origin.own_domain = office_.domain();
    origin.most_bytes = home_.options.max_message_bytes;
    if (arrival.area != nullptr || arrival.sender == nullptr) return origin;
    origin.peer = "nncp:" + arrival.sender->name;
    origin.trusted = home_.routes.trusted(*arrival.sender);
    return origin;
}

Result<void> Arrivals::exec(const Arrival& arrival, const std::vector<std::string>& words,
                            Content& input) {
    switch (handle_of(arrival, words.front())) {
        case Handle::Mail:
            if (arrival.area != nullptr)
                return take_area_mail(arrival, home_.options.areas.at(arrival.area->name), input);
            return take_mail(arrival, words, input);
        case Handle::BatchSmtp:
            return take_stream(arrival, input);
        case Handle::Post:
            return take_batch(arrival, input);
        case Handle::Care:
            return take_care(arrival, input);
        case Handle::Other:
            break;
    }
    return LocalHandlers::exec(arrival, words, input);
}

Result<void> Arrivals::take_mail(const Arrival& arrival, const std::vector<std::string>& words,
                                 Content& input) {
    Handing handing(office_);
    const auto add = [&]() -> Result<void> {
        const auto to = recipients_of(words);
        if (!to.ok()) return to.error();
        const auto source = input.source();
        return add_mail(handing, office_, origin_of(arrival), *to, *source, input.bytes());
    };
    const auto added = add();
    if (added.ok()) return finish({arrival, std::move(handing)});
    if (added.error().retry) return added;
    // Told first, then put aside.
    const auto told = tell_of(arrival, words, input, added.error());
    return told.ok() ? added : told;
}

Result<void> Arrivals::tell_of(const Arrival& arrival, const std::vector<std::string>& words,
                               Content& input, const Error& why) {
    const auto source = input.source();
    const auto mail = beginning_of(*source);
    if (!mail.ok()) return mail.error();
    std::vector<Refusal> refused;
    const auto refuse = [&](const Address& to) {
        refused.push_back(
            {{}, mail->return_path, to, post::status_of(why), why.text, mail->header, {}, {}});
    };
    for (std::size_t i = 1; i < words.size() && refused.size() < kMostArguments; ++i) {
        const auto to = parse_address("mailto:" + words[i]);
        if (to.ok()) refuse(*to);
    }
    if (refused.empty()) refuse(mailto("postmaster", office_.domain()));
    return tell_once(arrival, refused);
}

// Of what is put aside: it comes again where its sender waits for an ACK.
Result<void> Arrivals::tell_once(const Arrival& arrival, const std::vector<Refusal>& refused) {
    if (sender_notes_.told(arrival.packet.name)) return {};
    const auto told = tell(arrival, refused);
    if (told.ok()) sender_notes_.tells(arrival.packet.name);
    return told;
}

// Nobody, where it is not known who brought it.
Result<void> Arrivals::tell(const Arrival& arrival, const std::vector<Refusal>& refused) {
    if (refused.empty() || arrival.sender == nullptr || arrival.area != nullptr) return {};
    const auto parcels =
        refusal_parcels(refused, *arrival.sender, home_.routes.form_of(*arrival.sender),
                        arrival.packet.name, office_);
    if (parcels.empty()) return {};
    const auto told = outbox_.send(parcels);
    return told.ok() ? Result<void>() : told.error();
}

Result<void> Arrivals::take_stream(const Arrival& arrival, Content& input) {
    const auto source = input.source();
    const auto bytes = read_all(*source, post::Limits{}.bytes);
    if (!bytes.ok()) return sender_notes_.unread(arrival, bytes.error());
    const auto mails = read_batch_smtp(*bytes);
    if (!mails.ok()) return sender_notes_.unread(arrival, mails.error());
    Handing handing(office_);
    for (const OutMail& each : *mails) {
        const auto added = add_mail(handing, office_, origin_of(arrival), each);
        if (added.ok()) continue;
        if (added.error().retry) return added;
        MemorySource bytes_of_it(each.bytes);
        const auto mail = beginning_of(bytes_of_it);
        if (!mail.ok()) return mail.error();
        for (const Address& to : each.recipients) {
            handing.refuse({{},
                            each.return_path,
                            to,
                            post::status_of(added.error()),
                            added.error().text,
                            mail->header,
                            {},
                            {}});
        }
    }
    return finish({arrival, std::move(handing)});
}

// From some member of the area: more its keys do not prove.
Result<void> Arrivals::take_area_mail(const Arrival& arrival, const std::string& group,
                                      Content& input) {
    const MailOrigin origin = origin_of(arrival);
    const auto source = input.source();
    auto read = read_whole(office_, origin, *source, input.bytes(), nullptr);
    if (!read.ok()) return read.error();
    Message& message = read->message;
    const std::string& author = message.from_name.empty() ? message.from.value : message.from_name;
    message.from_name = author + " (a member of " + arrival.area->name + ')';
    if (arrival.disputed) {
        // In front, as radios cut names. And an id of its own: under the one it has came other
        // words, of which it would be a repeat.
        message.from_name = "disputed: " + message.from_name;
        message.origin_id = '<' + to_base32(arrival.packet.name).substr(0, kIdLetters) + '@' +
                            arrival.area->name + '.' + kAreaDomain + '>';
    }
    message.from = mailto(arrival.area->name, kAreaDomain);
    message.verified_sender = true;  // that it is of the area, whose members alone have its key
    message.return_path = {};
    message.to = {mailto(group, office_.domain())};
    Handing handing(office_);
    handing.add(std::move(message));
    return finish({arrival, std::move(handing)});
}

}  // namespace waypost::nncp
