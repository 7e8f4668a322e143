// SPDX-License-Identifier: Apache-2.0
// Pings by place: what a range survey counts, keeps in a file and shows. Values, no clock, no I/O.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "radio/trunk/tools/pinger.h"

namespace waypost::trunk {

// Mean and worst of what was said; nothing was: count() is 0.
class Spread {
  public:
    void add(double value);
    int count() const { return count_; }
    double mean() const { return count_ == 0 ? 0 : sum_ / count_; }
    double worst() const { return worst_; }  // the lowest

  private:
    int count_ = 0;
    double sum_ = 0;
    double worst_ = std::numeric_limits<double>::infinity();
};

// Of pings that may have been on air; those that were not say nothing of the link.
class PingTotals {
  public:
    void add(const PingResult& result);
    int sent() const { return sent_; }
    int answered() const { return answered_; }
    int not_sent() const { return not_sent_; }
    double loss_percent() const;  // 0 if nothing was sent

    Spread round_trip_ms;  // its worst is the shortest
    Spread rssi_here, snr_here, rssi_there, snr_there;

  private:
    int sent_ = 0, answered_ = 0, not_sent_ = 0;
};

struct SurveyPoint {
    std::string place;
    std::int64_t at = 0;  // Unix seconds of the ping
    PingResult result{};
};

// A place as it is typed: without control characters, at most 60 bytes of whole characters; "-" if
// nothing is left.
std::string clean_place(std::string_view typed);

// A line of the file for each ping, so that nothing is lost when power fails and a survey goes on
// another day: place, time (UTC), number, result, round trip in ms, RSSI and SNR here and there.
std::string csv_head();
std::string csv_line(const SurveyPoint& point);
// BadInput names the line. A last line that is cut short is left out.
Result<std::vector<SurveyPoint>> read_csv(std::string_view text);

// The points by place, in the order in which they were first named.
struct SurveyPlace {
    std::string name;
    std::int64_t first_at = 0;
    PingTotals totals;
};
class Survey {
  public:
    static constexpr std::size_t kMostPlaces = 1000;
    // False: there are too many places.
    bool add(const SurveyPoint& point);
    const std::vector<SurveyPlace>& places() const { return places_; }

  private:
    std::vector<SurveyPlace> places_;
};

std::string table(const Survey& survey);
// Loss and signal at each place as bars of letters, 80 columns.
std::string text_plot(const Survey& survey);
// What gnuplot draws into `file` (SVG). The file's name has no control characters.
std::string gnuplot_script(const Survey& survey, std::string_view file);

}  // namespace waypost::trunk
