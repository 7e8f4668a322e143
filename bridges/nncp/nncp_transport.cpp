// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/nncp_transport.h"

#include <ctime>
#include <stdexcept>

#include "bridges/nncp/revoked.h"
#include "gateway/base/local_time.h"
#include "gateway/base/log.h"

namespace waypost::nncp {
namespace {

template <class T>
T or_throw(Result<T> result) {
    if (!result.ok()) throw std::runtime_error(result.error().text);
    return std::move(result).value();
}

void tell_of(CourierEvent::Kind kind, const StickStatus& stick) {
    const bool asks = kind == CourierEvent::Kind::Ask;
    if (!asks && kind != CourierEvent::Kind::Ended) return;
    log(asks ? Level::Warning : Level::Info, "nncp", asks ? "stick-unknown" : "stick-done",
        {{"id", stick.id}, {"name", stick.name}, {"what", words_of(stick)}});
}

std::string local_time(std::int64_t at) { return local_date_time(at * 1000); }

std::string words_of(const LineState& line) {
    if (!line.problem.empty()) return line.problem;
    return line.last == 0 ? "waits for a call" : "waits for a call, last " + local_time(line.last);
}

// The dispatcher asks before each delivery, and only whether it is up.
constexpr std::chrono::seconds kStatusAge{1};

}  // namespace

NncpTransport::NncpTransport(TransportId id, NncpOptions options)
    : id_(std::move(id)), options_(std::move(options)) {}

NncpTransport::~NncpTransport() { stop(); }

const std::string& NncpTransport::network() const {
    static const std::string kNetwork = "email";
    return kNetwork;
}

const std::string& NncpTransport::scheme() const {
    static const std::string kScheme = "mailto";
    return kScheme;
}

void NncpTransport::start(Office& office) {
    config_ = or_throw(read_node_config(options_.config));
    if (!config_.self)
        throw std::runtime_error(options_.config + " holds no keys: it can carry packets only");
    {
        const std::lock_guard lock(mutex_);
        for (const auto& [name, node] : config_.nodes)
            if (name != "self") keys_["nncp:" + name] = key_print(node);
    }
    revoked_ = forget_revoked(config_, options_, prints_);
    // Custody waits for the disk, whatever NNCPNOSYNC says, and leaves the box its room.
    SpoolOptions spool;
    spool.keep_free = margin(std::filesystem::path(config_.spool).parent_path());
    spool_ = or_throw(Spool::open(config_.spool, spool));
    routes_.emplace(config_, options_);
    sent_ = std::make_unique<SentLog>(*spool_);
    posts_ = std::make_unique<SentPosts>(*spool_);
    const Home home{config_, *spool_, *routes_, options_, *sent_, *posts_, id_, update_desk_};
    house_ = std::make_unique<House>(home, office);
    exchange_ = std::make_unique<Exchange>(config_, *spool_, options_, office.clock(),
                                           [this] { house_->wake(); });
    courier_ = make_courier(config_, *spool_, options_, [this](const CourierEvent& event) {
        tell_of(event.kind, event.stick);
        if (stick_feed_) (*stick_feed_)(event);
        if (event.kind == CourierEvent::Kind::Ended && event.stick.received > 0) house_->wake();
    });
    if (desk_ != nullptr)
        parcels_ = std::make_shared<LinkParcels>(config_, *spool_, options_, *desk_, office, id_,
                                                 [this] { house_->wake(); });
    sender_ = std::make_unique<Sender>(home, office, [this](const Node& node) {
        exchange_->nudge(node);
        if (courier_) courier_->look();
        house_->wake();
    });
    exchange_->start();
    house_->start();
    if (parcels_) parcels_->start();
    if (courier_) {
        if (const auto begun = courier_->start(); !begun.ok())
            throw std::runtime_error(begun.error().text);
        if (courier_desk_ != nullptr) sticks_.emplace(*courier_desk_, *courier_, options_);
    }
    sender_->start();
    const std::lock_guard lock(mutex_);
    office_ = &office;
}

std::map<std::string, std::string> NncpTransport::peer_keys() const {
    const std::lock_guard lock(mutex_);
    return keys_;
}

void NncpTransport::stop() {
    if (sender_) sender_->stop();
    sticks_.reset();
    if (courier_) courier_->stop();
    if (parcels_) parcels_->stop();
    if (exchange_) exchange_->stop();
    if (house_) house_->stop();
}

void NncpTransport::give_back() {
    if (sender_) sender_->give_back();
}

void NncpTransport::deliver(Delivery delivery) { sender_->add(std::move(delivery)); }

std::optional<int> NncpTransport::reach(const Address& to) const {
    return routes_ ? routes_->reach(to) : std::nullopt;
}

std::string NncpTransport::state_of(const Node& node, const NodeState& state,
                                    const LineState& line) const {
    std::string text = std::to_string(state.waits) + " to go";
    if (const std::string by = parcels_ ? parcels_->words(node) : ""; !by.empty())
        text += " (" + by + ")";
    text += ", " + std::to_string(state.came) + " came";
    if (state.unacked > 0) text += ", " + std::to_string(state.unacked) + " without ACK";
    if (state.aside > 0) text += ", " + std::to_string(state.aside) + " put aside";
    const std::int64_t last = std::max(state.heard, line.last);
    if (last > 0) text += ", last " + local_time(last);
    const auto now = std::chrono::system_clock::to_time_t(office_->clock().wall());
    if (const auto next = Exchange::next_call(node, now))
        text += ", next call " + local_time(*next);
    if (!state.problem.empty()) text += "; " + state.problem;
    if (!line.problem.empty()) text += "; " + line.problem;
    return text;
}

Status NncpTransport::status() const {
    const std::lock_guard lock(mutex_);
    if (office_ == nullptr) return {};
    const BoxTime now = office_->clock().box();
    if (!status_.up || now - status_at_ >= kStatusAge) {
        status_ = fresh_status();
        status_at_ = now;
    }
    return status_;
}

Status NncpTransport::fresh_status() const {
    Status status;
    status.up = true;
    status.why = sender_->problem();
    if (const std::string spool = house_->problem(); !spool.empty()) status.why = spool;
    status.details["sent"] = std::to_string(sender_->messages());
    status.details["received"] = std::to_string(house_->messages());
    for (const std::string& name : revoked_)
        status.details["node " + name] = "revoked: its box was stolen; pair it anew";
    if (port() > 0) status.details["listening"] = options_.listen;
    if (courier_) {
        for (const StickStatus& stick : courier_->status())
            status.details[(stick.directory ? "folder " : "stick ") + stick.name] = words_of(stick);
    }
    for (const auto& [name, state] : exchange_->answering())
        status.details["line " + name] = words_of(state);
    const auto lines = exchange_->lines();
    std::size_t waiting = 0;
    for (const auto& [name, state] : house_->nodes()) {
        waiting += state.waits;
        const Node* node = config_.find(name);
        const auto line = lines.find(name);
        if (node != nullptr)
            status.details["node " + name] =
                state_of(*node, state, line == lines.end() ? LineState{} : line->second);
    }
    status.metrics["waiting"] = static_cast<double>(waiting);
    return status;
}

}  // namespace waypost::nncp
