// SPDX-License-Identifier: Apache-2.0
#include <strings.h>

#include <charconv>
#include <span>
#include <string>

#include "bridges/nncp/online/cron.h"

namespace waypost::nncp {
namespace {

constexpr std::size_t kMostBytes = 256;
constexpr int kLastYear = 2099;
constexpr const char* kMonths[] = {"JAN", "FEB", "MAR", "APR", "MAY", "JUN",
                                   "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"};
constexpr const char* kWeekdays[] = {"SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"};

struct Field {
    const char* what;
    int least, most;
    std::span<const char* const> names{};
    int first_name = 0;
};

Error wrong(const Field& field, std::string_view text) {
    return bad_input(std::string("cron: \"") + std::string(text) + "\" is no " + field.what);
}

std::vector<std::string_view> split(std::string_view text, std::string_view at) {
    std::vector<std::string_view> parts;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find_first_of(at), text.size());
        if (end > 0 || at == ",") parts.push_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return parts;
}

// Without a step and letters: "7", "MON".
std::optional<int> value_of(const Field& field, std::string_view text) {
    int value = -1;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error == std::errc() && end == text.data() + text.size())
        return value >= field.least && value <= field.most ? std::optional(value) : std::nullopt;
    int at = field.first_name;
    for (const char* name : field.names) {
        const std::string word(name);
        if (text.size() == 3 && ::strncasecmp(text.data(), word.c_str(), 3) == 0) return at;
        ++at;
    }
    return std::nullopt;
}

// "*", "4", "MON-FRI", "*/10", "5/10", "5-40/10": calls `set` with each value.
template <class Setter>
Result<void> read_range(const Field& field, std::string_view text, const Setter& set) {
    int step = 1;
    std::string_view range = text;
    const std::size_t slash = text.find('/');
    if (slash != std::string_view::npos) {
        const auto given = value_of({"", 1, field.most}, text.substr(slash + 1));
        if (!given) return wrong(field, text);
        step = *given;
        range = text.substr(0, slash);
    }
    std::optional<int> from, to;
    const std::size_t dash = range.find('-');
    if (range == "*" || range == "?") {
        from = field.least;
        to = field.most;
    } else if (dash != std::string_view::npos) {
        from = value_of(field, range.substr(0, dash));
        to = value_of(field, range.substr(dash + 1));
    } else {
        from = to = value_of(field, range);
        if (slash != std::string_view::npos) to = field.most;
    }
    if (!from || !to || *from > *to) return wrong(field, text);
    for (int value = *from; value <= *to; value += step) set(value);
    return {};
}

const Field kSecond{"second", 0, 59};
const Field kMinute{"minute", 0, 59};
const Field kHour{"hour", 0, 23};
const Field kDayOfMonth{"day of the month", 1, 31};
const Field kMonth{"month", 1, 12, kMonths, 1};
const Field kWeekday{"day of the week", 0, 7, kWeekdays, 0};
const Field kYear{"year", 1970, kLastYear};

std::string_view macro(std::string_view name) {
    constexpr std::pair<std::string_view, std::string_view> kAll[] = {
        {"@hourly", "0 * * * *"},   {"@daily", "0 0 * * *"},   {"@midnight", "0 0 * * *"},
        {"@weekly", "0 0 * * 0"},   {"@monthly", "0 0 1 * *"}, {"@yearly", "0 0 1 1 *"},
        {"@annually", "0 0 1 1 *"},
    };
    for (const auto& [each, meaning] : kAll)
        if (each == name) return meaning;
    return name;
}

}  // namespace

class CronReader {
  public:
    Result<Cron> read(std::string_view expression) {
        auto fields = split(macro(expression), " \t");
        if (fields.size() < 5 || fields.size() > 7)
            return bad_input("cron: five, six or seven fields");
        if (fields.size() < 7) fields.insert(fields.begin(), "0");
        if (fields.size() < 7) fields.push_back("*");
        const std::pair<Cron::Set*, const Field*> simple[] = {
            {&cron_.seconds_, &kSecond}, {&cron_.minutes_, &kMinute}, {&cron_.hours_, &kHour}};
        for (std::size_t i = 0; i < 3; ++i)
            if (const auto r = fill(*simple[i].first, *simple[i].second, fields[i]); !r.ok())
                return r.error();
        if (const auto r = days(fields[3]); !r.ok()) return r.error();
        if (const auto r = fill(cron_.months_, kMonth, fields[4]); !r.ok()) return r.error();
        if (const auto r = weekdays(fields[5]); !r.ok()) return r.error();
        if (const auto r = years(fields[6]); !r.ok()) return r.error();
        return cron_;
    }

  private:
    static Result<void> fill(Cron::Set& set, const Field& field, std::string_view text) {
        for (const auto part : split(text, ",")) {
            const auto read = read_range(
                field, part, [&set](int value) { set.set(static_cast<std::size_t>(value)); });
            if (!read.ok()) return read;
        }
        return {};
    }

    static bool any(std::string_view text) { return text == "*" || text == "?"; }

    Result<void> days(std::string_view text) {
        cron_.any_day_ = any(text);
        for (const auto part : split(text, ",")) {
            if (part == "L") {
                cron_.last_day_ = true;
            } else if (part == "LW" || part == "WL") {
                cron_.near_.push_back(0);
            } else if (part.ends_with('W')) {
                const auto day = value_of(kDayOfMonth, part.substr(0, part.size() - 1));
                if (!day) return wrong(kDayOfMonth, part);
                cron_.near_.push_back(*day);
            } else if (const auto read = fill(cron_.days_, kDayOfMonth, part); !read.ok()) {
                return read;
            }
        }
        return {};
    }

    Result<void> weekdays(std::string_view text) {
        cron_.any_weekday_ = any(text);
        for (const auto part : split(text, ",")) {
            const std::size_t mark = part.find('#');
            if (mark != std::string_view::npos) {
                const auto day = value_of(kWeekday, part.substr(0, mark));
                const auto which = value_of({"", 1, 5}, part.substr(mark + 1));
                if (!day || !which) return wrong(kWeekday, part);
                cron_.of_week_.push_back({*day % 7, *which});
            } else if (part.size() > 1 && part.ends_with('L')) {
                const auto day = value_of(kWeekday, part.substr(0, part.size() - 1));
                if (!day) return wrong(kWeekday, part);
                cron_.of_week_.push_back({*day % 7, 0});
            } else if (const auto read = fill(cron_.weekdays_, kWeekday, part); !read.ok()) {
                return read;
            }
        }
        if (cron_.weekdays_[7]) cron_.weekdays_.set(0);
        return {};
    }

    Result<void> years(std::string_view text) {
        if (any(text)) return {};
        cron_.years_.assign(kLastYear - 1970 + 1, false);
        for (const auto part : split(text, ",")) {
            const auto read = read_range(kYear, part, [this](int year) {
                cron_.years_[static_cast<std::size_t>(year - 1970)] = true;
            });
            if (!read.ok()) return read;
        }
        return {};
    }

    Cron cron_;
};

Result<Cron> Cron::parse(std::string_view expression) {
    if (expression.size() > kMostBytes) return bad_input("cron: too long");
    return CronReader().read(expression);
}

}  // namespace waypost::nncp
