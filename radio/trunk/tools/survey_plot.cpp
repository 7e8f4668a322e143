// SPDX-License-Identifier: Apache-2.0
// What a survey looks like: a table, bars of letters, and a script for gnuplot.
#include <algorithm>
#include <cstdio>
#include <ctime>

#include "gateway/base/time_parts.h"
#include "gateway/message/text.h"
#include "radio/trunk/tools/survey.h"

namespace waypost::trunk {
namespace {

constexpr std::size_t kPlaceColumns = 16;
constexpr int kBar = 25;
constexpr double kLowSnr = -20, kHighSnr = 15;      // dB: LoRa hears from SF12's limit up
constexpr double kLowRssi = -130, kHighRssi = -40;  // dBm, where a modem says no SNR

template <class... Values>
std::string formatted(const char* form, Values... values) {
    char text[160];
    std::snprintf(text, sizeof text, form, values...);
    return text;
}

std::string clock_of(std::int64_t at) {
    const std::tm parts = local_parts(at);
    char text[32];
    std::strftime(text, sizeof text, "%d %b %H:%M", &parts);
    return text;
}

// To so many columns, as if each letter took one.
std::string padded(const std::string& text, std::size_t columns) {
    std::string out(cut_bytes(text, columns));
    std::size_t letters = 0;
    each_code_point(out, [&](std::int32_t, std::string_view) { ++letters; });
    return out + std::string(columns - std::min(columns, letters), ' ');
}

std::string mean_worst(const Spread& spread, const char* form) {
    if (spread.count() == 0) return "-";
    return formatted(form, spread.mean()) + '/' + formatted(form, spread.worst());
}

// "here" or "there" of one place: "-91/-95 +6.2/+3.0".
std::string signal(const Spread& rssi, const Spread& snr) {
    return padded(mean_worst(rssi, "%.0f"), 10) + padded(mean_worst(snr, "%+.1f"), 13);
}

std::string bar(double value, double low, double high) {
    const double share = std::clamp((value - low) / (high - low), 0.0, 1.0);
    const int letters = static_cast<int>(share * kBar + 0.5);
    return std::string(static_cast<std::size_t>(letters), '#') +
           std::string(static_cast<std::size_t>(kBar - letters), '.');
}

std::string signal_bar(const char* where, const Spread& snr, const Spread& rssi) {
    if (snr.count() > 0)
        return formatted("  SNR %-6s", where) + bar(snr.mean(), kLowSnr, kHighSnr) +
               formatted(" %+.1f dB\n", snr.mean());
    if (rssi.count() > 0)
        return formatted("  RSSI %-5s", where) + bar(rssi.mean(), kLowRssi, kHighRssi) +
               formatted(" %.0f dBm\n", rssi.mean());
    return {};
}

// In single quotes for gnuplot.
std::string literal(std::string_view text) {
    std::string out = "'";
    for (const char c : text) out += c == '\'' ? std::string("''") : std::string(1, c);
    return out + '\'';
}

// In a block of data, which has no escapes.
std::string label(std::string text) {
    std::replace_if(
        text.begin(), text.end(), [](char c) { return c == '"' || c == '\\'; }, '\'');
    return '"' + text + '"';
}

std::string value(const Spread& spread) {
    return spread.count() == 0 ? " NaN" : formatted(" %.2f", spread.mean());
}

}  // namespace

std::string table(const Survey& survey) {
    std::string out =
        padded("place", kPlaceColumns) +
        " since         sent  ans  loss  RSSI here SNR here     RSSI there SNR there\n";
    for (const SurveyPlace& place : survey.places()) {
        const PingTotals& t = place.totals;
        std::string line =
            padded(place.name, kPlaceColumns) + ' ' + padded(clock_of(place.first_at), 13) +
            formatted("%5d %4d %4.0f%%  ", t.sent(), t.answered(), t.loss_percent()) +
            signal(t.rssi_here, t.snr_here) + ' ' + signal(t.rssi_there, t.snr_there);
        line.erase(line.find_last_not_of(' ') + 1);
        out += line + '\n';
    }
    return out;
}

std::string text_plot(const Survey& survey) {
    std::string out;
    for (const SurveyPlace& place : survey.places()) {
        const PingTotals& t = place.totals;
        out += place.name + '\n';
        out += "  answered  " + bar(100 - t.loss_percent(), 0, 100) +
               formatted(" %d of %d\n", t.answered(), t.sent());
        out += signal_bar("here", t.snr_here, t.rssi_here);
        out += signal_bar("there", t.snr_there, t.rssi_there);
    }
    return out;
}

std::string gnuplot_script(const Survey& survey, std::string_view file) {
    std::string out = "$survey << WAYPOST_END\n";
    int row = 0;
    for (const SurveyPlace& place : survey.places()) {
        const PingTotals& t = place.totals;
        out += std::to_string(row++) + ' ' + label(place.name) +
               formatted(" %.2f", t.loss_percent()) + value(t.snr_here) + value(t.snr_there) +
               value(t.rssi_here) + value(t.rssi_there) + '\n';
    }
    out += "WAYPOST_END\nset terminal svg size 900,700 noenhanced\nset output " + literal(file) +
           "\nset multiplot layout 3,1 title 'Range survey'\nset xtics rotate by -30 noenhanced\n"
           "set xrange [-0.6:" +
           formatted("%.1f", row - 0.4) +
           "]\nset grid y\nset key outside right\nset style fill solid 0.5\n"
           "set ylabel 'loss %'\nset yrange [0:100]\n"
           "plot $survey using 1:3:(0.6):xtic(2) with boxes title 'loss'\n"
           "set datafile missing 'NaN'\n";
    const auto lines = [&out](const char* axis, const char* range, int here) {
        out +=
            std::string("set yrange ") + range + "\nset ylabel '" + axis +
            "'\nplot $survey using 1:" + std::to_string(here) +
            ":xtic(2) with linespoints title 'here', $survey using 1:" + std::to_string(here + 1) +
            " with linespoints title 'there'\n";
    };
    const auto any = [&](const Spread PingTotals::*here, const Spread PingTotals::*there) {
        return std::any_of(survey.places().begin(), survey.places().end(), [&](const auto& p) {
            return (p.totals.*here).count() + (p.totals.*there).count() > 0;
        });
    };
    if (any(&PingTotals::snr_here, &PingTotals::snr_there)) lines("SNR dB", "[-25:15]", 4);
    if (any(&PingTotals::rssi_here, &PingTotals::rssi_there)) lines("RSSI dBm", "[-140:-20]", 6);
    return out + "unset multiplot\n";
}

}  // namespace waypost::trunk
