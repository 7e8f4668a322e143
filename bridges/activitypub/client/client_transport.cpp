// SPDX-License-Identifier: Apache-2.0
#include "bridges/activitypub/client/client_transport.h"

#include "bridges/activitypub/client/leave.h"
#include "bridges/activitypub/client/letters.h"
#include "bridges/activitypub/client/mentions.h"
#include "bridges/activitypub/client/news_stream.h"
#include "bridges/activitypub/letter_queue.h"
#include "bridges/activitypub/network.h"
#include "gateway/base/log.h"

namespace waypost::activitypub {
namespace {

constexpr int kWindow = 8;
constexpr int kReach = 2;     // before the village's own server
constexpr int kReachAll = 0;  // behind the village's own server
constexpr int kKeyBytes = 16;
constexpr std::chrono::seconds kLeastPoll{1};  // however much news there is

std::string to_do(const TransportId& id, const ClientOptions& options) {
    return "`waypost fediverse-account authorise " + id.substr(id.find('.') + 1) + "`, or " +
           options.person + " writes to @" + client::code_address(options.server).value;
}

}  // namespace

struct ClientTransport::Parts {
    Parts(ClientTransport& transport, Office& office, const ClientOptions& options)
        : state(office.state(transport.id_)),
          fetcher(options.fetch),
          api(fetcher, options.server),
          session(api, office.clock(), options.token_file, to_do(transport.id_, options)),
          came(state, "came"),
          went(state, "went"),
          gate{office, state, api, came, went, transport.id_, options.person},
          note_pictures(office, options.pictures, [](const std::string&) { return true; }),
          mentions(gate, note_pictures.fetches() ? &note_pictures : nullptr),
          attached_files(office, options.originals, options.pictures.web),
          letters(gate, session, &attached_files),
          leave(gate, session, options, [&transport] { transport.hear_of_news(); }),
          stream(fetcher, session, [&transport] { transport.hear_of_news(); }),
          queue(
              office, 1, [](const Delivery&) { return std::string(); },
              [this, &transport](const Letter& letter) {
                  return letter.delivery.to == transport.code_address_
                             ? leave.take(letter.delivery, letter.wire)
                             : letters.send(letter.delivery, letter.wire);
              }) {}

    TransportState& state;
    Fetcher fetcher;
    const client::MastodonApi api;
    client::Session session;
    client::IdMemory came, went;
    const client::ClientGate gate;
    NotePictures note_pictures;
    client::Mentions mentions;
    AttachedFiles attached_files;
    client::Letters letters;
    client::Leave leave;
    client::NewsStream stream;
    LetterQueue queue;  // one after another
};

ClientTransport::ClientTransport(TransportId id, ClientOptions options)
    : id_(std::move(id)),
      options_(std::move(options)),
      code_address_(client::code_address(options_.server)) {}

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
    if (options_.stream) parts_->stream.start();
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
    parts_->note_pictures.cut();
    parts_->stream.stop();
    if (reader_.joinable()) reader_.join();
    parts_->queue.stop();
}

void ClientTransport::give_back() {
    if (parts_) parts_->queue.give_back();
}

void ClientTransport::read() {
    std::unique_lock lock(mutex_);
    while (!stopping_) {
        news_ = false;
        lock.unlock();
        try {
            look();
        } catch (const std::exception& e) {
            log(Level::Error, "fediverse-account", "look-failed",
                {{"transport", id_}, {"why", e.what()}});
        }
        lock.lock();
        changed_.wait_for(lock, kLeastPoll, [this] { return stopping_; });
        changed_.wait_for(lock, options_.poll - kLeastPoll, [this] { return stopping_ || news_; });
    }
}

void ClientTransport::hear_of_news() {
    {
        const std::lock_guard lock(mutex_);
        news_ = true;
    }
    changed_.notify_all();
}

void ClientTransport::look() {
    client::Session& session = parts_->session;
    if (session.pause().count() > 0) return;
    const bool was_up = session.up();
    const auto in = session.sign_in();
    if (!in) return;
    if (const auto problem = parts_->mentions.look(*in)) return session.trouble(*problem);
    session.went_well();
    if (was_up || !session.up()) return;
    office_->wake(id_);
    parts_->stream.signed_in();
}

void ClientTransport::deliver(Delivery delivery) {
    const WireId wire =
        delivery.wire_id ? *delivery.wire_id : "waypost-" + office_->random().hex(kKeyBytes);
    parts_->queue.deliver({std::move(delivery), wire});
}

// Originals of mails and chats: their pictures.
Limits ClientTransport::limits() const { return {0, kWindow, false, true}; }

// Without a token it still takes codes, and reaches nobody else.
bool ClientTransport::up() const {
    return parts_ && (parts_->session.up() || !parts_->session.current());
}

std::optional<int> ClientTransport::reach(const Address& to) const { return reach_from({}, to); }

std::optional<int> ClientTransport::reach_from(const std::string& sender, const Address& to) const {
    if (to.scheme != scheme() || sender != options_.person) return std::nullopt;
    if (to == code_address_) return kReach;
    if (parts_ && !parts_->session.current()) return std::nullopt;
    if (office_ == nullptr || to.domain() != office_->domain()) return kReach;
    return to == public_address(to.domain()) ? std::optional(kReachAll) : std::nullopt;
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
                      {"letters sent", number(out.sent - parts_->letters.posts())},
                      {"posts", number(parts_->letters.posts())},
                      {"news", parts_->stream.is_open() ? "told at once" : "asked for"},
                      {"failed", number(out.failed)}};
    status.metrics = {{"waiting", static_cast<double>(out.waiting)}};
    return status;
}

}  // namespace waypost::activitypub
