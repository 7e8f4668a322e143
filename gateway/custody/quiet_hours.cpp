// SPDX-License-Identifier: Apache-2.0
#include "gateway/custody/quiet_hours.h"

#include <array>
#include <cstdio>

#include "gateway/base/local_time.h"

namespace waypost {
namespace {

constexpr int kHour = 60;
constexpr int kDay = 24 * kHour;
constexpr milliseconds kJustSaid = std::chrono::minutes(15);  // an answer that late wakes him

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Takes "22", "06:30" or "6.30" off the front of `rest`.
std::optional<int> take_time(std::string_view& rest) {
    const auto number = [&](std::size_t most) {
        int value = -1;
        for (std::size_t i = 0; i < most && !rest.empty() && is_digit(rest.front()); ++i) {
            value = std::max(value, 0) * 10 + (rest.front() - '0');
            rest.remove_prefix(1);
        }
        return value;
    };
    const int hour = number(2);
    int minute = 0;
    if (!rest.empty() && (rest.front() == ':' || rest.front() == '.')) {
        rest.remove_prefix(1);
        const std::size_t before = rest.size();
        minute = number(2);
        if (before - rest.size() != 2) return std::nullopt;
    }
    const bool midnight = hour == 24 && minute == 0;
    if (hour < 0 || minute >= kHour || (hour > 23 && !midnight)) return std::nullopt;
    return (hour * kHour + minute) % kDay;
}

// The same for one person every night.
milliseconds after_the_end(const std::string& owner, std::chrono::minutes spread) {
    std::uint64_t hash = 1469598103934665603u;  // FNV-1a
    for (const char c : owner) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211u;
    const auto most = static_cast<std::uint64_t>(milliseconds(spread).count()) + 1;
    return milliseconds(static_cast<std::int64_t>(hash % most));
}

std::string reader_of(const Box& box, const Address& recipient) {
    return recipient.scheme == "person" ? recipient.value
                                        : box.directory.get()->owner_of(recipient);
}

bool just_asked_for(Ledger& ledger, const store::DeliveryRow& row, store::Kind kind) {
    return kind == store::Kind::Answer && ledger.now() - row.created_ms < kJustSaid.count();
}

}  // namespace

std::optional<QuietHours> parse_quiet(std::string_view text) {
    const auto from = take_time(text);
    if (!from || text.empty() || text.front() != '-') return std::nullopt;
    text.remove_prefix(1);
    const auto to = take_time(text);
    if (!to || !text.empty() || *from == *to) return std::nullopt;
    return QuietHours{*from, *to};
}

std::string to_string(const QuietHours& hours) {
    std::array<char, 16> text{};
    std::snprintf(text.data(), text.size(), "%02d:%02d-%02d:%02d", hours.from / kHour % 24,
                  hours.from % kHour, hours.to / kHour % 24, hours.to % kHour);
    return text.data();
}

std::optional<QuietHours> quiet_of(const Box& box, const std::string& owner) {
    const auto people = box.directory.get();
    const Person* person = people->find(owner);
    const bool his_own = person != nullptr && !person->row.quiet.empty();
    return parse_quiet(his_own ? person->row.quiet : box.settings->quiet);
}

std::optional<WallTime> quiet_end(const QuietHours& hours, WallTime now) {
    const int minute = minute_of_day(now);
    const bool over_midnight = hours.from > hours.to;
    const bool quiet = over_midnight ? minute >= hours.from || minute < hours.to
                                     : minute >= hours.from && minute < hours.to;
    if (!quiet) return std::nullopt;
    return next_minute_of_day(now, hours.to);
}

bool wait_for_quiet(Ledger& ledger, store::DeliveryRow& row) {
    const Box& box = ledger.box();
    if (!box.router.ordered(row.network) || row.priority == Priority::Alarm) return false;
    const std::string owner = reader_of(box, row.recipient);
    const auto hours = quiet_of(box, owner);
    const WallTime now = wall_from_ms(ledger.now());
    const auto end = hours ? quiet_end(*hours, now) : std::nullopt;
    if (!end) return false;
    const auto message = ledger.tables().messages.find(row.message);
    if (message && just_asked_for(ledger, row, message->kind)) return false;
    const milliseconds wait = *end - now + after_the_end(owner, box.settings->quiet_spread);
    row.due_box_ms = box.box_ms() + wait.count();
    if (message && message->kind == store::Kind::Answer) {
        // Not in the way of the answer to what he says next.
        ledger.defer(row, row.due_box_ms, "quiet", "quiet hours");
    } else {
        ledger.move(row, State::Deferred, ProofClass::Observed, "quiet", "quiet hours");
    }
    return true;
}

void quiet_changed(Ledger& ledger, const std::string& owner) {
    const auto& box = ledger.box();
    std::vector<std::string> names{person(owner).uri()};
    const auto people = box.directory.get();
    if (const Person* person = people->find(owner)) {
        for (const Address& endpoint : person->endpoints) names.push_back(endpoint.uri());
    }
    for (const std::string& network : box.router.ordered_networks()) {
        for (const std::string& name : names) {
            if (ledger.tables().deliveries.end_quiet(network, name, box.box_ms()) > 0)
                ledger.effects().networks.insert(network);
        }
    }
}

}  // namespace waypost
