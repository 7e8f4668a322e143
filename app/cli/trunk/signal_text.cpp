// SPDX-License-Identifier: Apache-2.0
#include "app/cli/trunk/signal_text.h"

#include <cmath>
#include <cstdio>
#include <ctime>

#include "gateway/base/time_parts.h"

namespace waypost::cli {
namespace {

template <class... Values>
std::string formatted(const char* form, Values... values) {
    char text[160];
    std::snprintf(text, sizeof text, form, values...);
    return text;
}

double hundredths(double value) { return std::round(value * 100) / 100; }

std::string mean_worst(const trunk::Spread& spread, const char* form) {
    return formatted(form, spread.mean()) + " (worst " + formatted(form, spread.worst()) + ')';
}

std::string place_line(const char* where, const trunk::Spread& rssi, const trunk::Spread& snr) {
    std::string line;
    if (rssi.count() > 0) line += " RSSI " + mean_worst(rssi, "%.0f dBm");
    if (snr.count() > 0) line += " SNR " + mean_worst(snr, "%+.1f dB");
    return line.empty() ? std::string() : '\n' + std::string(where) + ':' + line;
}

void set(Json& json, const char* name, const trunk::Spread& spread) {
    if (spread.count() == 0) return;
    Json values;
    values.set("mean", hundredths(spread.mean()));
    values.set("worst", hundredths(spread.worst()));
    json.set(name, values);
}

}  // namespace

std::string clock_text(WallTime time) {
    const std::tm parts = local_parts(to_ms(time) / 1000);
    char text[16];
    std::strftime(text, sizeof text, "%H:%M:%S", &parts);
    return text;
}

std::string signal_text(const trunk::Signal& signal) {
    std::string text;
    if (signal.rssi_dbm) text = formatted("%d dBm", *signal.rssi_dbm);
    if (signal.snr_db)
        text += (text.empty() ? "" : " ") + formatted("%+.1f dB", double{*signal.snr_db});
    return text.empty() ? "-" : text;
}

void set_signal(Json& json, const std::string& ending, const trunk::Signal& signal) {
    if (signal.rssi_dbm) json.set("rssi_dbm" + ending, *signal.rssi_dbm);
    if (signal.snr_db) json.set("snr_db" + ending, hundredths(double{*signal.snr_db}));
}

std::string totals_text(const trunk::PingTotals& t) {
    std::string text =
        formatted("%d sent, %d answered, %.0f %% lost", t.sent(), t.answered(), t.loss_percent());
    if (t.not_sent() > 0) text += formatted(", %d could not be sent", t.not_sent());
    if (t.answered() > 0)
        text += formatted("; round trip %.0f ms, at best %.0f", t.round_trip_ms.mean(),
                          t.round_trip_ms.worst());
    return text + place_line("here", t.rssi_here, t.snr_here) +
           place_line("there", t.rssi_there, t.snr_there);
}

Json totals_json(const trunk::PingTotals& t) {
    Json json;
    json.set("sent", t.sent());
    json.set("answered", t.answered());
    json.set("not_sent", t.not_sent());
    json.set("loss_percent", hundredths(t.loss_percent()));
    if (t.answered() > 0) {
        json.set("round_trip_mean_ms", hundredths(t.round_trip_ms.mean()));
        json.set("round_trip_best_ms", hundredths(t.round_trip_ms.worst()));
    }
    set(json, "rssi_here_dbm", t.rssi_here);
    set(json, "snr_here_db", t.snr_here);
    set(json, "rssi_there_dbm", t.rssi_there);
    set(json, "snr_there_db", t.snr_there);
    return json;
}

}  // namespace waypost::cli
