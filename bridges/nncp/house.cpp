// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/house.h"

#include <algorithm>
#include <sstream>

#include "bridges/nncp/spool/files.h"
#include "bridges/post/post.h"
#include "gateway/base/log.h"

namespace waypost::nncp {
namespace {

constexpr std::chrono::minutes kTidyEvery{1};
constexpr std::chrono::hours kSweepAge{24};
constexpr std::chrono::hours kMarksEvery{24};
// A program of the operator's that an exec starts must not keep the mail behind it for long.
constexpr std::chrono::seconds kProgramPatience{60};
constexpr std::uint64_t kMargin = 1u << 20;
constexpr std::string_view kAck = "ack ";
constexpr std::string_view kRelayed = "trns ";
constexpr std::size_t kNameShown = 12;

std::size_t count_packets(const std::filesystem::path& folder) {
    std::size_t count = 0;
    for (const auto& each : entries_of(folder))
        count += each.path().filename().native().size() == kNameLetters ? 1u : 0u;
    return count;
}

// As the journal has addresses.
std::string with_short_addresses(const std::string& line) {
    std::istringstream words(line);
    std::string all;
    for (std::string word; words >> word;) all += (all.empty() ? "" : " ") + shorten(word);
    return all;
}

LocalOptions local_options() {
    LocalOptions options;
    options.patience = kProgramPatience;
    options.say = [](const std::string& line) {
        log(Level::Info, "nncp", "did", {{"what", with_short_addresses(line)}});
    };
    return options;
}

}  // namespace

House::House(Home home, Office& office)
    : home_(home),
      office_(office),
      outbox_(home.config, home.spool),
      arrivals_(std::move(home), office, local_options()),
      watch_(home_.spool),
      marks_(home_.spool) {}

House::~House() { stop(); }

void House::start() {
    thread_ = std::thread([this] { run(); });
}

void House::stop() {
    stopping_ = true;
    watch_.wake();
    if (thread_.joinable()) thread_.join();
}

void House::run() {
    while (!stopping_) {
        try_round();
        watch_.wait(retries_.until_next(office_.clock().box(), home_.options.scan));
    }
}

// What a round throws ends that round; the next one begins anew.
void House::try_round() {
    try {
        round();
    } catch (const std::exception& thrown) {
        problem(thrown.what());
    }
}

void House::round() {
    toss();
    acknowledge();
    const BoxTime box = office_.clock().box();
    if (!tidied_ || box - *tidied_ >= kTidyEvery) {
        tidy();
        tidied_ = box;
    }
    if (!looked_at_marks_ || box - *looked_at_marks_ >= kMarksEvery) {
        forget_marks();
        looked_at_marks_ = box;
    }
    look();
}

std::int64_t House::now() const { return to_ms(office_.clock().wall()) / 1000; }

void House::toss() {
    TossOptions options;
    options.most_unpacked =
        std::max<std::uint64_t>(home_.options.max_message_bytes, post::Limits{}.bytes) + kMargin;
    options.stop = [this] { return stopping_.load(); };
    options.later = [this](const SpoolPacket& packet) {
        return retries_.waits(packet, office_.clock().box());
    };
    options.on_packet = [this](const Tossed& tossed) { note(tossed); };
    const auto tossed = Toss(home_.config, home_.spool, arrivals_, options).all();
    const bool troubled = tossed.ok() && !tossed->troubled.empty();
    problem(!tossed.ok() ? tossed.error().text
            : troubled   ? tossed->troubled.front().error.text
                         : std::string());
    const std::lock_guard lock(mutex_);
    messages_ = arrivals_.messages();
}

// Logged where it is a new one; empty: there is none.
void House::problem(const std::string& why) {
    const std::lock_guard lock(mutex_);
    if (!why.empty() && why != problem_) log(Level::Error, "nncp", "spool", {{"why", why}});
    problem_ = why;
}

void House::note(const Tossed& tossed) {
    const NodeId& id = tossed.from();
    const Node* node = home_.config.by_id(id);
    const std::string name = node ? node->name : to_base32(id).substr(0, kNameShown);
    const std::string packet = to_base32(tossed.packet.name).substr(0, kNameShown);
    const bool taken = tossed.fate == nncp::Fate::Done || tossed.fate == nncp::Fate::Duplicate;
    if (tossed.fate == nncp::Fate::Kept) {
        retries_.failed(tossed.packet, tossed.failures, office_.clock().box());
    } else {
        retries_.ended(tossed.packet);
        arrivals_.ended(tossed.packet.name);
    }
    if (tossed.fate == nncp::Fate::PutAside)
        log(Level::Warning, "nncp", "put-aside",
            {{"packet", packet}, {"node", name}, {"why", tossed.why}});
    if (tossed.fate == nncp::Fate::Kept && tossed.failures <= 1)
        log(Level::Info, "nncp", "later",
            {{"packet", packet}, {"node", name}, {"why", tossed.why}});
    // A repeat is acknowledged again: the first ACK may be lost. ACKs never are.
    const bool of_its_own = tossed.what.rfind(kAck, 0) != 0 && tossed.what.rfind(kRelayed, 0) != 0;
    if (taken && node && of_its_own && home_.routes.acks(*node))
        to_acknowledge_.emplace_back(node, tossed.packet.name);
    const std::lock_guard lock(mutex_);
    NodeState& state = nodes_[name];
    state.heard = now();
    state.problem = taken ? std::string() : tossed.why;
}

void House::acknowledge() {
    if (to_acknowledge_.empty()) return;
    std::vector<Parcel> parcels;
    for (const auto& [node, name] : to_acknowledge_) parcels.push_back(ack_parcel(*node, name));
    const auto sent = outbox_.send(parcels);
    if (sent.ok()) to_acknowledge_.clear();
}

void House::tidy() {
    arrivals_.join_again();
    SentLog::Rules rules;
    rules.acks = [this](const NodeId& id) {
        const Node* node = home_.config.by_id(id);
        return node != nullptr && home_.routes.acks(*node);
    };
    rules.resend_after = home_.options.resend_after;
    const std::int64_t box = to_ms(office_.clock().box()) / 1000;
    home_.posts.tidy(box);
    if (const std::size_t again = home_.sent.tidy(box, rules); again > 0)
        log(Level::Info, "nncp", "resent", {{"packets", std::to_string(again)}});
    (void)home_.spool.sweep(kSweepAge);
}

void House::forget_marks() {
    const std::int64_t box = to_ms(office_.clock().box()) / 1000;
    const bool dates_count = office_.clock().synchronised();
    if (const std::size_t old = marks_.tidy(box, home_.options.keep_seen, dates_count); old > 0)
        log(Level::Info, "nncp", "marks-forgotten", {{"marks", std::to_string(old)}});
}

void House::look() {
    std::map<std::string, NodeState> seen;
    for (const auto& [name, node] : home_.config.nodes) {
        if (name == "self") continue;
        NodeState& state = seen[name];
        state.waits = count_packets(home_.spool.folder(node.id, Way::Tx));
        state.came = count_packets(home_.spool.folder(node.id, Way::Rx));
        state.aside = count_packets(home_.spool.directory() / "quarantine" / to_base32(node.id));
        state.unacked = home_.routes.acks(node) ? home_.sent.waiting(node.id) : 0;
    }
    const std::lock_guard lock(mutex_);
    for (auto& [name, state] : seen) {
        state.heard = nodes_[name].heard;
        state.problem = nodes_[name].problem;
        nodes_[name] = state;
    }
}

std::map<std::string, NodeState> House::nodes() const {
    const std::lock_guard lock(mutex_);
    return nodes_;
}

std::size_t House::messages() const {
    const std::lock_guard lock(mutex_);
    return messages_;
}

std::string House::problem() const {
    const std::lock_guard lock(mutex_);
    return problem_;
}

}  // namespace waypost::nncp
