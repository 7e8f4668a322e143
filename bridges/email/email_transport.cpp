// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/email_transport.h"

#include <algorithm>

namespace waypost::email {
namespace {

bool same(const RelayTarget& a, const RelayTarget& b) {
    return a.host == b.host && a.port == b.port && a.lmtp == b.lmtp && a.security == b.security;
}

}  // namespace

EmailTransport::EmailTransport(TransportId id, EmailOptions options)
    : MailTransport(std::move(id), "mailto"), options_(std::move(options)) {
    if (!options_.smarthost.host.empty()) {
        smarthost_ = add_relay(options_.smarthost);
    }
    if (options_.direct) direct_ = std::make_unique<DirectSender>(*options_.direct);
    std::vector<std::pair<RelayTarget, Relay*>> known;  // several domains may share one
    for (const auto& entry : options_.relays) {
        const RelayTarget& target = entry.second;
        const auto found = std::find_if(known.begin(), known.end(),
                                        [&](const auto& k) { return same(k.first, target); });
        Relay* relay = found != known.end() ? found->second : add_relay(target);
        known.emplace_back(target, relay);
        by_domain_[entry.first] = relay;
    }
}

Relay* EmailTransport::add_relay(const RelayTarget& target) {
    targets_.push_back(target);
    relays_.push_back(std::make_unique<Relay>(target.host + ':' + std::to_string(target.port),
                                              options_.connections));
    return relays_.back().get();
}

EmailTransport::~EmailTransport() { stop(); }

void EmailTransport::start(Office& office) {
    office_ = &office;
    if (options_.autocrypt) encryption_ = std::make_unique<openpgp::Encryption>(office, id());
    std::shared_ptr<const Srs> srs;
    if (!options_.srs_secret.empty())
        srs = std::make_shared<Srs>(std::move(options_.srs_secret), office.domain());
    const auto dressed = dress(srs);
    for (ListenerOptions& listener : options_.listeners) {
        listener.transport = id();
        listener.srs = srs;
        listener.encryption = encryption_.get();
        listeners_.push_back(std::make_unique<SmtpListener>(listener, office));
    }
    for (const auto& listener : listeners_) listener->start();
    start_relays(dressed);
}

std::shared_ptr<const Dress> EmailTransport::dress(const std::shared_ptr<const Srs>& srs) {
    std::unique_ptr<const DkimSigner> signer;
    if (!options_.dkim_selector.empty()) {
        const std::string domain =
            options_.dkim_domain.empty() ? office_->domain() : options_.dkim_domain;
        signer = std::make_unique<DkimSigner>(domain, options_.dkim_selector,
                                              std::move(options_.dkim_key));
    }
    return std::make_shared<Dress>(std::move(signer), srs, office_->domain(), encryption_.get());
}

void EmailTransport::start_relays(const std::shared_ptr<const Dress>& dress) {
    for (std::size_t i = 0; i < relays_.size(); ++i) {
        Login login;
        if (relays_[i].get() == smarthost_) login = std::move(options_.login);
        relays_[i]->start(
            *office_,
            std::make_unique<FixedOpener>(targets_[i], std::move(login), office_->domain()), dress);
    }
    if (direct_) direct_->start(*office_, office_->state(id()), dress);
}

void EmailTransport::stop() {
    for (const auto& listener : listeners_) listener->stop();
    for (const auto& relay : relays_) relay->stop();
    if (direct_) direct_->stop();
    listeners_.clear();
}

// Every relay's share and a little more, so that a mail to one that is full can be turned away
// instead of standing before mails to the others.
Limits EmailTransport::limits() const {
    const int all = static_cast<int>(relays_.size()) * Relay::window(options_.connections) +
                    (direct_ ? direct_->window() : 0);
    return {0, relays_.size() > 1 || direct_ ? all + 8 : all, false, true};
}

std::optional<int> EmailTransport::reach(const Address& to) const {
    return direct_ || relay_for(to) != nullptr ? std::optional<int>(1) : std::nullopt;
}

Relay* EmailTransport::relay_for(const Address& to) const {
    const auto own = by_domain_.find(std::string(to.domain()));
    return own != by_domain_.end() ? own->second : smarthost_;
}

void EmailTransport::deliver(Delivery delivery) {
    if (Relay* relay = relay_for(delivery.to)) return relay->deliver(std::move(delivery));
    if (direct_) return direct_->deliver(std::move(delivery));
    office_->report(delivery.attempt, {Outcome::Kind::NotTried,
                                       ProofClass::Observed,
                                       "no-relay",
                                       "no relay is configured",
                                       {},
                                       {}});
}

Status EmailTransport::status() const {
    Status status;
    status.up = office_ != nullptr;
    std::size_t sent = 0;
    std::size_t queued = 0;
    for (const auto& relay : relays_) {
        sent += relay->sent();
        queued += relay->queued();
        const std::string problem = relay->problem();
        if (problem.empty()) continue;
        status.why += (status.why.empty() ? "" : "; ") + relay->name() + ": " + problem;
    }
    if (direct_) {
        sent += direct_->sent();
        queued += direct_->queued();
        if (const std::string problems = direct_->problems(); !problems.empty())
            status.why += (status.why.empty() ? "" : "; ") + problems;
        status.details["mail domains at work"] = std::to_string(direct_->domains());
    }
    status.details["sent"] = std::to_string(sent);
    status.details["queued"] = std::to_string(queued);
    status.metrics["waiting"] = static_cast<double>(queued);
    for (const auto& listener : listeners_) {
        status.details["listening on " + listener->address()] =
            std::to_string(listener->sessions()) + " sessions";
    }
    return status;
}

Result<std::string> EmailTransport::invite(const Address& own, const std::string& name) {
    if (!encryption_)
        return Error{Code::NotFound, std::string(id()) + " has autocrypt = false", false};
    return encryption_->invite(own, name);
}

std::vector<int> EmailTransport::ports() const {
    std::vector<int> ports;
    for (const auto& listener : listeners_) ports.push_back(listener->port());
    return ports;
}

}  // namespace waypost::email
