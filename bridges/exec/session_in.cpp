// SPDX-License-Identifier: Apache-2.0
// What a program hands over, and what it tells of addresses.
#include "bridges/exec/session.h"
#include "gateway/message/text.h"

namespace waypost::exec {
namespace {

constexpr std::chrono::seconds kHeardAgain{60};

// "ana", "#news", or an address as it stands.
Result<Address> recipient(std::string word, const std::string& domain) {
    if (word.find_first_of("@:") != std::string::npos) return parse_address(word);
    if (word.front() == '#') word.erase(0, 1);
    return parse_address(lower_ascii(word) + '@' + domain);
}

Verdict::Reason reason_of(const Error& error) {
    using Reason = Verdict::Reason;
    switch (error.code) {
        case Code::NotFound:
            return Reason::UnknownRecipient;
        case Code::Refused:
            return Reason::NotAllowed;
        case Code::TooLarge:
            return Reason::TooLarge;
        case Code::BadInput:
            return Reason::BadInput;
        default:
            return Reason::StorageFull;  // of the box: it may be better later
    }
}

// Those that lie in the folder.
std::vector<std::string> paths_of(const std::vector<NamedFile>& files) {
    std::vector<std::string> paths;
    for (const NamedFile& each : files)
        if (!each.path.empty()) paths.push_back(each.path);
    return paths;
}

}  // namespace

Result<Address> Session::address_of(const std::string& text) const {
    auto address = parse_address(text);
    if (address.ok() && address->scheme == options_.scheme) return address;
    return bad_input("addresses of this program begin with " + options_.scheme + ':' +
                     (address.ok() ? std::string() : "; " + address.error().text));
}

// Of whom it concerns nobody here nothing is noted.
void Session::came_from(const Address& address, const std::string& name) {
    const PeopleView* people = office_.people();
    if (people == nullptr || !people->on_record(address)) return;
    const BoxTime now = office_.clock().box();
    {
        const Lock lock(mutex_);
        const BoxTime* last = heard_.find(address.uri());
        if (last != nullptr && now - *last < kHeardAgain) return;
        heard_.put(address.uri(), now);
    }
    Heard heard;
    heard.name = name;
    office_.heard(options_.id, address, heard);
}

void Session::on(HeardFrom said) {
    const auto address = address_of(said.address);
    if (!address.ok()) return bad(address.error().text);
    came_from(*address, said.name);
}

void Session::refuse(const Accept& said, Verdict::Reason reason, std::string text) {
    int run = 0;
    {
        const Lock lock(mutex_);
        run = run_;
        ++counters_.refused;
    }
    const auto kind =
        reason == Verdict::Reason::StorageFull ? Verdict::Kind::Later : Verdict::Kind::Refused;
    const std::size_t answers = std::max<std::size_t>(said.to.size(), 1);
    say(run, accepted_line(said.id, said.to,
                           std::vector<Verdict>(answers, {kind, reason, std::move(text), 0})));
}

Result<Message> Session::message_of(Accept& said) {
    if (!said.problem.empty()) return bad_input(said.problem);
    const auto from = address_of(said.from);
    if (!from.ok()) return from.error();
    const WallTime now = office_.clock().wall();
    Message message;
    message.from = message.return_path = *from;
    message.network = options_.scheme;
    message.transport = options_.id;
    message.origin_id = said.origin_id;
    message.written = said.written;
    message.from_name = said.name;
    message.subject = said.subject;
    message.text = said.text;
    if (!said.reply_to.empty()) message.references = {said.reply_to};
    message.verified_sender = said.verified;
    message.automatic = said.automatic;
    const PeopleView* people = office_.people();
    const bool lives_here = people != nullptr && people->on_record(*from);
    // Whoever can write that sender's name would be him.
    if (lives_here && !said.verified)
        return Error{Code::Refused,
                     "this address is somebody's here, and its network does not vouch for it: "
                     "\"verified\" is missing",
                     false};
    for (const std::string& word : said.to) {
        auto to = recipient(word, office_.domain());
        if (!to.ok()) return bad_input(word + ": " + to.error().text);
        message.to.push_back(std::move(*to));
    }
    // What somebody of the village says is for the box, as from his radio.
    if (!message.to.empty() || (people != nullptr && !people->handle_of(*from).empty()))
        return message;
    const std::string handle = for_whom(talks_, *from, message.text, now);
    if (handle.empty())
        return Error{Code::NotFound, "for whom? Begin with @NAME of somebody here", false};
    message.to = {mailto(handle, office_.domain())};
    if (people != nullptr && people->resident(handle)) talks_.talked(*from, handle, now);
    return message;
}

void Session::on(Accept said) {
    auto message = message_of(said);
    if (!message.ok()) return refuse(said, reason_of(message.error()), message.error().text);
    const auto attached = attach(*message, said.files);
    if (!attached.ok()) return refuse(said, reason_of(attached.error()), attached.error().text);
    if (said.verified) came_from(message->from, said.name);
    int run = 0;
    {
        const Lock lock(mutex_);
        run = run_;
        ++open_;
    }
    office_.accept(std::move(*message),
                   [self = shared_from_this(), run, id = said.id, to = said.to,
                    paths = paths_of(said.files)](const std::vector<Verdict>& verdicts) {
                       {
                           const Lock lock(self->mutex_);
                           bool kept = true;
                           for (const Verdict& each : verdicts) {
                               ++(each.kept() ? self->counters_.taken : self->counters_.refused);
                               kept = kept && each.kept();
                           }
                           if (kept && run == self->run_)
                               self->taken_.insert(self->taken_.end(), paths.begin(), paths.end());
                       }
                       self->say(run, accepted_line(id, to, verdicts));
                       self->answered();
                   });
}

}  // namespace waypost::exec
