// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/relay.h"

#include <algorithm>
#include <future>
#include <iterator>

#include "bridges/email/mime/pass_on.h"
#include "bridges/email/mime/write_mail.h"
#include "gateway/base/log.h"

namespace waypost::email {
namespace {

using std::chrono::seconds;

constexpr seconds kKeepOpen{60};
constexpr seconds kFirstPause{30};
constexpr seconds kLongestPause{15 * 60};
constexpr seconds kBusyWait{60};
constexpr std::size_t kMostHeader = 32 * 1024;  // of an original, in a report on it

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

Outcome outcome(Outcome::Kind kind, std::string code, std::string detail) {
    return {kind, ProofClass::Observed, std::move(code), std::move(detail), {}, {}};
}

Outcome not_tried(std::string code, std::string detail, seconds retry_after) {
    Outcome result = outcome(Outcome::Kind::NotTried, std::move(code), std::move(detail));
    result.retry_after = retry_after;
    return result;
}

}  // namespace

Relay::Relay(RelayTarget target, Login login, int connections)
    : target_(std::move(target)), login_(std::move(login)), connections_(connections) {}
Relay::~Relay() { stop(); }

void Relay::start(Office& office, openpgp::Encryption* encryption) {
    office_ = &office;
    encryption_ = encryption;
    for (int i = 0; i < connections_; ++i) workers_.emplace_back([this] { work(); });
}

void Relay::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
        for (SmtpClient* client : talking_) client->cut();
    }
    arrived_.notify_all();
    for (std::thread& worker : workers_) worker.join();
    workers_.clear();
}

void Relay::deliver(Delivery delivery) {
    Outcome no;
    {
        const std::lock_guard lock(mutex_);
        const seconds pause = paused_for();
        const bool full = queue_.size() >= static_cast<std::size_t>(window(connections_));
        if (pause == seconds(0) && !full) {
            turned_away_ = 0;
            queue_.push_back(std::move(delivery));
            arrived_.notify_one();
            return;
        }
        // The longer the row, the later the next one comes to ask: asking costs the store a write.
        const seconds busy =
            std::min(kBusyWait + seconds(full ? ++turned_away_ : 0), kLongestPause);
        no = pause > seconds(0) ? not_tried("connection", problem_, pause)
                                : not_tried("relay-busy", name() + " is slow", busy);
    }
    office_->report(delivery.attempt, no);
}

void Relay::work() {
    Client client;
    for (;;) {
        std::unique_lock lock(mutex_);
        arrived_.wait_for(lock, kKeepOpen, [this] { return stopping_ || !queue_.empty(); });
        if (stopping_) break;
        if (queue_.empty()) {
            lock.unlock();
            if (client) client->quit();
            client.reset();
            continue;
        }
        const Delivery delivery = std::move(queue_.front());
        queue_.pop_front();
        lock.unlock();
        carry(delivery, client);
    }
    if (client) client->quit();
}

void Relay::carry(const Delivery& delivery, Client& client) {
    if (const auto ready = make_ready(client); !ready.ok()) {
        const std::string& why = ready.error().text;
        return office_->report(delivery.attempt, not_tried("connection", why, pause_after(why)));
    }
    if (encryption_ != nullptr && !delivery.automatic) encryption_->prepare(delivery.from);
    if (begin_and_wait(delivery)) finish(delivery, send(delivery, client));
}

// On record before the first byte. The writer keeps the order of what it is given, so the outcome
// of this connection's mail before is on disk then too: a kill leaves at most one per connection
// of which nobody knows whether the relay took it.
bool Relay::begin_and_wait(const Delivery& delivery) {
    std::promise<bool> promise;
    auto begun = promise.get_future();
    office_->begin(delivery.attempt, delivery.message_id,
                   [&promise](bool go) { promise.set_value(go); });
    return begun.get();
}

Result<std::string> Relay::bytes_of(const Delivery& delivery) {
    auto bytes = written(delivery);
    if (!bytes.ok() || encryption_ == nullptr || delivery.automatic) return bytes;
    return encryption_->dress(std::move(*bytes), delivery.from, delivery.to);
}

// What came as a mail goes on as it came; all else is written anew.
Result<std::string> Relay::written(const Delivery& delivery) {
    if (delivery.body.size == 0) {
        OutgoingMail mail = outgoing(delivery, office_->domain());
        if (delivery.report) mail.report = status_report(*delivery.report);
        return write_mail(mail);
    }
    auto body = office_->open_body(delivery.body);
    if (!body.ok()) return body.error();
    const std::string original(std::istreambuf_iterator<char>(**body), {});
    if (original.size() != delivery.body.size)
        return Error{Code::Internal, "the mail's bytes cannot be read", true};
    return pass_on(original, {office_->domain(), std::to_string(delivery.message),
                              delivery.reply_to, delivery.written});
}

