// SPDX-License-Identifier: Apache-2.0
// The file of a survey (RFC 4180, with LF), one line for each ping.
#include <charconv>
#include <cstdio>
#include <ctime>
#include <optional>

#include "gateway/base/time_parts.h"
#include "gateway/message/text.h"
#include "radio/trunk/tools/survey.h"

namespace waypost::trunk {
namespace {

constexpr std::size_t kFields = 9;
constexpr std::size_t kMostPlace = 60;
constexpr std::size_t kMostPoints = 1'000'000;
constexpr const char* kResults[] = {"answered", "lost", "not sent"};

std::string iso(std::int64_t at) {
    const std::tm parts = utc_parts(at);
    char text[32];
    std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
    return text;
}

std::optional<std::int64_t> from_iso(const std::string& text) {
    std::tm parts{};
    const char* end = ::strptime(text.c_str(), "%Y-%m-%dT%H:%M:%SZ", &parts);
    if (end == nullptr || *end != '\0') return std::nullopt;
    return ::timegm(&parts);
}

std::string quoted(const std::string& text) {
    if (text.find_first_of(",\"") == std::string::npos) return text;
    std::string out = "\"";
    for (const char c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
    return out + '"';
}

std::string decibel(float value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.2f", static_cast<double>(value));
    return text;
}

std::string fields_of(const Signal& signal) {
    return ',' + (signal.rssi_dbm ? std::to_string(*signal.rssi_dbm) : std::string()) + ',' +
           (signal.snr_db ? decibel(*signal.snr_db) : std::string());
}

// nullopt: a quote that is not closed, or one too many.
std::optional<std::vector<std::string>> split(std::string_view line) {
    std::vector<std::string> fields(1);
    bool inside = false;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const char c = line[i];
        const bool twice = c == '"' && inside && i + 1 < line.size() && line[i + 1] == '"';
        if (twice) {
            fields.back() += line[++i];
        } else if (c == '"') {
            inside = !inside;
        } else if (c == ',' && !inside) {
            fields.emplace_back();
        } else {
            fields.back() += c;
        }
    }
    if (inside || fields.size() != kFields) return std::nullopt;
    return fields;
}

template <class T>
bool read_number(const std::string& text, T& value) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size();
}

bool read_signal(const std::string& rssi, const std::string& snr, Signal& signal) {
    int dbm = 0;
    float db = 0;
    if (!rssi.empty() && !read_number(rssi, dbm)) return false;
    if (!snr.empty() && (!read_number(snr, db) || !(db > -1000 && db < 1000))) return false;
    if (!rssi.empty()) signal.rssi_dbm = dbm;
    if (!snr.empty()) signal.snr_db = db;
    return true;
}

bool read_result(const std::string& text, PingResult& result) {
    for (int i = 0; i < 3; ++i) {
        if (text != kResults[i]) continue;
        result.kind = static_cast<PingResult::Kind>(i);
        return true;
    }
    return false;
}

std::optional<SurveyPoint> read_line(std::string_view line) {
    const auto fields = split(line);
    if (!fields) return std::nullopt;
    const auto& f = *fields;
    SurveyPoint point;
    point.place = clean_place(f[0]);
    const auto at = from_iso(f[1]);
    std::int64_t round_trip = 0;
    if (!at || !read_number(f[2], point.result.number) || !read_result(f[3], point.result) ||
        (!f[4].empty() && !read_number(f[4], round_trip)) ||
        !read_signal(f[5], f[6], point.result.here) || !read_signal(f[7], f[8], point.result.there))
        return std::nullopt;
    point.at = *at;
    point.result.round_trip = milliseconds(round_trip);
    return point;
}

}  // namespace

std::string clean_place(std::string_view typed) {
    const std::string name = one_line(clean_name(typed), kMostPlace);
    return name.empty() ? "-" : name;
}

std::string csv_head() {
    return "place,time,number,result,round_trip_ms,rssi_here_dbm,snr_here_db,rssi_there_dbm,"
           "snr_there_db\n";
}

std::string csv_line(const SurveyPoint& point) {
    const PingResult& result = point.result;
    const bool answered = result.kind == PingResult::Kind::Answered;
    return quoted(point.place) + ',' + iso(point.at) + ',' + std::to_string(result.number) + ',' +
           kResults[static_cast<int>(result.kind)] + ',' +
           (answered ? std::to_string(result.round_trip.count()) : std::string()) +
           fields_of(result.here) + fields_of(result.there) + '\n';
}

Result<std::vector<SurveyPoint>> read_csv(std::string_view text) {
    std::vector<SurveyPoint> points;
    if (text.empty()) return points;
    const std::string head = csv_head();
    if (text.substr(0, head.size()) != head)
        return bad_input("it is no file of a survey: its first line is another");
    text.remove_prefix(head.size());
    for (int number = 2; !text.empty(); ++number) {
        const std::size_t end = text.find('\n');
        if (end == std::string_view::npos) break;  // power failed while it was written
        auto point = read_line(text.substr(0, end));
        if (!point || points.size() >= kMostPoints)
            return bad_input("line " + std::to_string(number) + " is no ping of a survey");
        points.push_back(std::move(*point));
        text.remove_prefix(end + 1);
    }
    return points;
}

}  // namespace waypost::trunk
