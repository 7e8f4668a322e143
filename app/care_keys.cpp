// SPDX-License-Identifier: Apache-2.0
#include "app/care_keys.h"

#include <array>
#include <stdexcept>

namespace waypost {
namespace {

using Kind = Setting::Kind;

constexpr std::array kSettings = {
    Setting{"key", Kind::Text, "", "", "", "the public key that `waypost care keygen` printed",
            true},
    Setting{"may", Kind::List, "status", "", "",
            "what it may have done: status, log, restart, update, stolen", false},
    Setting{"answers_to", Kind::Text, "", "", "",
            "where answers go, a mail address; empty: to whoever sent the command", false},
};
constexpr Section kSection{"care", true,
                           "An operator's key: this box does what he signs from afar.", kSettings};

[[noreturn]] void wrong(const SectionValues& values, const std::string& why) {
    throw std::runtime_error("[care." + values.instance() + "] " + why);
}

}  // namespace

const Section& care_section() { return kSection; }

std::vector<CareKey> care_keys(const Config& config) {
    std::vector<CareKey> all;
    for (const SectionValues* values : config.instances("care")) {
        CareKey one;
        one.name = values->instance();
        const auto key = care::parse_key(values->text("key"));
        if (!key.ok()) wrong(*values, "key: " + key.error().text);
        one.key = *key;
        for (const CareKey& other : all)
            if (other.key == one.key) wrong(*values, "key: [care." + other.name + "] has it too");
        for (const std::string& each : values->list("may")) {
            if (!is_care_verb(each))
                wrong(*values, "may: there is no command " + each +
                                   ", only status, log, restart, update and stolen");
            one.may.insert(each);
        }
        if (values->has("answers_to")) {
            auto address = parse_address("mailto:" + values->text("answers_to"));
            if (!address.ok()) wrong(*values, "answers_to: " + address.error().text);
            one.answers_to = std::move(*address);
        }
        all.push_back(std::move(one));
    }
    return all;
}

}  // namespace waypost
