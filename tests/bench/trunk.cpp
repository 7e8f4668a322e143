// SPDX-License-Identifier: Apache-2.0
// What the trunk costs on a seeded channel in virtual time, as a multiple of the bound, beside what
// others would: airtime of both directions until the sender knows.
#include <cstdio>

#include "tests/bench/bench.h"
#include "tests/trunk/measure.h"

namespace waypost::bench {
namespace {

using trunk::Case;

struct Channel {
    const char* name;
    double loss;
    bool bursts;
};
constexpr Channel kChannels[] = {{"0 %", 0, false},
                                 {"10 %", 0.1, false},
                                 {"20 %", 0.2, false},
                                 {"10 % bursts", 0.1, true},
                                 {"20 % bursts", 0.2, true}};

struct Row {
    const char* name;
    std::vector<std::size_t> sizes;
    double target;  // 0: none
};
// What follows from packing of texts is another row here, by its size.
const std::vector<Row>& rows() {
    static const std::vector<Row> kRows = {{"33 B", {33}, 2.1},
                                           {"101 B", {101}, 0},
                                           {"200 B", {200}, 1.25},
                                           {"444 B", {444}, 0},
                                           {"2 KiB", {2048}, 1.10},
                                           {"20 KiB", {20480}, 1.06},
                                           {"8 x 33 B", std::vector<std::size_t>(8, 33), 0}};
    return kRows;
}

Case make(const Row& row, const Channel& channel, int spreading_factor, int frames) {
    Case made;
    made.sizes = row.sizes;
    made.channel.lora.spreading_factor = spreading_factor;
    made.channel.loss = channel.loss;
    made.channel.bursts = channel.bursts;
    std::size_t bytes = 0;
    for (const std::size_t size : row.sizes) bytes += size;
    made.runs = std::max(400, frames / (static_cast<int>(bytes / 240) + 2));
    return made;
}

struct Found {
    double ours = 0;
    double stop_and_wait = 0;
    double lxmf = 0;
    bool good = true;
};

Found measure(const Row& row, const Channel& channel, int spreading_factor, int frames) {
    Case made = make(row, channel, spreading_factor, frames);
    const double bound = trunk::bound_seconds(made);
    const trunk::Cost ours = trunk::link_cost(made);
    made.runs = std::max(200, made.runs / 4);
    const Found found{ours.seconds / bound, trunk::stop_and_wait_cost(made).seconds / bound,
                      trunk::lxmf_model_cost(made).seconds / bound,
                      row.target == 0 || ours.seconds / bound <= row.target};
    std::printf("%-9s %-12s %8.2f s %7.2f s %6.0f B %6.3f +-%.3f  %6.2f %6.2f %s\n", row.name,
                channel.name, bound, ours.seconds, ours.bytes, found.ours, ours.error / bound,
                found.stop_and_wait, found.lxmf, found.good ? "" : "over its target");
    return found;
}

}  // namespace

int trunk_link() {
    std::printf(
        "airtime of both directions until the sender knows, and its multiple of the bound "
        "(full frames without heads / (1 - loss))\n"
        "object    loss            bound      ours  on air   ours          stop-and-wait, "
        "LXMF over Reticulum (models)\n");
    double worst[4] = {0, 0, 0, 0};
    Found headline;
    bool good = true;
    for (const int spreading_factor : {11, 7}) {
        std::printf("SF%d, 250 kHz, 4/5, 8 symbols of preamble\n", spreading_factor);
        const int frames = spreading_factor == 11 ? 40'000 : 10'000;
        for (const Row& row : rows()) {
            for (const Channel& channel : kChannels) {
                const Found found = measure(row, channel, spreading_factor, frames);
                if (spreading_factor != 11) continue;
                good = good && found.good;
                const std::size_t bytes = row.sizes.front();
                if (bytes == 2048 && channel.loss == 0.2 && !channel.bursts) headline = found;
                const int field = row.sizes.size() > 1 ? -1
                                  : bytes == 33        ? 0
                                  : bytes == 200       ? 1
                                  : bytes == 2048      ? 2
                                  : bytes == 20480     ? 3
                                                       : -1;
                if (field >= 0) worst[field] = std::max(worst[field], found.ours);
            }
        }
    }
    std::printf(
        "{\"bench\": \"trunk\", \"ours\": %.3f, \"peer\": \"stop-and-wait as lorapipe "
        "(model)\", \"theirs\": %.3f, \"unit\": \"airtime over the bound, 2 KiB at 20 %% "
        "loss, SF11/250\", \"ratio\": %.3f, \"lxmf_model\": %.3f, \"worst_33_b\": %.3f, "
        "\"worst_200_b\": %.3f, \"worst_2_kib\": %.3f, \"worst_20_kib\": %.3f}\n",
        headline.ours, headline.stop_and_wait, headline.ours, headline.lxmf, worst[0], worst[1],
        worst[2], worst[3]);
    return good ? 0 : 1;
}

}  // namespace waypost::bench
