// SPDX-License-Identifier: Apache-2.0
#include "app/care_acts.h"

#include <algorithm>

#include "gateway/base/local_time.h"
#include "gateway/base/log_tail.h"
#include "gateway/delivery/desk_stolen.h"
#include "gateway/message/text.h"

namespace waypost {
namespace {

constexpr std::size_t kWhyBytes = 40;  // of what is down
constexpr std::size_t kStatusBytes = 400;
constexpr std::size_t kLineBytes = 160;  // of the log
constexpr std::size_t kTimeLetters = 5;  // "14:05", behind the date

std::string ways_of(const BoxReport& report) {
    std::size_t up = 0;
    std::string down;
    for (const TransportReport& each : report.transports) {
        if (each.status.up) {
            ++up;
            continue;
        }
        down += (down.empty() ? "; down: " : ", ") + each.id;
        if (!each.status.why.empty()) down += " (" + one_line(each.status.why, kWhyBytes) + ')';
    }
    return std::to_string(up) + " of " + std::to_string(report.transports.size()) + " ways up" +
           down;
}

std::string queue_of(const BoxReport& report) {
    std::int64_t held = 0, waiting = 0;
    for (const store::Count& each : report.counts)
        (each.state == State::Held ? held : waiting) += each.count;
    return std::to_string(waiting) + " wait, " + std::to_string(held) + " held";
}

std::string line_of(const LogLine& line) {
    const std::string when = local_date_time(line.at_ms);
    std::string text = when.size() > kTimeLetters ? when.substr(when.size() - kTimeLetters) : when;
    text += std::string(" ") + to_string(line.level) + ' ' + line.component + ' ' + line.event;
    for (const auto& [key, value] : line.fields) text += ' ' + key + '=' + value;
    return one_line(text, kLineBytes);
}

class BoxActs final : public CareActs {
  public:
    BoxActs(Desk& desk, CareTools tools) : desk_(desk), tools_(std::move(tools)) {}

    std::string status() override {
        const BoxReport report = desk_.status();
        std::string text = report.domain + ' ' + WAYPOST_VERSION + ": " + ways_of(report) + "; " +
                           queue_of(report) + "; " + std::to_string(report.disk_free / (1u << 20)) +
                           " MiB free";
        if (!report.store_problem.empty()) text += "; store: " + report.store_problem;
        if (!report.time_doubt.empty()) text += "; clock in doubt";
        return one_line(text, kStatusBytes);
    }

    std::string log(std::size_t lines, const std::string& component) override {
        auto all = log_tail().after(0);
        if (!component.empty())
            std::erase_if(all, [&](const LogLine& line) { return line.component != component; });
        std::string text;
        for (std::size_t i = all.size() - std::min(lines, all.size()); i < all.size(); ++i)
            text += (text.empty() ? "" : "\n") + line_of(all[i]);
        return text.empty() ? "no line" : text;
    }

    Result<Done> restart(const std::string& transport) override {
        if (desk_.office().transports().find(transport)) return tools_.restart(transport);
        std::string there;
        for (const auto& each : desk_.office().transports().all())
            there += (there.empty() ? "" : ", ") + each->id();
        return Error{Code::NotFound, "there is no " + transport + " here, only " + there, false};
    }

    Result<Done> update(const std::string& name) override {
        if (!tools_.start_update) return Error{Code::NotFound, "no update is offered here", false};
        return tools_.start_update(name);
    }

    Result<Done> stolen(const std::string& neighbour, const std::string& who) override {
        const auto held = say_stolen(desk_.office(), neighbour, "care:" + who);
        if (!held.ok()) return held.error();
        std::string text =
            "the keys of " + neighbour + " are revoked, " + std::to_string(*held) + " held for it";
        if (!tools_.open_anew) text += "; its links end with the next start";
        return Done{std::move(text), tools_.open_anew};
    }

  private:
    Desk& desk_;
    const CareTools tools_;
};

}  // namespace

std::unique_ptr<CareActs> care_acts(Desk& desk, CareTools tools) {
    return std::make_unique<BoxActs>(desk, std::move(tools));
}

}  // namespace waypost
