// SPDX-License-Identifier: Apache-2.0
#include "gateway/health/records.h"

#include <algorithm>
#include <sstream>

#include "gateway/base/log.h"
#include "gateway/health/alerts.h"

namespace waypost {
namespace {

constexpr char kState[] = "health";  // by name: "since told open delivery delivery..."

std::string text_of(const TroubleRecord& record) {
    std::ostringstream out;
    out << record.since_box_ms << ' ' << record.told_box_ms << ' ' << (record.open ? 1 : 0);
    for (const DeliveryId each : record.told) out << ' ' << each;
    return out.str();
}

TroubleRecord record_of(const std::string& text) {
    TroubleRecord record;
    std::istringstream in(text);
    int open = 0;
    in >> record.since_box_ms >> record.told_box_ms >> open;
    record.open = open != 0;
    for (DeliveryId each = 0; in >> each;) record.told.push_back(each);
    return record;
}

std::optional<Finding> finding_of(const std::string& name) {
    const std::size_t space = name.find(' ');
    const auto trouble = trouble_named(name.substr(0, space));
    if (!trouble) return std::nullopt;
    Finding finding;
    finding.trouble = *trouble;
    if (space != std::string::npos) finding.of = name.substr(space + 1);
    return finding;
}

class Planner {
  public:
    Planner(const HealthFacts& facts, const HealthSettings& settings)
        : facts_(facts), settings_(settings) {}

    void found(const Finding& finding, std::optional<TroubleRecord> record) {
        bool changed = !record || record->since_box_ms == 0;
        TroubleRecord now = record.value_or(TroubleRecord{});
        if (changed || finding.lasts)
            now.since_box_ms = facts_.box_ms - finding.lasts.value_or(milliseconds(0)).count();
        const store::Ms counts_at = now.since_box_ms + finding.least.count();
        if (counts_at > facts_.box_ms) {
            look_again(counts_at);
        } else if (may_tell(now)) {
            step_.tellings.push_back(
                {finding, milliseconds(facts_.box_ms - now.since_box_ms), false});
            now.told_box_ms = facts_.box_ms;
            now.open = changed = true;
        }
        if (changed) step_.changed[finding.name()] = std::move(now);
    }

    void not_found(const std::string& name, TroubleRecord record) {
        const auto finding = finding_of(name);
        if (!finding || !is_watched(finding->trouble, finding->of, facts_, settings_)) {
            step_.changed[name] = std::nullopt;
            return;
        }
        if (!is_sure(finding->trouble, facts_)) return;
        if (record.open) {
            step_.tellings.push_back(
                {*finding, milliseconds(facts_.box_ms - record.since_box_ms), true});
        } else if (may_tell(record)) {
            step_.changed[name] = std::nullopt;
            return;
        }
        if (!record.open && record.since_box_ms == 0) return;
        record.open = false;
        record.since_box_ms = 0;
        step_.changed[name] = std::move(record);
    }

    HealthStep take() { return std::move(step_); }

  private:
    bool may_tell(const TroubleRecord& record) const {
        return record.told_box_ms == 0 ||
               facts_.box_ms - record.told_box_ms >= settings_.again.count();
    }
    void look_again(store::Ms at) {
        step_.next_box_ms = step_.next_box_ms ? std::min(*step_.next_box_ms, at) : at;
    }

    const HealthFacts& facts_;
    const HealthSettings& settings_;
    HealthStep step_;
};

void tell(Ledger& ledger, const HealthStep::Telling& telling, TroubleRecord& record) {
    const std::string& name = telling.finding.name();
    log(telling.over ? Level::Info : Level::Warning, "health", telling.over ? "over" : "trouble",
        {{"what", name}, {"why", telling.finding.detail}});
    if (telling.over) call_back(ledger, record.told);
    record.told = tell_operators(ledger, telling.finding, telling.lasted, telling.over);
    if (telling.over) record.told.clear();
}

}  // namespace

TroubleRecords trouble_records(store::Tables& tables) {
    TroubleRecords records;
    for (const auto& [name, text] : tables.state.with_prefix(kState, ""))
        records[name] = record_of(text);
    return records;
}

HealthStep next_step(const TroubleRecords& records, const std::vector<Finding>& findings,
                     const HealthFacts& facts, const HealthSettings& settings) {
    Planner planner(facts, settings);
    TroubleRecords rest = records;
    for (const Finding& finding : findings) {
        if (finding.trouble == Trouble::Store) continue;
        const auto known = rest.extract(finding.name());
        if (!is_sure(finding.trouble, facts)) continue;
        planner.found(finding,
                      known.empty() ? std::nullopt : std::optional(std::move(known.mapped())));
    }
    for (auto& [name, record] : rest) planner.not_found(name, std::move(record));
    return planner.take();
}

void take_step(Ledger& ledger, const std::vector<Finding>& findings, const HealthFacts& facts) {
    store::Tables& tables = ledger.tables();
    HealthStep step =
        next_step(trouble_records(tables), findings, facts, ledger.box().settings->health);
    for (const auto& telling : step.tellings)
        tell(ledger, telling, *step.changed.at(telling.finding.name()));
    for (const auto& [name, record] : step.changed) {
        if (record)
            tables.state.put(kState, name, text_of(*record));
        else
            tables.state.erase(kState, name);
    }
}

}  // namespace waypost
