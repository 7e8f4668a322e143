// SPDX-License-Identifier: Apache-2.0
#include "gateway/config/setting.h"

#include <algorithm>
#include <limits>
#include <stdexcept>

#include "gateway/config/config.h"

namespace waypost {
namespace {

struct Unit {
    std::string_view name;
    std::int64_t factor;
};

// Digits, then a unit of the table; -1 if it is anything else or too large.
template <std::size_t N>
std::int64_t with_unit(std::string_view text, const Unit (&units)[N]) {
    const std::size_t end = std::min(text.find_first_not_of("0123456789"), text.size());
    if (end == 0 || end > 15) return -1;
    const std::int64_t number = std::stoll(std::string(text.substr(0, end)));
    for (const Unit& unit : units) {
        if (unit.name == text.substr(end)) {
            if (number > std::numeric_limits<std::int64_t>::max() / unit.factor) return -1;
            return number * unit.factor;
        }
    }
    return -1;
}

}  // namespace

std::chrono::milliseconds parse_duration(std::string_view text) {
    static constexpr Unit kUnits[] = {
        {"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}};
    return std::chrono::milliseconds(with_unit(text, kUnits));
}

std::int64_t parse_bytes(std::string_view text) {
    static constexpr Unit kUnits[] = {{"", 1},          {"B", 1},
                                      {"KiB", 1 << 10}, {"MiB", 1 << 20},
                                      {"GiB", 1 << 30}, {"TiB", std::int64_t{1} << 40}};
    return with_unit(text, kUnits);
}

const Setting* setting_of(const Section& section, std::string_view key) {
    const auto found = std::find_if(section.settings.begin(), section.settings.end(),
                                    [&](const Setting& setting) { return setting.key == key; });
    return found == section.settings.end() ? nullptr : &*found;
}

SectionValues::SectionValues(const Section* section, std::string instance,
                             std::map<std::string, std::string, std::less<>> text,
                             std::map<std::string, std::vector<std::string>, std::less<>> lists)
    : section_(section),
      instance_(std::move(instance)),
      text_(std::move(text)),
      lists_(std::move(lists)) {}

const Setting& SectionValues::declared(std::string_view key) const {
    const Setting* setting = section_ == nullptr ? nullptr : setting_of(*section_, key);
    if (setting != nullptr) return *setting;
    throw std::logic_error("no setting " + std::string(key));
}

bool SectionValues::has(std::string_view key) const {
    if (declared(key).kind == Setting::Kind::List) return !list(key).empty();
    return !text(key).empty();
}

const std::string& SectionValues::text(std::string_view key) const {
    declared(key);
    static const std::string kEmpty;
    const auto found = text_.find(key);
    return found == text_.end() ? kEmpty : found->second;
}

std::int64_t SectionValues::integer(std::string_view key) const { return std::stoll(text(key)); }
bool SectionValues::boolean(std::string_view key) const { return text(key) == "true"; }
std::chrono::milliseconds SectionValues::duration(std::string_view key) const {
    return parse_duration(text(key));
}
std::int64_t SectionValues::bytes(std::string_view key) const { return parse_bytes(text(key)); }

const std::vector<std::string>& SectionValues::list(std::string_view key) const {
    declared(key);
    static const std::vector<std::string> kNone;
    const auto found = lists_.find(key);
    return found == lists_.end() ? kNone : found->second;
}

}  // namespace waypost
