// SPDX-License-Identifier: Apache-2.0
// A month of a village of five hundred: who waits how long, what receipts cost, how soon an alarm
// is told (tests/village). WAYPOST_DAYS and WAYPOST_PEOPLE make it shorter or smaller. The waits go
// to doc/village-waits.csv and, by gnuplot, to doc/village-waits.svg, which doc/measured.md shows.
#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "tests/bench/bench.h"
#include "tests/village/busy_village.h"

namespace waypost::bench {
namespace {

int number(const char* name, int otherwise) {
    const char* wanted = std::getenv(name);
    const int value = wanted == nullptr ? 0 : std::atoi(wanted);
    return value > 0 ? value : otherwise;
}

// People in the order of their medians, so that a fair village is a flat line.
constexpr char kPlot[] =
    "cd '" WAYPOST_DOC
    "';"
    "set terminal svg size 800,400 background rgb 'white';"
    "set output 'village-waits.svg';"
    "set datafile separator ',';"
    "set xlabel 'people, in the order of their median wait';"
    "set ylabel 'seconds';"
    "set logscale y; set key top left;"
    "set title 'Waits of letters said between six and ten in the evening';"
    "plot '< tail -n +2 village-waits.csv | sort -t, -k4g' using 0:4 with points pt 7 ps 0.4"
    " title 'median',"
    " '' using 0:5 with points pt 1 ps 0.3 title '95 of 100',"
    " '' using 0:(column(2)==1 ? column(4) : NaN) with points pt 6 ps 0.8 title 'median of who "
    "writes most'";

void draw() {
    const std::string command = std::string("gnuplot -e \"") + kPlot + "\"";
    if (std::system(command.c_str()) != 0) std::puts("no plot: gnuplot is missing or failed");
}

}  // namespace

int village() {
    waypost::village::Plan plan;
    plan.days = number("WAYPOST_DAYS", plan.days);
    plan.people = number("WAYPOST_PEOPLE", plan.people);
    const StopWatch watch;
    const auto figures = waypost::village::live(plan);
    {
        std::ofstream csv(WAYPOST_DOC "/village-waits.csv");
        write_csv(figures, csv);
    }
    draw();
    const std::string of =
        std::to_string(plan.people) + " people, " + std::to_string(plan.days) + " days";
    row("letters", figures.letters, "", of);
    row("of these to people, in the busy hours", figures.to_people, "");
    row("not kept, since others of his waited", figures.refused, "");
    row("airtime of the village", figures.channel_s, "s");
    row("of it the box", figures.airtime_s, "s");
    row("of that receipts", figures.receipts_s, "s", std::to_string(figures.receipts) + " packets");
    row("acknowledgements of receipts", figures.receipt_acks_s, "s");
    row("worst hour", figures.worst_hour_s, "s", "its share is 90");
    row("people with enough waits", static_cast<double>(figures.waits.size()), "");
    row("median wait in the evening", figures.median_s, "s");
    row("the worst person's median", figures.worst_s, "s");
    row("of those who write little", figures.worst_ordinary_s, "s");
    row("alarms", figures.alarms, "", std::to_string(figures.alarms_lost) + " not told everybody");
    row("took", watch.seconds(), "s");
    std::printf(
        R"({"bench": "village", "receipts_share": %.3f, "receipts_of_gateway": %.3f,)"
        R"( "wait_ratio": %.2f, "sos_worst_s": %.1f, "people": %d, "days": %d,)"
        R"( "wait_ratio_ordinary": %.2f, "refused": %.3f})"
        "\n",
        figures.receipts_share(), figures.receipts_of_gateway(), figures.wait_ratio(),
        figures.sos_worst_s, plan.people, plan.days,
        figures.median_s > 0 ? figures.worst_ordinary_s / figures.median_s : 0,
        figures.to_people > 0 ? static_cast<double>(figures.refused) / figures.to_people : 0);
    return 0;
}

}  // namespace waypost::bench
