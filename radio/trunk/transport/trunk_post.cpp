// SPDX-License-Identifier: Apache-2.0
#include "radio/trunk/transport/trunk_post.h"

#include <algorithm>
#include <stdexcept>

#include "gateway/base/log.h"
#include "gateway/message/handed.h"

namespace waypost::trunk {
namespace {

// An office may put off for minutes what has arrived.
constexpr milliseconds kLastPutOff{30'000};
constexpr char kLinkRows[] = "link/";
constexpr char kMet[] = "met";
constexpr milliseconds kDiskPause{5000};
constexpr char kFormat = 2;  // of messages

StateMap rows_of(const TransportState& state) {
    StateMap rows;
    for (auto& [key, value] : state.with_prefix(kLinkRows))
        rows[key.substr(sizeof kLinkRows - 1)] = value;
    return rows;
}

// Format of messages, how much is said of texts, that, the table of names, and the box's domain.
std::string facts_of(const PostOptions& options, const LinkNames& names,
                     const std::string& domain) {
    std::string facts{kFormat};
    facts += static_cast<char>(options.text_facts.size());
    return facts + options.text_facts + names.table() + domain;
}

LinkSettings with_facts(PostOptions& options, const LinkNames& names, const std::string& domain) {
    LinkSettings settings = std::move(options.link);
    settings.facts = facts_of(options, names, domain);
    if (options.casts) settings.features |= kTakesCasts;
    settings.last_put_off = kLastPutOff;
    if (settings.facts.size() > kMostFacts)
        throw std::runtime_error("the mail domain " + domain + " is too long for a radio link");
    return settings;
}

struct Facts {
    std::string_view texts, table, domain;
};
// nullopt: of another format.
std::optional<Facts> facts_in(std::string_view facts) {
    if (facts.size() < 2 || facts[0] != kFormat) return std::nullopt;
    const std::size_t texts = static_cast<unsigned char>(facts[1]);
    const std::size_t domain = 2 + texts + LinkNames::kTableBytes;
    if (facts.size() < domain) return std::nullopt;
    return Facts{facts.substr(2, texts), facts.substr(2 + texts, LinkNames::kTableBytes),
                 facts.substr(domain)};
}

}  // namespace

TrunkPost::TrunkPost(TransportId id, PostOptions options, Office& office, const Air& air,
                     std::function<void()> wake)
    : id_(std::move(id)),
      options_(std::move(options)),
      office_(office),
      state_(office.state(id_)),
      ours_{office.domain(), options_.domain},
      theirs_{options_.domain, office.domain()},
      posted_(std::make_shared<Posted>(std::move(wake))),
      other_pairings_(drop_other_pairing(state_, options_.link)),
      names_(state_, office.random()),
      parcels_(state_),
      freight_(id_, options_.parcels, options_.most_bytes, office.random(), state_, posted_),
      patience_(state_, options_.give_back_after),
      link_(std::make_unique<Link>(with_facts(options_, names_, office.domain()), air,
                                   office.random(), rows_of(state_))),
      casts_in_(air),
      met_(state_.get(kMet).has_value()),
      aside_(state_.with_prefix(kAside)) {}

TrunkPost::~TrunkPost() { posted_->shut(); }

void TrunkPost::start(BoxTime now) {
    freight_.start(now);
    for (const AttemptId attempt : other_pairings_)
        report(attempt, Outcome::Kind::Retry, "connection",
               options_.peer + " was paired anew before this went");
    other_pairings_.clear();
    wait_for_disk();  // for what was put so far
    for (const auto& [id, parcel] : parcels_.all())
        link_->offer_again({id, parcel.bytes, parcel.priority}, now);
    for (Object& object : freight_.again()) link_->offer_again(std::move(object), now);
    link_->set_features(features(now), now);
    act(link_->start(now), now);
}

void TrunkPost::run(BoxTime now, bool look) {
    for (const auto& job : posted_->take()) job(now);
    while (!again_.empty() && again_.begin()->first <= now) {
        const auto arrival = again_.begin()->second;
        again_.erase(again_.begin());
        take_up(arrival, now);
    }
    if (disk_again_ && *disk_again_ <= now) try_disk_again();
    run_casts(now);
    run_freight(now);
    if (patience_.waits(!parcels_.all().empty(), now)) give_back_waiting(now);
    if (look || link_->next_tick() <= now) act(link_->tick(now), now);
}

BoxTime TrunkPost::next() const {
    BoxTime next = std::min(
        {link_->next_tick(), casts_in_.next(), freight_.next(takes_freight()), patience_.next()});
    if (!again_.empty()) next = std::min(next, again_.begin()->first);
    return disk_again_ ? std::min(next, *disk_again_) : next;
}

std::optional<FrameOut> TrunkPost::frame() {
    if (!on_disk()) return std::nullopt;
    return std::exchange(frame_, std::nullopt);
}

bool TrunkPost::heard(const FrameIn& frame, BoxTime now) {
    LinkActions actions = link_->heard(frame.bytes, frame.snr_db, now);
    const bool ours = actions.ours;
    if (ours) {
        const bool again = patience_.over();
        patience_.heard(now);
        if (again) office_.wake(id_);
    }
    act(std::move(actions), now);
    return ours || casts_in_.heard(frame.bytes, now);
}

void TrunkPost::fate(const FrameReport& report, BoxTime now) { act(link_->fate(report, now), now); }

void TrunkPost::act(LinkActions actions, BoxTime now) {
    if (actions.facts) take_facts(*actions.facts);
    keep(actions.keep);
    if (actions.speed && options_.on_speed) options_.on_speed(*actions.speed, link_->health(), now);
    // It was made before it was known to whom it would go.
    if (actions.send && actions.facts && !wrong_peer_.empty()) {
        act(link_->fate({actions.send->id, FrameFate::NoRoom, 0}, now), now);
        actions.send.reset();
    }
    if (actions.send) {
        frame_ = std::move(actions.send);
        frame_urgent_ = actions.urgent;
    }
    for (const ObjectId id : actions.delivered) delivered(id);
    for (const ObjectId id : link_->take_refused()) cannot_go(id);
    for (Received& each : actions.received) arrived(std::move(each), now);
}

void TrunkPost::keep(const std::vector<StateRow>& rows) {
    if (rows.empty()) return;
    for (const StateRow& row : rows) {
        if (row.value.empty())
            state_.erase(kLinkRows + row.key);
        else
            state_.put(kLinkRows + row.key, row.value);
    }
    wait_for_disk();
}

// Frames wait until all that was put so far is on disk.
void TrunkPost::wait_for_disk() {
    ++unwritten_;
    state_.when_durable([posted = posted_, this](bool on_disk) {
        posted->put([this, on_disk](BoxTime now) {
            --unwritten_;
            if (!on_disk) not_on_disk(now);
        });
    });
}

// However many wait: one try after a pause is for all of them.
void TrunkPost::not_on_disk(BoxTime now) {
    if (!disk_again_) disk_again_ = now + kDiskPause;
}

void TrunkPost::try_disk_again() {
    disk_again_.reset();
    wait_for_disk();
    for (const auto& arrival : std::exchange(unconfirmed_, {})) confirm_on_disk(arrival);
}

void TrunkPost::take_facts(const std::string& said) {
    const auto facts = facts_in(said);
    const bool right = facts && facts->domain == options_.domain;
    const std::string wrong = right   ? std::string()
                              : facts ? "the other box is " + std::string(facts->domain)
                                      : "the other box has another form of messages";
    if (right && names_.other_reads(facts->table)) {
        parcels_.forget_names();
        wait_for_disk();
    }
    if (right && options_.on_text_facts) options_.on_text_facts(facts->texts);
    if (wrong != wrong_peer_ && !wrong.empty())
        log(Level::Error, "trunk", "wrong-peer", {{"id", id_}, {"why", wrong}});
    wrong_peer_ = wrong;
    link_->hold_objects(!wrong.empty());
    if (right && !met_) {
        met_ = true;
        state_.put(kMet, "1");
    }
    office_.wake(id_);
}

// Of the table that it hears of now the other thinks that no name of its own is known here.
void TrunkPost::ask_for_names(BoxTime now) {
    names_.new_table(office_.random());
    wait_for_disk();
    link_->set_facts(facts_of(options_, names_, office_.domain()), now);
}

std::string TrunkPost::why_down() const {
    if (!wrong_peer_.empty()) return wrong_peer_;
    if (link_->health().other_form)
        return options_.licensed
                   ? options_.peer +
                         " is no amateur station: set service = \"amateur\" at both "
                         "boxes or at none"
                   : options_.peer +
                         " is an amateur station, which sends in clear: set service = "
                         "\"amateur\" at both boxes or at none";
    if (patience_.over()) return options_.peer + " does not answer";
    if (const std::size_t is = link_->payload(); is > 0 && is < link_->least_payload())
        return "a frame of this modem carries " + std::to_string(is) +
               " bytes, and the link needs " + std::to_string(link_->least_payload());
    return link_->up() ? std::string() : "no answer from " + options_.peer + " yet";
}

void TrunkPost::cannot_go(ObjectId id) {
    if (freight_.owns(id)) return freight_.cannot_go(id, "too long for this modem");
    const Parcel* parcel = parcels_.find(id);
    if (parcel == nullptr) return;
    log(Level::Warning, "trunk", "too-long", {{"id", id_}});
    if (parcel->attempt.delivery != 0) too_long(parcel->attempt);
    parcels_.remove(id);
}

void TrunkPost::delivered(ObjectId id) {
    if (casts_out_ != nullptr) casts_out_->invited(*this, id);
    if (freight_.owns(id)) return freight_.delivered(id);
    const Parcel* parcel = parcels_.find(id);
    if (parcel == nullptr) return;
    names_.arrived(parcel->said);
    if (parcel->attempt.delivery != 0) {
        ++messages_out_;
        report(parcel->attempt, Outcome::Kind::Sent, kHandedCode,
               to_string(Handed{Handed::Kind::Arrived, options_.peer, {}}));
    }
    parcels_.remove(id);  // behind the report: a crash between repeats it, and loses nothing
}

}  // namespace waypost::trunk
