// SPDX-License-Identifier: Apache-2.0
#include "bridges/activitypub/activitypub_transport.h"

#include <stdexcept>

#include "bridges/activitypub/follows.h"
#include "bridges/activitypub/inbox.h"
#include "bridges/activitypub/network.h"
#include "bridges/activitypub/outgoing.h"
#include "bridges/activitypub/pages.h"
#include "bridges/activitypub/pictures/note_pictures.h"
#include "gateway/base/ticker.h"

namespace waypost::activitypub {
namespace {

constexpr int kWindow = 32;
constexpr int kLetterThreads = 4;
constexpr int kQueueThreads = 4;
constexpr std::chrono::seconds kTick{1};
constexpr int kLookEvery = 5;           // ticks
constexpr int kForgetEvery = 6 * 3600;  // likewise

PeopleView& people_of(Office& office) {
    if (PeopleView* people = office.people()) return *people;
    throw std::runtime_error("the fediverse needs the people of the box, and this office has none");
}

Answer no_such_method() {
    Answer answer = plain_answer(405, "GET, or POST to an inbox");
    answer.headers["Allow"] = "GET, HEAD, POST";
    return answer;
}

}  // namespace

struct ActivityPubTransport::Parts {
    Parts(ActivityPubTransport& transport, Office& office, const ActivityPubOptions& options)
        : policy(options.policy),
          site(options.host.empty() ? office.domain() : options.host, office.domain()),
          state(office.state(transport.id_)),
          keys(state, office.clock(), options.rotate_keys),
          box_key(keys.of(site.domain())),
          remote(state, office.clock(), options.fetch, {box_key.get(), site.box().key_id()}),
          followers(state),
          posts(state, office.clock()),
          queue(
              state, office.clock(), kQueueThreads,
              [this](const Parcel& parcel) {
                  const auto key = keys.of(parcel.as);
                  return remote.post(parcel.inbox, parcel.json,
                                     {key.get(), site.actor(parcel.as).key_id()});
              },
              [this](const Parcel& parcel) { forget_inbox(parcel); }),
          gate{office, people_of(office), state, site, transport.id_, policy, keys,
               remote, followers,         posts, queue},
          follows(gate),
          note_pictures(office, options.pictures,
                        [this](const std::string& url) { return gate.allowed(url); }),
          waiting(state, office.clock(), transport.id_,
                  [this](Message& message, const WaitingNote& note) {
                      note_pictures.attach(message, note);
                  }),
          inbox(gate, follows, note_pictures.fetches() ? &waiting : nullptr),
          pages(gate),
          attached_files(office, options.originals, options.pictures.web),
          outgoing(gate, kLetterThreads, &attached_files, options.pictures.room),
          door(options.door, [this](const Request& request) { return answer(request); }) {}

    Answer answer(const Request& request) {
        if (request.method == "GET" || request.method == "HEAD") return pages.get(request);
        const std::string& path = request.path;
        const bool inbox_path =
            path == "/ap/inbox" || (path.rfind("/ap/", 0) == 0 && path.size() > 10 &&
                                    path.substr(path.size() - 6) == "/inbox");
        if (request.method == "POST" && inbox_path) return inbox.post(request);
        return no_such_method();
    }

    // Nobody is there any more, so nobody there follows.
    void forget_inbox(const Parcel& parcel) {
        for (const Follower& each : followers.all(parcel.as))
            if (each.inbox == parcel.inbox) followers.remove(parcel.as, each.actor);
        followers.forget_left(parcel.as, parcel.inbox);
    }

    void tick() {
        queue.tick();
        waiting.tick();
        if (++ticks % kLookEvery == 0) follows.look();
        if (ticks % kForgetEvery != 1) return;
        posts.forget_old();
        inbox.forget_old();
    }

    const Policy policy;
    const Site site;
    TransportState& state;
    Keys keys;
    const std::shared_ptr<const SigningKey> box_key;
    Remote remote;
    Followers followers;
    Posts posts;
    SendQueue queue;
    const Gate gate;
    Follows follows;
    NotePictures note_pictures;
    WaitingNotes waiting;
    Inbox inbox;
    Pages pages;
    AttachedFiles attached_files;
    Outgoing outgoing;
    int ticks = 0;
    Ticker ticker;
    HttpDoor door;  // last: what answers is there before it opens
};

ActivityPubTransport::ActivityPubTransport(TransportId id, ActivityPubOptions options)
    : id_(std::move(id)), options_(std::move(options)) {}

ActivityPubTransport::~ActivityPubTransport() { stop(); }

const std::string& ActivityPubTransport::network() const {
    static const std::string kName = kNetwork;
    return kName;
}

const std::string& ActivityPubTransport::scheme() const {
    static const std::string kName = kScheme;
    return kName;
}

void ActivityPubTransport::start(Office& office) {
    parts_ = std::make_unique<Parts>(*this, office, options_);
    parts_->queue.start();
    parts_->waiting.start(
        [this](Message message) { return parts_->inbox.take_waited(std::move(message)); });
    parts_->outgoing.start();
    parts_->ticker.start(kTick, [this] { parts_->tick(); });
}

void ActivityPubTransport::stop() {
    if (!parts_) return;
    parts_->door.stop();
    parts_->remote.cut();
    parts_->waiting.stop([this] { parts_->note_pictures.cut(); });
    parts_->ticker.stop();
    parts_->outgoing.stop();
    parts_->queue.stop();
}

void ActivityPubTransport::give_back() {
    if (parts_) parts_->outgoing.give_back();
}

void ActivityPubTransport::deliver(Delivery delivery) {
    parts_->outgoing.deliver(std::move(delivery));
}

Limits ActivityPubTransport::limits() const {
    Limits limits{0, kWindow, false};
    limits.takes_back = true;
    limits.originals = true;  // of mails and chats: their pictures
    return limits;
}

// Nobody at our own domain, but all the world.
std::optional<int> ActivityPubTransport::reach(const Address& to) const {
    if (to.scheme != scheme()) return std::nullopt;
    const bool ours = parts_ && to.domain() == parts_->site.domain();
    if (ours && to != public_address(to.domain())) return std::nullopt;
    return 1;
}

Status ActivityPubTransport::status() const {
    Status status;
    status.up = parts_ != nullptr;
    if (!parts_) return status;
    const InboxCounters in = parts_->inbox.counters();
    const OutgoingCounters out = parts_->outgoing.counters();
    const SendCounters queue = parts_->queue.counters();
    const auto number = [](auto value) { return std::to_string(value); };
    status.details = {{"host", parts_->site.host()},
                      {"taken", number(in.taken)},
                      {"of no concern", number(in.passed)},
                      {"refused", number(in.refused)},
                      {"forged", number(in.forged)},
                      {"letters sent", number(out.sent - out.posts - out.taken_back)},
                      {"posts", number(out.posts)},
                      {"taken back", number(out.taken_back)},
                      {"posts sent on", number(queue.sent)},
                      {"refused there", number(queue.refused)},
                      {"given up", number(queue.given_up)}};
    status.metrics = {{"waiting", static_cast<double>(out.waiting + queue.waiting)}};
    return status;
}

int ActivityPubTransport::port() const { return parts_ ? parts_->door.port() : 0; }

}  // namespace waypost::activitypub
