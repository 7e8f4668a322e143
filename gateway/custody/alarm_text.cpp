// SPDX-License-Identifier: Apache-2.0
#include "gateway/custody/alarm_text.h"

#include <cstdio>
#include <ctime>

#include "gateway/base/time_parts.h"
#include "gateway/custody/wording.h"

namespace waypost {
namespace {

constexpr int kRough = 200;  // metres; fewer are the usual error of a radio's GPS

std::string degrees(std::int64_t by_ten_million, bool rough) {
    char text[24];
    std::snprintf(text, sizeof text, rough ? "%.2f" : "%.4f",
                  static_cast<double>(by_ten_million) / 1e7);
    return text;
}

std::string short_distance(int metres) {
    return metres < 1000 ? std::to_string(metres) + "m" : std::to_string(metres / 1000) + "km";
}

std::tm local(store::Ms wall_ms) { return local_parts(wall_ms / 1000); }

}  // namespace

std::string clock_time(store::Ms wall_ms, store::Ms now_ms) {
    const std::tm at = local(wall_ms);
    const bool today = at.tm_yday == local(now_ms).tm_yday;
    char text[24];
    std::strftime(text, sizeof text, today ? "%H:%M" : "%d.%m. %H:%M", &at);
    return text;
}

std::string place_of(store::Tables& tables, const Box& box, const Catalogue& words,
                     const Address& radio) {
    const auto place = tables.places.find(radio);
    if (!place) return {};
    const std::chrono::milliseconds age(box.wall_ms() - place->at_ms);
    if (age > kKeepPlaces) return {};
    const bool rough = place->metres >= kRough;
    std::string where = degrees(place->latitude, rough) + ',' + degrees(place->longitude, rough);
    if (rough) where += " ~" + short_distance(place->metres);
    return words.say("alarm_at", {{"place", where}, {"ago", said_time(words, age)}});
}

std::string alarm_line(store::Tables& tables, const Box& box, const Catalogue& words,
                       const store::AlarmRow& alarm, int item, std::size_t most) {
    std::string end = place_of(tables, box, words, alarm.caller);
    const int others = tables.alarms.count_callers(alarm.id) - 1;
    if (others > 0) {
        end += (end.empty() ? "" : " ") +
               words.say("alarm_others", {{"count", std::to_string(others)}});
    }
    if (!end.empty()) end.insert(0, 1, ' ');
    const char* key = alarm.cleared_ms == 0 ? "alarm_call" : "alarm_call_clear";
    const auto say = [&](const std::string& text) {
        return words.say(key, {{"item", std::to_string(item)}, {"who", alarm.who}, {"text", text}});
    };
    return fitting_line(say, alarm.text, most > end.size() ? most - end.size() : most) + end;
}

}  // namespace waypost
