// SPDX-License-Identifier: Apache-2.0
#include "bridges/activitypub/client/client_transport.h"

#include "bridges/activitypub/client/letters.h"
#include "bridges/activitypub/client/mentions.h"
#include "bridges/activitypub/letter_queue.h"
#include "bridges/activitypub/network.h"
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
          letters(gate, session),
          queue(
              office, 1, [](const Delivery&) { return std::string(); },
              [this](const Letter& letter) { return letters.send(letter.delivery, letter.wire); }) {
    }

    TransportState& state;
    Fetcher fetcher;
    const client::MastodonApi api;
    client::Session session;
    client::IdMemory came, went;
    const client::ClientGate gate;
    client::Mentions mentions;
    client::Letters letters;
    LetterQueue queue;  // one after another
};

ClientTransport::ClientTransport(TransportId id, ClientOptions options)
    : id_(std::move(id)), options_(std::move(options)) {}

ClientTransport::~ClientTransport() { stop(); }

const std::string& ClientTransport::network() const {
    static const std::string kName = kNetwork;
    return kName;
}

const std::string& ClientTransport::scheme() const {
    static const std::string kName = kScheme;
    return kName;
}

void ClientTransport::start(Office& office) {
    office_ = &office;
    parts_ = std::make_unique<Parts>(*this, office, options_);
    reader_ = std::thread([this] { read(); });
    parts_->queue.start();
}

void ClientTransport::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    if (!parts_) return;
    parts_->fetcher.cut();
    if (reader_.joinable()) reader_.join();
    parts_->queue.stop();
}

void ClientTransport::give_back() {
    if (parts_) parts_->queue.give_back();
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
    const WireId wire =
        delivery.wire_id ? *delivery.wire_id : "waypost-" + office_->random().hex(kKeyBytes);
    parts_->queue.deliver({std::move(delivery), wire});
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
    const LetterCounters out = parts_->queue.counters();
    status.details = {{"server", options_.server},
                      {"account", in ? in->whole(in->own.acct) : std::string()},
                      {"taken", number(came.taken)},
                      {"of no concern", number(came.passed)},
                      {"refused", number(came.refused)},
                      {"letters sent", number(out.sent)},
                      {"failed", number(out.failed)}};
    status.metrics = {{"waiting", static_cast<double>(out.waiting)}};
    return status;
}

}  // namespace waypost::activitypub
