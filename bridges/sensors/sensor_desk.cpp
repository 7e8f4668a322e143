// SPDX-License-Identifier: Apache-2.0
#include "bridges/sensors/sensor_desk.h"

#include <algorithm>

#include "gateway/asked_values.h"
#include "gateway/base/log.h"

namespace waypost::sensors {
namespace {

constexpr char kRule[] = "rule/";

}  // namespace

SensorDesk::SensorDesk(DeskOptions options, TransportId id, Office& office, Command command)
    : options_(std::move(options)),
      id_(std::move(id)),
      office_(office),
      command_(std::move(command)),
      sensors_(options_.rules.size()) {
    const auto kept = office_.state(id_).with_prefix(kRule);
    for (std::size_t i = 0; i < options_.rules.size(); ++i) {
        const auto found = kept.find(kRule + options_.rules[i].name);
        if (found != kept.end()) sensors_[i].watch = Watch::load(found->second);
    }
}

// What was told is on record under the name of its episode before the record says that it was: a
// kill between them tells nothing twice, for the broker brings the same reading again.
bool SensorDesk::take(const Reading& reading) {
    const Rule& rule = options_.rules.at(reading.rule);
    remember(reading.rule, reading.value);
    Watch& watch = sensors_[reading.rule].watch;
    const Watch::Did did = watch.look(rule, reading.value, office_.clock().box());
    TransportState& state = office_.state(id_);
    if (did != Watch::Did::Nothing) {
        state.put(kRule + rule.name, watch.save_untold());
        const bool over = did == Watch::Did::Over;
        const std::string text = fill(over ? rule.over : rule.text, rule, reading.value);
        const std::string origin = rule.name + '-' + watch.episode() + (over ? "-over" : "");
        if (!text.empty() && !tell(rule, text, origin, rule.alarm && !over)) {
            watch.forget();
            return false;
        }
        if (did != Watch::Did::Again && command_) command_(rule, !over);
        log(Level::Info, "sensors", over ? "over" : "told",
            {{"id", id_}, {"sensor", rule.name}, {"value", number_text(reading.value)}});
    }
    if (watch.changed()) state.put(kRule + rule.name, watch.save());
    watch.commit();
    return true;
}

bool SensorDesk::tell(const Rule& rule, const std::string& text, const std::string& origin,
                      bool alarm) {
    Message message;
    message.transport = id_;
    message.origin_id = origin;
    message.text = text;
    message.privacy = Privacy::Here;
    if (alarm) {
        Message cry = message;
        cry.from = {"sensor", rule.name};
        cry.network = "sensor";
        cry.alert = true;
        if (!hand_over(std::move(cry), rule)) return false;
    }
    if (rule.to.empty()) return true;
    message.from = mailto(options_.speaks_for, office_.domain());
    message.submitted = true;
    message.network = "local";  // it is no sign of life of who speaks for the sensor
    for (const std::string& to : rule.to)
        message.to.push_back(to.front() == '#' ? group(to.substr(1)) : person(to));
    return hand_over(std::move(message), rule);
}

bool SensorDesk::hand_over(Message message, const Rule& rule) {
    const auto verdicts = office_.accept_and_wait(std::move(message));
    for (const Verdict& each : verdicts) {
        if (each.kind == Verdict::Kind::Later && each.reason != Verdict::Reason::QuotaFull)
            return false;
        if (each.kept()) continue;
        ++refused_;
        log(Level::Warning, "sensors", "refused",
            {{"id", id_}, {"sensor", rule.name}, {"why", each.text}});
    }
    ++told_;
    return true;
}

void SensorDesk::remember(std::size_t rule, double value) {
    const std::lock_guard lock(mutex_);
    const std::string& unit = options_.rules[rule].unit;
    sensors_[rule].last = std::to_string(to_ms(office_.clock().wall())) + ' ' + number_text(value) +
                          (unit.empty() ? "" : ' ' + unit);
    sensors_[rule].unwritten = true;
}

void SensorDesk::tick() {
    std::vector<std::pair<std::string, std::string>> news;
    {
        const std::lock_guard lock(mutex_);
        for (std::size_t i = 0; i < sensors_.size(); ++i) {
            const std::string& ask = options_.rules[i].ask;
            if (std::exchange(sensors_[i].unwritten, false) && !ask.empty())
                news.emplace_back(ask, sensors_[i].last);
        }
    }
    for (auto& [ask, last] : news) office_.state(kAskedValues).put(ask, std::move(last));
}

std::map<std::string, std::string> SensorDesk::last_values() const {
    const std::lock_guard lock(mutex_);
    std::map<std::string, std::string> all;
    for (std::size_t i = 0; i < sensors_.size(); ++i) {
        const std::string& last = sensors_[i].last;
        all[options_.rules[i].name] =
            last.empty() ? "nothing came yet" : last.substr(last.find(' ') + 1);
    }
    return all;
}

}  // namespace waypost::sensors
