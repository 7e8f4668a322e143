// SPDX-License-Identifier: Apache-2.0
#include "bridges/activitypub/client/client_transport.h"

#include "bridges/activitypub/client/letters.h"
#include "bridges/activitypub/client/mentions.h"
#include "gateway/base/log.h"

namespace waypost::activitypub {
namespace {

constexpr int kWindow = 8;
constexpr int kReach = 2;  // before the village's own server
constexpr int kKeyBytes = 16;

std::string to_type(const TransportId& id) {
    return "`waypost fediverse-account authorise " + id.substr(id.find('.') + 1) + '`';
}

}  // namespace

struct ClientTransport::Parts {
    Parts(ClientTransport& transport, Office& office, const ClientOptions& options)
        : state(office.state(transport.id_)),
          fetcher(options.fetch),
          api(fetcher, options.server),
          session(api, office.clock(), options.token_file, to_type(transport.id_)),
          came(state, "came"),
          went(state, "went"),
          gate{office, state, api, came, went, transport.id_, options.person},
          mentions(gate),
          letters(gate, session) {}

    TransportState& state;
    Fetcher fetcher;
    const client::MastodonApi api;
    client::Session session;
    client::IdMemory came, went;
    const client::ClientGate gate;
    client::Mentions mentions;
    client::Letters letters;
};

ClientTransport::ClientTransport(TransportId id, ClientOptions options)
    : id_(std::move(id)), options_(std::move(options)) {}

ClientTransport::~ClientTransport() { stop(); }

const std::string& ClientTransport::network() const {
    static const std::string kNetwork = "activitypub";
    return kNetwork;
}

const std::string& ClientTransport::scheme() const {
    static const std::string kScheme = "acct";
    return kScheme;
}

void ClientTransport::start(Office& office) {
    office_ = &office;
    parts_ = std::make_unique<Parts>(*this, office, options_);
    reader_ = std::thread([this] { read(); });
    writer_ = std::thread([this] { write(); });
}

void ClientTransport::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    if (parts_) parts_->fetcher.cut();
    if (reader_.joinable()) reader_.join();
    if (writer_.joinable()) writer_.join();
}

void ClientTransport::give_back() {
    std::map<DeliveryId, AttemptId> left;
    {
        const std::lock_guard lock(mutex_);
        left.swap(in_hand_);
        ready_.clear();
    }
    Outcome stopped;
    stopped.kind = Outcome::Kind::NotTried;
    stopped.code = "stopped";
    stopped.detail = "it was stopped";
    for (const auto& [id, attempt] : left) office_->report(attempt, stopped);
}

void ClientTransport::read() {
    std::unique_lock lock(mutex_);
    while (!stopping_) {
        lock.unlock();
        try {
            look();
        } catch (const std::exception& e) {
            log(Level::Error, "fediverse-account", "look-failed",
                {{"transport", id_}, {"why", e.what()}});
        }
        lock.lock();
        changed_.wait_for(lock, options_.poll, [this] { return stopping_; });
    }
}

void ClientTransport::look() {
    client::Session& session = parts_->session;
    if (session.pause().count() > 0) return;
    const bool was_up = session.up();
    const auto in = session.sign_in();
    if (!in) return;
    if (const auto problem = parts_->mentions.look(*in)) return session.trouble(*problem);
    session.went_well();
    if (!was_up && session.up()) office_->wake(id_);
}

void ClientTransport::deliver(Delivery delivery) {
    {
        const std::lock_guard lock(mutex_);
        if (!stopping_) in_hand_[delivery.attempt.delivery] = delivery.attempt;
    }
    const AttemptId attempt = delivery.attempt;
    const WireId wire =
        delivery.wire_id ? *delivery.wire_id : "waypost-" + office_->random().hex(kKeyBytes);
    Job job{std::move(delivery), wire};
    office_->begin(attempt, wire, [this, job = std::move(job)](bool go) mutable {
        {
            const std::lock_guard lock(mutex_);
            if (!go) in_hand_.erase(job.delivery.attempt.delivery);
            if (go) ready_.push_back(std::move(job));
        }
        changed_.notify_all();
    });
}

std::optional<ClientTransport::Job> ClientTransport::take(std::unique_lock<std::mutex>& lock) {
    changed_.wait(lock, [this] { return stopping_ || !ready_.empty(); });
    if (stopping_) return std::nullopt;
    Job job = std::move(ready_.front());
    ready_.pop_front();
    return job;
}

void ClientTransport::write() {
    std::unique_lock lock(mutex_);
    while (auto job = take(lock)) {
        lock.unlock();
        Outcome became;
        try {
            became = parts_->letters.send(job->delivery, job->wire);
        } catch (const std::exception& e) {
            became.kind = Outcome::Kind::Retry;
            became.code = "local";
            became.detail = e.what();
        }
        lock.lock();
        // Cut short by the end: it is offered again under its wire id.
        if (stopping_ && became.kind == Outcome::Kind::Retry) return;
        if (in_hand_.erase(job->delivery.attempt.delivery) == 0) continue;
        if (became.kind == Outcome::Kind::Sent) ++sent_;
        if (became.kind == Outcome::Kind::Failed) ++failed_;
        lock.unlock();
        office_->report(job->delivery.attempt, became);
        lock.lock();
    }
}

Limits ClientTransport::limits() const { return {0, kWindow, false}; }

bool ClientTransport::up() const { return parts_ && parts_->session.up(); }

std::optional<int> ClientTransport::reach(const Address& to) const { return reach_from({}, to); }

std::optional<int> ClientTransport::reach_from(const std::string& sender, const Address& to) const {
    if (to.scheme != scheme() || sender != options_.person) return std::nullopt;
    if (office_ != nullptr && to.domain() == office_->domain()) return std::nullopt;
    return kReach;
}

Status ClientTransport::status() const {
    Status status;
    if (!parts_) return status;
    status.up = parts_->session.up();
    status.why = parts_->session.why();
    const auto in = parts_->session.current();
    const client::MentionCounters came = parts_->mentions.counters();
    const auto number = [](auto value) { return std::to_string(value); };
    const std::lock_guard lock(mutex_);
    status.details = {{"server", options_.server},
                      {"account", in ? in->whole(in->own.acct) : std::string()},
                      {"taken", number(came.taken)},
                      {"of no concern", number(came.passed)},
                      {"refused", number(came.refused)},
                      {"letters sent", number(sent_)},
                      {"failed", number(failed_)}};
    status.metrics = {{"waiting", static_cast<double>(in_hand_.size())}};
    return status;
}

}  // namespace waypost::activitypub
