// SPDX-License-Identifier: Apache-2.0
#include "gateway/delivery/health_watch.h"

#include <algorithm>

namespace waypost {
namespace {

constexpr store::Ms kFresh = 1000;
constexpr int kOldest = 1000;  // deliveries that are looked at for the oldest letter
constexpr milliseconds kStoreFailed = std::chrono::minutes(1);
// State: "made", box time; "failed", why; "planned", box time, of [backup] (app/backup_keeper.h).
constexpr char kBackups[] = "backups";

// What waits though nothing outside this box is in its way: for the air, or for a server that does
// not answer. Not for a radio that is off, nor for a server that says "later" of one mailbox.
bool waits_for_us(const store::DeliveryRow& row) {
    if (row.state == State::Ready) return true;
    return row.state == State::Deferred && (row.code == kNoAirtime || row.code == "connection");
}

// By the index of what expires first: letters expire in the order in which they came, but for those
// whose sender said otherwise.
std::map<std::string, store::Ms> oldest_letters(store::Tables& tables, const Box& box) {
    std::map<std::string, store::Ms> oldest;
    const store::Ms end = box.wall_ms() + milliseconds(box.settings->expiry).count();
    for (const store::DeliveryRow& row : tables.deliveries.expired(end, kOldest)) {
        if (row.priority != Priority::Normal || !waits_for_us(row)) continue;
        const auto known = oldest.find(row.network);
        if (known != oldest.end() && known->second <= row.created_ms) continue;
        const auto message = tables.messages.find(row.message);
        if (message && message->kind == store::Kind::Letter) oldest[row.network] = row.created_ms;
    }
    return oldest;
}

void read_store(store::Tables& tables, const Box& box, HealthFacts& facts) {
    facts.oldest_letter = oldest_letters(tables, box);
    if (const auto made = tables.state.get(kBackups, "made"))
        facts.backup_box_ms = std::stoll(*made);
    // Where the box is to make them itself, the time counts from when that was set.
    else if (const auto planned = tables.state.get(kBackups, "planned"))
        facts.backup_box_ms = std::stoll(*planned);
    facts.backup_problem = tables.state.get(kBackups, "failed").value_or("");
    for (const Neighbour& each : box.neighbours.all()) {
        const store::Ms heard = tables.neighbours.get(each.name).heard_ms;
        if (heard > 0) facts.heard_ms[each.name] = heard;
    }
}

}  // namespace

const char* to_string(Health health) {
    switch (health) {
        case Health::Ok:
            return "ok";
        case Health::Degraded:
            return "degraded";
        case Health::Down:
            return "down";
    }
    return "";
}

// A device that was pulled out is down. For a while after a start (`age`) so is what was told as
// down before: it may be found again, and then it is over. What the settings have no more ends
// without a word.
void HealthWatch::add_ways(HealthFacts& facts, const TroubleRecords& records, store::Ms age) {
    std::set<TransportId> gone;
    if (sources_.pulled_out) gone = sources_.pulled_out();
    if (age < office_.box().settings->health.way_down.count()) {
        const std::string begin = std::string(to_string(Trouble::Way)) + ' ';
        for (const auto& [name, record] : records) {
            if (record.open && name.rfind(begin, 0) == 0) gone.insert(name.substr(begin.size()));
        }
    }
    for (const auto& transport : office_.transports().all()) {
        facts.ways.push_back({transport->id(), transport->network(), transport->status()});
        gone.erase(transport->id());
    }
    for (const TransportId& id : gone) {
        Status status;
        status.why = "it is not plugged in";
        facts.ways.push_back({id, {}, status});
    }
}

HealthWatch::Seen HealthWatch::see(Memory& memory) {
    const Box& box = office_.box();
    Seen seen;
    HealthFacts& facts = seen.facts;
    facts.wall_ms = box.wall_ms();
    facts.box_ms = box.box_ms();
    if (!memory.began_box_ms) memory.began_box_ms = facts.box_ms;
    facts.disk_free = box.store.bodies().free_bytes();
    facts.disk_full = office_.disk_full();
    facts.store_problem = office_.store_problem();
    facts.clock_doubt = office_.time_doubt();
    if (sources_.settings_problem) facts.settings_problem = sources_.settings_problem();
    facts.power = power();
    if (sources_.certificate_ends_ms) facts.certificate_ends_ms = sources_.certificate_ends_ms();
    const auto read = box.store.read([&](store::Tables& tables) {
        seen.records = trouble_records(tables);
        read_store(tables, box, facts);
        return 0;
    });
    if (!read.ok() && facts.store_problem.empty()) facts.store_problem = read.error().text;
    add_ways(facts, seen.records, facts.box_ms - *memory.began_box_ms);
    if (!facts.store_problem.empty() && !memory.store_fails_since)
        memory.store_fails_since = facts.box_ms;
    seen.findings = find_troubles(facts, box.settings->health);
    return seen;
}

// What cannot be written cannot be told either, as long as it is so.
void HealthWatch::tell_store_failed(milliseconds lasted) {
    if (lasted < kStoreFailed || office_.box().settings->health.off.count(Trouble::Store) > 0)
        return;
    office_.submit_change(
        [lasted](Ledger& ledger) {
            Finding finding;
            finding.trouble = Trouble::Store;
            tell_operators(ledger, finding, lasted, true);
        },
        {});
}

HealthWatch::Memory HealthWatch::memory() {
    const std::lock_guard lock(mutex_);
    return memory_;
}

std::optional<store::Ms> HealthWatch::look() {
    Memory now = memory();
    const Seen seen = see(now);
    const bool writes = seen.facts.store_problem.empty();
    if (writes && now.store_fails_since)
        tell_store_failed(milliseconds(seen.facts.box_ms - *now.store_fails_since));
    if (writes) now.store_fails_since.reset();
    {
        const std::lock_guard lock(mutex_);
        memory_ = std::move(now);
    }
    if (!writes) return std::nullopt;
    const HealthStep step =
        next_step(seen.records, seen.findings, seen.facts, office_.box().settings->health);
    if (!step.changed.empty())
        office_.submit_change([findings = seen.findings, facts = seen.facts](
                                  Ledger& ledger) { take_step(ledger, findings, facts); },
                              {});
    return step.next_box_ms;
}

HealthReport HealthWatch::report() {
    const store::Ms now = office_.box().box_ms();
    {
        const std::lock_guard lock(mutex_);
        if (report_ && now - reported_box_ms_ < kFresh) return *report_;
    }
    Memory copy = memory();
    Seen seen = see(copy);
    const std::lock_guard lock(mutex_);
    report_ = report_of(std::move(seen), copy);
    reported_box_ms_ = now;
    return *report_;
}

HealthReport HealthWatch::report_of(Seen seen, const Memory& memory) const {
    const store::Ms now = seen.facts.box_ms;
    HealthReport report;
    for (const Finding& finding : seen.findings) {
        if (!is_sure(finding.trouble, seen.facts)) continue;
        std::optional<store::Ms> since;
        const auto record = seen.records.find(finding.name());
        if (record != seen.records.end() && record->second.since_box_ms > 0)
            since = record->second.since_box_ms;
        if (finding.trouble == Trouble::Store) since = memory.store_fails_since;
        const milliseconds lasts = finding.lasts.value_or(milliseconds(now - since.value_or(now)));
        if (lasts < finding.least) continue;
        report.matters.push_back({finding.trouble, finding.of, finding.detail, finding.grave,
                                  seen.facts.wall_ms - lasts.count()});
        report.health = std::max(report.health, finding.grave ? Health::Down : Health::Degraded);
    }
    report.facts = std::move(seen.facts);
    return report;
}

Result<std::vector<AlertEnds>> HealthWatch::told() {
    return office_.box().store.read(
        [&](store::Tables& tables) { return alert_ends(tables, office_.box()); });
}

void note_backup(GatewayOffice& office, const Result<void>& made) {
    const std::string at = std::to_string(office.box().box_ms());
    const std::string why = made.ok() ? std::string() : made.error().text;
    office.submit_change(
        [at, why](Ledger& ledger) {
            store::StateTable& state = ledger.tables().state;
            if (why.empty()) {
                state.put(kBackups, "made", at);
                state.erase(kBackups, "failed");
            } else {
                state.put(kBackups, "failed", why);
            }
        },
        {});
}

}  // namespace waypost
