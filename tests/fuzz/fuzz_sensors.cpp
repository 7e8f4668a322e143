// SPDX-License-Identifier: Apache-2.0
// What sensors publish, and the file with their rules.
#include <cmath>
#include <cstdint>
#include <cstdlib>

#include "bridges/lorawan/chirpstack.h"
#include "bridges/sensors/reading.h"
#include "bridges/sensors/rules_file.h"
#include "bridges/sensors/topic_source.h"
#include "bridges/sensors/watch.h"

namespace {

void check(const waypost::sensors::Readings& readings) {
    for (const auto& each : readings.all)
        if (!std::isfinite(each.value) || std::abs(each.value) > waypost::sensors::kMostValue * 10)
            std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace waypost;
    using namespace waypost::sensors;
    const std::string bytes(reinterpret_cast<const char*>(data), size);
    Rule plain;
    plain.topic = "flood/gauge";
    Rule pointed = plain;
    pointed.value = "/level/0";
    check(TopicSource({plain, pointed}).read({"flood/gauge", bytes, false}));
    Rule field;
    field.device = "a84041ffff000001";
    field.value = "/level_cm";
    Rule raw = field;
    raw.value.clear();
    raw.bytes = ByteField{1, 2, true, true, 0.01, 1};
    check(lorawan::ChirpStack({field, raw})
              .read({"application/x/device/a84041ffff000001/event/up", bytes, false}));
    for (const Kind kind : {Kind::Topic, Kind::Device}) {
        const auto rules = read_rules(bytes, kind);
        if (rules.ok() && rules->empty()) std::abort();
    }
    (void)Watch::load(bytes).save();
    return 0;
}
