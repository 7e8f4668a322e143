// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/email_transport.h"

#include <future>

#include "bridges/email/mime/write_mail.h"
#include "gateway/base/log.h"

namespace waypost::email {
namespace {

constexpr std::chrono::seconds kKeepOpen{60};

}  // namespace

EmailTransport::EmailTransport(TransportId id, EmailOptions options)
    : id_(std::move(id)), options_(std::move(options)) {}
EmailTransport::~EmailTransport() { stop(); }

const std::string& EmailTransport::network() const {
    static const std::string kNetwork = "email";
    return kNetwork;
}
const std::string& EmailTransport::scheme() const {
    static const std::string kScheme = "mailto";
    return kScheme;
}

void EmailTransport::start(Office& office) {
    office_ = &office;
    for (ListenerOptions& listener : options_.listeners) {
        listener.transport = id_;
        listeners_.push_back(std::make_unique<SmtpListener>(listener, office));
    }
    for (const auto& listener : listeners_) listener->start();
    for (int i = 0; i < options_.connections; ++i) workers_.emplace_back([this] { work(); });
}

void EmailTransport::stop() {
    for (const auto& listener : listeners_) listener->stop();
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    arrived_.notify_all();
    for (std::thread& worker : workers_) worker.join();
    workers_.clear();
    listeners_.clear();
}

Limits EmailTransport::limits() const { return {0, options_.connections * 8, false}; }

std::optional<int> EmailTransport::reach(const Address& to) const {
    return target_for(to) != nullptr ? std::optional<int>(1) : std::nullopt;
}

const RelayTarget* EmailTransport::target_for(const Address& to) const {
    const auto own = options_.relays.find(std::string(to.domain()));
    if (own != options_.relays.end()) return &own->second;
    return options_.smarthost.host.empty() ? nullptr : &options_.smarthost;
}

void EmailTransport::deliver(Delivery delivery) {
    {
        const std::lock_guard lock(mutex_);
        queue_.push_back(std::move(delivery));
    }
    arrived_.notify_one();
}

void EmailTransport::work() {
    std::map<std::string, std::unique_ptr<SmtpClient>>
        open;  // connections of this worker, by relay
    for (;;) {
        std::unique_lock lock(mutex_);
        arrived_.wait_for(lock, kKeepOpen, [this] { return stopping_ || !queue_.empty(); });
        if (stopping_) break;
        if (queue_.empty()) {
            lock.unlock();
            for (auto& [key, client] : open) client->quit();
            open.clear();
            continue;
        }
        const Delivery delivery = std::move(queue_.front());
        queue_.pop_front();
        lock.unlock();
        carry(delivery, open);
    }
    for (auto& [key, client] : open) client->quit();
}

namespace {

OutgoingMail outgoing(const Delivery& delivery, const std::string& domain) {
    OutgoingMail mail;
    mail.from = delivery.from;
    mail.from_name = delivery.from_name;
    mail.to = delivery.to;
    mail.reply_to = delivery.reply_to;
    mail.subject = delivery.subject;
    mail.text = delivery.text;
    mail.message_id = delivery.message_id;
    mail.references = delivery.references;
    mail.loop_tag = domain;
    mail.automatic = delivery.automatic;
    mail.date = delivery.written;
    return mail;
}

Outcome not_tried(std::string code, std::string detail) {
    return {
        Outcome::Kind::NotTried, ProofClass::Observed, std::move(code), std::move(detail), {}, {}};
}

}  // namespace

// A connection of this worker to the relay that is ready to take a mail, or why there is none.
Result<SmtpClient*> EmailTransport::ready_client(const RelayTarget& target, Connections& open) {
    auto& client = open[target.host + ':' + std::to_string(target.port)];
    if (client && client->healthy()) return client.get();
    client.reset();
    auto wire = connect(target);
    if (!wire.ok()) return wire.error();
    static const Login kNobody;
    client =
        std::make_unique<SmtpClient>(std::move(*wire), target, office_->domain(),
                                     &target == &options_.smarthost ? options_.login : kNobody);
    if (auto opened = client->open(); !opened.ok()) {
        client.reset();
        return opened.error();
    }
    return client.get();
}

// On record before the first byte. The writer keeps the order of what it is given, so the outcome
// of this connection's mail before is on disk then too: a kill leaves at most one per connection
// of which nobody knows whether the relay took it.
bool EmailTransport::begin_and_wait(const Delivery& delivery) {
    std::promise<bool> promise;
    auto begun = promise.get_future();
    office_->begin(delivery.attempt, delivery.message_id,
                   [&promise](bool go) { promise.set_value(go); });
    return begun.get();
}

void EmailTransport::carry(const Delivery& delivery, Connections& open) {
    const auto finish = [&](const Outcome& outcome) {
        note(outcome);
        office_->report(delivery.attempt, outcome);
    };
    const RelayTarget* target = target_for(delivery.to);
    if (target == nullptr) return finish(not_tried("no-relay", "no relay is configured"));
    auto client = ready_client(*target, open);
    if (!client.ok()) return finish(not_tried("connection", client.error().text));
    if (!begin_and_wait(delivery)) return;
    auto bytes = write_mail(outgoing(delivery, office_->domain()));
    if (!bytes.ok()) {
        return finish({Outcome::Kind::Failed,
                       ProofClass::Observed,
                       "unwritable",
                       bytes.error().text,
                       {},
                       {}});
    }
    const MailToSend mail{delivery.automatic ? std::string() : delivery.from.value,
                          delivery.to.value, std::move(*bytes)};
    Outcome outcome = (*client)->send(mail);
    // A connection kept open may have died quietly before it took anything: one fresh one at once.
    if (outcome.kind == Outcome::Kind::NotTried) {
        client = ready_client(*target, open);
        if (client.ok()) outcome = (*client)->send(mail);
    }
    finish(outcome);
}

void EmailTransport::note(const Outcome& outcome) {
    const std::lock_guard lock(mutex_);
    if (outcome.kind == Outcome::Kind::Sent) {
        ++sent_;
        last_error_.clear();
    } else {
        if (last_error_ != outcome.detail) {
            log(Level::Warning, "email", "not-sent",
                {{"code", outcome.code}, {"why", outcome.detail}});
        }
        last_error_ = outcome.detail;
    }
}

Status EmailTransport::status() const {
    const std::lock_guard lock(mutex_);
    Status status;
    status.up = office_ != nullptr && !stopping_;
    status.why = last_error_;
    status.details["sent"] = std::to_string(sent_);
    status.details["queued"] = std::to_string(queue_.size());
    for (const auto& listener : listeners_) {
        status.details["listening on " + std::to_string(listener->port())] =
            std::to_string(listener->sessions()) + " sessions";
    }
    return status;
}

std::vector<int> EmailTransport::ports() const {
    std::vector<int> ports;
    for (const auto& listener : listeners_) ports.push_back(listener->port());
    return ports;
}

}  // namespace waypost::email
