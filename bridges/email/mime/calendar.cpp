// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/mime/calendar.h"

#include <libical/ical.h>

#include <memory>
#include <mutex>

#include "gateway/message/text.h"

namespace waypost::email {
namespace {

constexpr std::size_t kMostBytes = 64 * 1024;
constexpr std::size_t kSummaryBytes = 80;
constexpr std::size_t kPlaceBytes = 60;
constexpr std::size_t kNameBytes = 40;
constexpr int kFirstYear = 1970;
constexpr int kLastYear = 2100;

struct FreeComponent {
    void operator()(icalcomponent* component) const noexcept { icalcomponent_free(component); }
};
using Component = std::unique_ptr<icalcomponent, FreeComponent>;

std::string clean(const char* text, std::size_t most) {
    return text == nullptr ? std::string() : one_line(clean_utf8(text), most);
}

// A zone's rules are counted out year by year: only rules of years may be.
bool safe_zones(icalcomponent* calendar) {
    for (auto* zone = icalcomponent_get_first_component(calendar, ICAL_VTIMEZONE_COMPONENT);
         zone != nullptr;
         zone = icalcomponent_get_next_component(calendar, ICAL_VTIMEZONE_COMPONENT)) {
        for (auto* part = icalcomponent_get_first_component(zone, ICAL_ANY_COMPONENT);
             part != nullptr; part = icalcomponent_get_next_component(zone, ICAL_ANY_COMPONENT)) {
            for (auto* rule = icalcomponent_get_first_property(part, ICAL_RRULE_PROPERTY);
                 rule != nullptr;
                 rule = icalcomponent_get_next_property(part, ICAL_RRULE_PROPERTY)) {
                if (icalproperty_get_rrule(rule).freq != ICAL_YEARLY_RECURRENCE) return false;
            }
        }
    }
    return true;
}

struct When {
    std::tm time{};
    bool known = false;
    bool whole_day = false;
};

When read_time(icaltimetype time, LocalTime local) {
    When when;
    if (icaltime_is_null_time(time) || time.year < kFirstYear || time.year > kLastYear) return when;
    when.known = true;
    when.whole_day = time.is_date != 0;
    if (!when.whole_day && time.zone != nullptr) {
        when.time = local(icaltime_as_timet_with_zone(time, time.zone));
        return when;
    }
    when.time.tm_year = time.year - 1900;
    when.time.tm_mon = time.month - 1;
    when.time.tm_mday = time.day;
    when.time.tm_hour = time.hour;
    when.time.tm_min = time.minute;
    when.time.tm_wday = icaltime_day_of_week(time) - 1;
    return when;
}

std::string day_of(const std::tm& time, int this_year) {
    static const char* const kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char* const kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    std::string text = std::string(kDays[time.tm_wday % 7]) + ' ' + std::to_string(time.tm_mday) +
                       ' ' + kMonths[time.tm_mon % 12];
    if (time.tm_year != this_year) text += ' ' + std::to_string(1900 + time.tm_year);
    return text;
}

std::string hour_of(const std::tm& time) {
    const auto two = [](int n) { return (n < 10 ? "0" : "") + std::to_string(n); };
    return two(time.tm_hour) + ':' + two(time.tm_min);
}

bool same_day(const std::tm& a, const std::tm& b) {
    return a.tm_year == b.tm_year && a.tm_mon == b.tm_mon && a.tm_mday == b.tm_mday;
}

// "Tue 3 May 14:00-15:00", "Tue 3 May-Thu 5 May".
std::string span(icalcomponent* event, LocalTime local) {
    const When begin = read_time(icalcomponent_get_dtstart(event), local);
    if (!begin.known) return {};
    icaltimetype last = icalcomponent_get_dtend(event);
    if (last.is_date != 0 && !icaltime_is_null_time(last)) icaltime_adjust(&last, -1, 0, 0, 0);
    const When end = read_time(last, local);
    const icaltimetype stamp = icalcomponent_get_dtstamp(event);
    const int year = icaltime_is_null_time(stamp) ? -1 : stamp.year - 1900;
    std::string text = day_of(begin.time, year);
    const bool other_day = end.known && !same_day(begin.time, end.time);
    if (!begin.whole_day) text += ' ' + hour_of(begin.time);
    if (!end.known || (begin.whole_day && !other_day)) return text;
    if (other_day) text += '-' + day_of(end.time, year);
    if (begin.whole_day) return text;
    if (other_day) return text + ' ' + hour_of(end.time);
    const std::string until = hour_of(end.time);
    return until == hour_of(begin.time) ? text : text + '-' + until;
}

std::string frequency(icalcomponent* event) {
    auto* rule = icalcomponent_get_first_property(event, ICAL_RRULE_PROPERTY);
    if (rule == nullptr) return {};
    switch (icalproperty_get_rrule(rule).freq) {
        case ICAL_DAILY_RECURRENCE:
            return ", repeats by day";
        case ICAL_WEEKLY_RECURRENCE:
            return ", repeats by week";
        case ICAL_MONTHLY_RECURRENCE:
            return ", repeats by month";
        case ICAL_YEARLY_RECURRENCE:
            return ", repeats by year";
        default:
            return ", repeats";
    }
}

// The name of an organizer or attendee, else his address.
std::string name_of(icalproperty* person) {
    if (person == nullptr) return {};
    auto* parameter = icalproperty_get_first_parameter(person, ICAL_CN_PARAMETER);
    if (parameter != nullptr) return clean(icalparameter_get_cn(parameter), kNameBytes);
    std::string address = clean(icalproperty_get_value_as_string(person), kNameBytes);
    if (lower_ascii(address).rfind("mailto:", 0) == 0) address.erase(0, 7);
    return address;
}

std::string answer(icalcomponent* event) {
    auto* attendee = icalcomponent_get_first_property(event, ICAL_ATTENDEE_PROPERTY);
    if (attendee == nullptr) return "answer";
    const std::string name = name_of(attendee);
    auto* parameter = icalproperty_get_first_parameter(attendee, ICAL_PARTSTAT_PARAMETER);
    if (parameter == nullptr) return "answer of " + name;
    switch (icalparameter_get_partstat(parameter)) {
        case ICAL_PARTSTAT_ACCEPTED:
            return name + " accepts";
        case ICAL_PARTSTAT_DECLINED:
            return name + " declines";
        case ICAL_PARTSTAT_TENTATIVE:
            return name + " may come";
        default:
            return "answer of " + name;
    }
}

std::string what(icalcomponent* calendar, icalcomponent* event) {
    if (icalcomponent_get_status(event) == ICAL_STATUS_CANCELLED) return "cancelled";
    switch (icalcomponent_get_method(calendar)) {
        case ICAL_METHOD_CANCEL:
            return "cancelled";
        case ICAL_METHOD_REQUEST:
            return icalcomponent_get_sequence(event) > 0 ? "updated invitation" : "invitation";
        case ICAL_METHOD_REPLY:
            return answer(event);
        case ICAL_METHOD_COUNTER:
            return "other time proposed";
        default:
            return "event";
    }
}

void start_libical() {
    static std::once_flag once;
    std::call_once(once, [] { icalerror_set_errors_are_fatal(0); });
}

std::string in_words(icalcomponent* calendar, icalcomponent* event, LocalTime local) {
    const std::string kind = what(calendar, event);
    std::string text = '[' + kind;
    const auto add = [&](const std::string& part, const char* before) {
        if (!part.empty()) text += before + part;
    };
    add(clean(icalcomponent_get_summary(event), kSummaryBytes), ": ");
    if (safe_zones(calendar)) add(span(event, local), ", ");
    text += frequency(event);
    add(clean(icalcomponent_get_location(event), kPlaceBytes), ", ");
    if (icalcomponent_get_method(calendar) != ICAL_METHOD_REPLY)
        add(name_of(icalcomponent_get_first_property(event, ICAL_ORGANIZER_PROPERTY)), "; from ");
    return text + ']';
}

}  // namespace

std::tm box_local_time(std::time_t time) {
    std::tm local{};
    ::localtime_r(&time, &local);
    return local;
}

std::string calendar_line(std::string_view calendar, LocalTime local) {
    start_libical();
    const std::string text(calendar.substr(0, kMostBytes));
    const Component root(icalparser_parse_string(text.c_str()));
    if (!root || icalcomponent_isa(root.get()) != ICAL_VCALENDAR_COMPONENT) return {};
    auto* event = icalcomponent_get_first_component(root.get(), ICAL_VEVENT_COMPONENT);
    return event == nullptr ? std::string() : in_words(root.get(), event, local);
}

}  // namespace waypost::email
