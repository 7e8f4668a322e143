// SPDX-License-Identifier: Apache-2.0
#include "bridges/exec/session.h"

#include <utility>

#include "gateway/base/log.h"
#include "gateway/message/text.h"

namespace waypost::exec {
namespace {

constexpr std::size_t kWireIdBytes = 8;
constexpr std::size_t kLogBytes = 200;
constexpr BucketSize kRemarks{30, 600};  // lines of a program that are logged: at once, in an hour
constexpr char kDown[] = "down";         // code of what the program never got
constexpr char kNoReport[] = "no report";

}  // namespace

Session::Session(Office& office, SessionOptions options, Write write, std::function<void()> changed)
    : office_(office),
      options_(std::move(options)),
      write_(std::move(write)),
      changed_(std::move(changed)),
      talks_(office.state(options_.id), kMostTalks, office.clock().wall()),
      shelf_(options_.folder, options_.originals, options_.room),
      remarks_(kRemarks.most) {}

void Session::started() {
    int run = 0;
    const bool has_shelf = clear_shelf();
    {
        const Lock lock(mutex_);
        has_shelf_ = has_shelf;
        run = ++run_;
        running_ = true;
        hello_until_ = options_.now() + options_.hello_within;
        hello_.reset();
        condition_ = {};
        bad_in_a_row_ = 0;
        fault_.clear();
    }
    say(run, hello_line(options_.scheme, office_.domain(), office_.village(),
                        has_shelf ? options_.folder : std::string()));
}

void Session::say(int run, const std::string& line) {
    const Lock lock(mutex_);
    if (running_ && run == run_) write_(line);
}

void Session::line(std::string_view text) {
    if (is_blank(text) || is_at_fault()) return;
    auto said = parse_line(text);
    if (!said.ok()) return bad(said.error().text);
    {
        Lock lock(mutex_);
        if (!hello_ && !std::holds_alternative<Hello>(*said) &&
            !std::holds_alternative<Remark>(*said)) {
            lock.unlock();
            return bad("say hello first: {\"hello\":1}");
        }
        bad_in_a_row_ = 0;
    }
    std::visit([this](auto& each) { on(std::move(each)); }, *said);
}

void Session::line_too_long() {
    bad("a line has at most " + std::to_string(kMostLineBytes) + " bytes: it was not read");
}

bool Session::is_at_fault() const {
    const Lock lock(mutex_);
    return !fault_.empty();
}

void Session::bad(const std::string& why) {
    int run = 0;
    bool first = false;
    {
        const Lock lock(mutex_);
        run = run_;
        ++counters_.bad_lines;
        first = bad_in_a_row_ == 0;
        if (++bad_in_a_row_ >= kMostBadLines)
            fault_ = "said nothing that can be understood, " + std::to_string(kMostBadLines) +
                     " lines in a row: " + why;
    }
    if (first) remark("bad line: " + why);
    say(run, error_line(why));
}

void Session::on(Hello said) {
    if (!said.scheme.empty() && said.scheme != options_.scheme) {
        const Lock lock(mutex_);
        fault_ = "is a program for " + said.scheme + ": addresses; the settings say scheme = \"" +
                 options_.scheme + '"';
        return;
    }
    {
        const Lock lock(mutex_);
        hello_ = std::move(said);
    }
    set_up(true, {});
}

void Session::set_up(bool up, const std::string& why) {
    if (up_.exchange(up) != up)
        log(up ? Level::Info : Level::Warning, "exec", up ? "up" : "down",
            {{"transport", options_.id}, {"why", why}});
    if (up) office_.wake(options_.id);
}

void Session::on(Condition said) {
    const bool up = said.up;
    if (!up && said.why.empty()) said.why = "its program says so";
    const std::string why = said.why;
    {
        const Lock lock(mutex_);
        condition_ = std::move(said);
    }
    set_up(up, why);
}

void Session::on(Remark said) { remark(said.text); }

void Session::remark(const std::string& text) {
    {
        const Lock lock(mutex_);
        if (!remarks_.take(kRemarks, 1, to_ms(office_.clock().box()))) return;
    }
    log(Level::Info, "exec", "said",
        {{"transport", options_.id}, {"text", one_line(clean_utf8(text), kLogBytes)}});
}

void Session::on(Reported said) {
    Outcome became = std::move(said.outcome);
    AttemptId attempt;
    {
        Lock lock(mutex_);
        const auto found = in_hand_.find(said.number);
        if (found == in_hand_.end() || !found->second.handed) {
            lock.unlock();
            return bad("no delivery " + std::to_string(said.number) +
                       " waits for a report; what is known of it later is a proof");
        }
        attempt = found->second.attempt;
        in_hand_.erase(found);
        settled_.push_back(said.number);
        if (became.kind == Outcome::Kind::Failed) ++counters_.failed;
        if (became.kind == Outcome::Kind::Sent || became.kind == Outcome::Kind::Delivered)
            ++counters_.sent;
    }
    if (became.code.empty()) became.code = options_.scheme;
    office_.report(attempt, std::move(became));
}

void Session::on(Proven said) {
    int run = 0;
    {
        const Lock lock(mutex_);
        run = run_;
        ++open_;
    }
    if (said.proof.code.empty()) said.proof.code = options_.scheme;
    office_.proof(options_.id, said.wire_id, said.proof,
                  [self = shared_from_this(), run, wire_id = said.wire_id](bool kept) {
                      self->say(run, proved_line(wire_id, kept));
                      self->answered();
                  });
}

void Session::answered() {
    {
        const Lock lock(mutex_);
        --open_;
    }
    changed_();
}

void Session::deliver(Delivery delivery) {
    const AttemptId attempt = delivery.attempt;
    if (const std::string why = too_long(delivery); !why.empty()) {
        {
            const Lock lock(mutex_);
            ++counters_.failed;
        }
        return office_.report(attempt, outcome(Outcome::Kind::Failed, "too long", why));
    }
    const WireId wire_id =
        delivery.wire_id ? *delivery.wire_id : office_.random().hex(kWireIdBytes);
    int run = 0;
    std::int64_t number = 0;
    bool with_files = false;
    {
        const Lock lock(mutex_);
        if (running_ && up_ && !stopping_) {
            run = run_;
            number = ++last_number_;
            in_hand_[number] = {attempt, wire_id};
            if (delivery.wire_id) ++counters_.repeats;
            with_files = takes_files(delivery);
        }
    }
    if (number == 0)
        return office_.report(attempt,
                              outcome(Outcome::Kind::NotTried, kDown, "its program is not up"));
    if (!delivery.author.empty())
        talks_.talked(delivery.to, delivery.author, office_.clock().wall());
    if (!with_files) return hand(run, number, wire_id, delivery, {});
    {
        const Lock lock(mutex_);
        packed_.push_back({run, number, wire_id, std::move(delivery)});
    }
    changed_();
}

void Session::hand(int run, std::int64_t number, const WireId& wire_id, const Delivery& delivery,
                   const std::vector<OfferedFile>& files) {
    const std::string line =
        deliver_line(number, wire_id, delivery.wire_id.has_value(), delivery, files);
    office_.begin(delivery.attempt, wire_id,
                  [self = shared_from_this(), run, number, line](bool go) {
                      self->begun(run, number, go, line);
                  });
}

std::string Session::too_long(const Delivery& delivery) const {
    std::size_t most = kMostTextBytes;
    {
        const Lock lock(mutex_);
        if (hello_ && hello_->message_bytes > 0) most = hello_->message_bytes;
    }
    if (delivery.text.size() <= most) return {};
    return "too long for " + options_.scheme + ": " + std::to_string(delivery.text.size()) +
           " bytes, at most " + std::to_string(most) + " go";
}

// A program that ended meanwhile has reported all that it had in hand.
void Session::begun(int run, std::int64_t number, bool go, const std::string& line) {
    std::optional<AttemptId> back;
    {
        const Lock lock(mutex_);
        const auto found = in_hand_.find(number);
        if (found == in_hand_.end()) return;
        const bool there = running_ && run == run_;
        if (go && there) {
            found->second.handed = true;
            found->second.until = options_.now() + options_.report_within;
            write_(line);
        } else {
            if (go && !stopping_) back = found->second.attempt;
            if (!go || back) {
                in_hand_.erase(found);
                settled_.push_back(number);
            }
        }
    }
    if (back)
        office_.report(*back, outcome(Outcome::Kind::NotTried, kDown, "its program has ended"));
    changed_();
}

void Session::ended() {
    std::vector<AttemptId> lost;
    std::deque<Packed> packed;
    {
        const Lock lock(mutex_);
        running_ = false;
        if (!stopping_) packed.swap(packed_);
        hello_.reset();
        condition_ = {};
        for (auto each = in_hand_.begin(); !stopping_ && each != in_hand_.end();) {
            if (!each->second.handed) {
                ++each;  // begun() sees to it
                continue;
            }
            lost.push_back(each->second.attempt);
            each = in_hand_.erase(each);
        }
    }
    up_ = false;
    (void)clear_shelf();
    for (const Packed& each : packed) not_unpacked(each.number, "its program has ended");
    for (const AttemptId& attempt : lost)
        office_.report(attempt, outcome(Outcome::Kind::Unknown, kNoReport,
                                        "its program ended before it reported"));
}

void Session::stop() {
    const Lock lock(mutex_);
    stopping_ = true;
}

void Session::give_back() {
    std::map<std::int64_t, InHand> left;
    {
        const Lock lock(mutex_);
        left.swap(in_hand_);
    }
    for (const auto& [number, each] : left)
        office_.report(each.attempt,
                       outcome(each.handed ? Outcome::Kind::Unknown : Outcome::Kind::NotTried,
                               "stopped", "it was stopped"));
}

bool Session::may_read() const {
    const Lock lock(mutex_);
    return open_ < kMostOpen;
}

std::optional<std::string> Session::look() {
    std::vector<AttemptId> overdue;
    std::string why;
    {
        const Lock lock(mutex_);
        const Steady now = options_.now();
        for (auto each = in_hand_.begin(); each != in_hand_.end();) {
            if (!each->second.handed || each->second.until > now) {
                ++each;
                continue;
            }
            overdue.push_back(each->second.attempt);
            settled_.push_back(each->first);
            each = in_hand_.erase(each);
        }
        if (running_ && !hello_ && hello_until_ <= now) fault_ = "said no hello in time";
        why = fault_;
    }
    for (const AttemptId& attempt : overdue)
        office_.report(attempt, outcome(Outcome::Kind::Unknown, kNoReport,
                                        "its program has not said what became of it"));
    return why.empty() ? std::nullopt : std::optional(why);
}

std::optional<Session::Steady> Session::next_look() const {
    const Lock lock(mutex_);
    std::optional<Steady> first;
    const auto not_after = [&](Steady at) { first = first ? std::min(*first, at) : at; };
    if (running_ && !hello_) not_after(hello_until_);
    for (const auto& [number, each] : in_hand_)
        if (each.handed) not_after(each.until);
    return first;
}

int Session::window() const {
    const Lock lock(mutex_);
    return hello_ ? hello_->window : 1;
}

Condition Session::condition() const {
    const Lock lock(mutex_);
    return condition_;
}

SessionCounters Session::counters() const {
    const Lock lock(mutex_);
    SessionCounters all = counters_;
    all.waiting = in_hand_.size();
    return all;
}

}  // namespace waypost::exec