// Whatever is left of the original: its body may be gone by now.
StatusReport Relay::status_report(const Report& said) {
    StatusReport report;
    report.domain = office_->domain();
    report.arrived = said.arrived;
    report.failed = said.action == Report::Action::Failed;
    report.recipient = said.recipient;
    report.status = said.status;
    report.diagnostic = said.diagnostic;
    report.retry_until = said.retry_until;
    if (said.original.size > 0) {
        if (auto body = office_->open_body(said.original); body.ok()) {
            std::string bytes(kMostHeader, '\0');
            (*body)->read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
            bytes.resize(static_cast<std::size_t>((*body)->gcount()));
            report.header = header_of(bytes, kMostHeader);
        }
    }
    if (report.header.empty()) report.header = "Message-ID: " + said.original_id + "\r\n";
    return report;
}

Outcome Relay::send(const Delivery& delivery, Client& client) {
    auto bytes = bytes_of(delivery);
    if (!bytes.ok()) {
        const auto kind = bytes.error().retry ? Outcome::Kind::Retry : Outcome::Kind::Failed;
        return outcome(kind, "unwritable", bytes.error().text);
    }
    const MailToSend mail{delivery.return_path.value, delivery.to.value, std::move(*bytes)};
    Outcome result = send_cuttable(*client, mail);
    if (result.kind != Outcome::Kind::NotTried) return result;
    // A connection kept open may have died quietly before it took anything: one fresh one at once.
    const auto ready = make_ready(client);
    if (!ready.ok()) return not_tried("connection", ready.error().text, pause_after(result.detail));
    result = send_cuttable(*client, mail);
    // Lost twice over the same mail: the mail's own back-off, the others need not wait for it.
    if (result.kind == Outcome::Kind::NotTried) result.kind = Outcome::Kind::Retry;
    return result;
}

Outcome Relay::send_cuttable(SmtpClient& client, const MailToSend& mail) {
    {
        const std::lock_guard lock(mutex_);
        if (stopping_) return outcome(Outcome::Kind::NotTried, "stopping", {});
        talking_.insert(&client);
    }
    Outcome result = client.send(mail);
    const std::lock_guard lock(mutex_);
    talking_.erase(&client);
    return result;
}

// A connection that can take a mail, or why there is none.
Result<void> Relay::make_ready(Client& client) {
    if (client && client->healthy()) return {};
    client.reset();
    auto wire = connect(target_);
    if (!wire.ok()) return wire.error();
    client = std::make_unique<SmtpClient>(std::move(*wire), target_, office_->domain(), login_);
    const auto opened = client->open();
    if (!opened.ok()) client.reset();
    return opened;
}

void Relay::finish(const Delivery& delivery, const Outcome& result) {
    const bool sent = result.kind == Outcome::Kind::Sent;
    {
        const std::lock_guard lock(mutex_);
        if (stopping_ && !sent) return;  // we cut it: it goes again under its own wire id
        if (result.kind != Outcome::Kind::NotTried) pause_ = seconds(0);
        if (sent) {
            ++sent_;
        } else if (problem_ != result.detail) {
            log(Level::Warning, "email", "not-sent",
                {{"relay", name()}, {"code", result.code}, {"why", result.detail}});
        }
        problem_ = sent ? std::string() : result.detail;
    }
    office_->report(delivery.attempt, result);
}

// A relay that cannot be reached is left alone for a while, each time twice as long: every mail
// that asked in vain would cost its time-out and a line in the trace.
seconds Relay::pause_after(const std::string& why) {
    const std::lock_guard lock(mutex_);
    if (problem_ != why) {
        log(Level::Warning, "email", "no-relay", {{"relay", name()}, {"why", why}});
    }
    problem_ = why;
    if (const seconds left = paused_for(); left > seconds(0)) return left;  // said so already
    pause_ = std::clamp(pause_ * 2, kFirstPause, kLongestPause);
    paused_until_ = office_->clock().box() + pause_;
    return pause_;
}

seconds Relay::paused_for() const {
    const auto left = paused_until_ - office_->clock().box();
    return left > milliseconds(0) ? std::chrono::ceil<seconds>(left) : seconds(0);
}

std::string Relay::problem() const {
    const std::lock_guard lock(mutex_);
    return problem_;
}

std::size_t Relay::sent() const {
    const std::lock_guard lock(mutex_);
    return sent_;
}

std::size_t Relay::queued() const {
    const std::lock_guard lock(mutex_);
    return queue_.size();
}

}  // namespace waypost::email
