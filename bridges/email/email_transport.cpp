// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/email_transport.h"

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

// The mail is written and its attempt put on record before a worker may send the first byte.
void EmailTransport::deliver(Delivery delivery) {
    OutgoingMail mail;
    mail.from = delivery.from;
    mail.from_name = delivery.from_name;
    mail.to = delivery.to;
    mail.reply_to = delivery.reply_to;
    mail.subject = delivery.subject;
    mail.text = delivery.text;
    mail.message_id = delivery.message_id;
    mail.references = delivery.references;
    mail.loop_tag = office_->domain();
    mail.automatic = delivery.automatic;
    mail.date = delivery.written;
    auto bytes = write_mail(mail);
    const AttemptId attempt = delivery.attempt;
    const WireId wire_id = delivery.message_id;
    auto job = std::make_shared<Job>();
    job->delivery = std::move(delivery);
    if (bytes.ok()) job->bytes = std::move(*bytes);
    office_->begin(attempt, wire_id, [this, job, attempt, bytes = std::move(bytes)](bool go) {
        if (!go) return;
        if (!bytes.ok()) {
            return office_->report(attempt, {Outcome::Kind::Failed,
                                             ProofClass::Observed,
                                             "unwritable",
                                             bytes.error().text,
                                             {},
                                             {}});
        }
        {
            const std::lock_guard lock(mutex_);
            queue_.push_back(std::move(*job));
        }
        arrived_.notify_one();
    });
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
        Job job = std::move(queue_.front());
        queue_.pop_front();
        lock.unlock();
        carry(std::move(job), open);
    }
    for (auto& [key, client] : open) client->quit();
}

void EmailTransport::carry(Job job, std::map<std::string, std::unique_ptr<SmtpClient>>& open) {
    const Delivery& delivery = job.delivery;
    Outcome outcome;
    const RelayTarget* target = target_for(delivery.to);
    if (target == nullptr) {
        outcome = {Outcome::Kind::NotTried,
                   ProofClass::Observed,
                   "no-relay",
                   "no relay is configured",
                   {},
                   {}};
        return office_->report(delivery.attempt, outcome);
    }
    auto& client = open[target->host + ':' + std::to_string(target->port)];
    const MailToSend mail{delivery.automatic ? std::string() : delivery.from.value,
                          delivery.to.value, std::move(job.bytes)};
    // A connection kept open may have died quietly: then one fresh one is tried at once.
    for (int round = 0; round < 2; ++round) {
        const bool fresh = !client || !client->healthy();
        if (fresh) {
            client.reset();
            auto wire = connect(*target);
            auto opened = wire.ok() ? Result<void>() : Result<void>(wire.error());
            if (wire.ok()) {
                static const Login kNobody;
                client = std::make_unique<SmtpClient>(
                    std::move(*wire), *target, office_->domain(),
                    target == &options_.smarthost ? options_.login : kNobody);
                opened = client->open();
            }
            if (!opened.ok()) {
                client.reset();
                outcome = {Outcome::Kind::NotTried,
                           ProofClass::Observed,
                           "connection",
                           opened.error().text,
                           {},
                           {}};
                break;
            }
        }
        outcome = client->send(mail);
        if (fresh || outcome.kind != Outcome::Kind::NotTried) break;
    }
    note(outcome);
    office_->report(delivery.attempt, outcome);
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
