// SPDX-License-Identifier: Apache-2.0
// For Prometheus, in its text format (version 0.0.4).
#include <sstream>

#include "gateway/delivery/health_watch.h"
#include "web/api/api.h"

namespace waypost::api {
namespace {

// Backslash, quote and line feed are escaped in a label's value.
std::string label(const std::string& value) {
    std::string escaped;
    for (const char c : value) {
        if (c == '\\' || c == '"') escaped += '\\';
        escaped += c == '\n' ? ' ' : c;
    }
    return '"' + escaped + '"';
}

void family(std::ostream& out, const char* name, const char* help) {
    out << "# HELP " << name << ' ' << help << "\n# TYPE " << name << " gauge\n";
}

void transports(std::ostream& out, const std::vector<TransportReport>& all) {
    family(out, "waypost_transport_up", "1: it works");
    for (const auto& each : all)
        out << "waypost_transport_up{transport=" << label(each.id)
            << ",network=" << label(each.network) << "} " << (each.status.up ? 1 : 0) << '\n';
    family(out, "waypost_airtime_used_seconds", "time on air of the sliding hour");
    for (const auto& each : all) {
        if (!each.status.airtime_limited) continue;
        out << "waypost_airtime_used_seconds{transport=" << label(each.id) << "} "
            << static_cast<double>(each.status.airtime_used.count()) / 1000 << '\n';
    }
    family(out, "waypost_airtime_left_seconds", "time on air that the hour leaves");
    for (const auto& each : all) {
        if (!each.status.airtime_limited) continue;
        out << "waypost_airtime_left_seconds{transport=" << label(each.id) << "} "
            << static_cast<double>(each.status.airtime_left.count()) / 1000 << '\n';
    }
}

struct Gauge {
    const char* metric;  // as Status::metrics has it
    const char* name;
    const char* help;
};

constexpr Gauge kGauges[] = {
    {"snr_db", "waypost_transport_snr_db", "signal to noise of what is heard, in dB"},
    {"loss", "waypost_transport_loss_percent", "what is lost of what is sent over a link"},
    {"heard", "waypost_transport_nodes_heard", "nodes heard in the last hour"},
    {"waiting", "waypost_transport_waiting", "what a transport has in hand"},
    {"channel_use", "waypost_transport_channel_use_percent", "use of the channel by everybody"},
    {"heard_ago_s", "waypost_transport_heard_ago_seconds", "since the other end was heard"},
};

void gauges(std::ostream& out, const std::vector<TransportReport>& all) {
    for (const Gauge& gauge : kGauges) {
        family(out, gauge.name, gauge.help);
        for (const auto& each : all) {
            const auto found = each.status.metrics.find(gauge.metric);
            if (found == each.status.metrics.end()) continue;
            out << gauge.name << "{transport=" << label(each.id) << "} " << found->second << '\n';
        }
    }
}

void value(std::ostream& out, const char* name, const char* help, std::optional<double> number) {
    family(out, name, help);
    if (number) out << name << ' ' << *number << '\n';
}

// A time, or a time of the wall clock, as Prometheus has it: in seconds, since 1970.
double seconds_of(std::int64_t ms) { return static_cast<double>(ms) / 1000; }

// The same matters that operators are told.
void health(std::ostream& out, const HealthReport& report) {
    value(out, "waypost_health", "0: all is well; 1: something needs somebody; 2: down",
          static_cast<double>(report.health));
    family(out, "waypost_trouble_since_timestamp_seconds", "what needs somebody, and since when");
    for (const HealthMatter& each : report.matters)
        out << "waypost_trouble_since_timestamp_seconds{kind=\"" << to_string(each.trouble)
            << "\",of=" << label(each.of) << "} " << seconds_of(each.since_ms) << '\n';
    const HealthFacts& facts = report.facts;
    family(out, "waypost_oldest_letter_timestamp_seconds",
           "when the letter came that waits longest though it could go, by network");
    for (const auto& [network, since_ms] : facts.oldest_letter)
        out << "waypost_oldest_letter_timestamp_seconds{network=" << label(network) << "} "
            << seconds_of(since_ms) << '\n';
    family(out, "waypost_neighbour_heard_timestamp_seconds", "when something last came from it");
    for (const auto& [name, heard_ms] : facts.heard_ms)
        out << "waypost_neighbour_heard_timestamp_seconds{neighbour=" << label(name) << "} "
            << seconds_of(heard_ms) << '\n';
    value(out, "waypost_backup_age_seconds", "of the last backup; the time the box ran since",
          facts.backup_box_ms ? std::optional(seconds_of(facts.box_ms - *facts.backup_box_ms))
                              : std::nullopt);
    const PowerFacts& power = facts.power;
    const auto number = [](auto of) { return of ? std::optional(double(*of)) : std::nullopt; };
    value(out, "waypost_battery_percent", "charge of what the box runs from",
          number(power.percent));
    value(out, "waypost_mains", "1: there is mains power", number(power.mains));
    value(out, "waypost_undervoltage", "1: the supply was too weak within ten minutes",
          power.told() ? std::optional(double(power.undervoltage)) : std::nullopt);
    value(out, "waypost_power_level", "0: all is on; 1: no Wi-Fi; 2: no console",
          static_cast<double>(power.level));
    value(out, "waypost_certificate_ends_timestamp_seconds", "when the console's ends",
          facts.certificate_ends_ms ? std::optional(seconds_of(*facts.certificate_ends_ms))
                                    : std::nullopt);
}

Reply metrics(Desk& desk, const Request&) {
    const BoxReport report = desk.status();
    std::ostringstream out;
    out.precision(15);  // of a time, to the millisecond
    if (desk.health() != nullptr) health(out, desk.health()->report());
    transports(out, report.transports);
    gauges(out, report.transports);
    family(out, "waypost_deliveries", "messages under way, by network and state");
    for (const auto& each : report.counts)
        out << "waypost_deliveries{network=" << label(each.network) << ",state=\""
            << to_string(each.state) << "\"} " << each.count << '\n';
    family(out, "waypost_disk_free_bytes", "room on the disk of the store");
    out << "waypost_disk_free_bytes " << report.disk_free << '\n';
    family(out, "waypost_disk_full", "1: nothing new is taken");
    out << "waypost_disk_full " << (report.disk_full ? 1 : 0) << '\n';
    family(out, "waypost_store_failing", "1: the store could not write when it was last asked to");
    out << "waypost_store_failing " << (report.store_problem.empty() ? 0 : 1) << '\n';
    family(out, "waypost_clock_doubted", "1: the wall clock is not believed");
    out << "waypost_clock_doubted " << (report.time_doubt.empty() ? 0 : 1) << '\n';
    family(out, "waypost_changed_keys", "radios whose key changed and that nobody vouched for");
    out << "waypost_changed_keys " << report.changed_keys.size() << '\n';
    Reply reply;
    reply.content_type = "text/plain; version=0.0.4; charset=utf-8";
    reply.content = [text = out.str()](std::ostream& to) -> Result<void> {
        to << text;
        return {};
    };
    reply.content_bytes = out.str().size();
    return reply;
}

}  // namespace

std::vector<Route> metric_routes() { return {{"GET", "/metrics", metrics}}; }

}  // namespace waypost::api
