// SPDX-License-Identifier: Apache-2.0
// Tools that need no daemon: time on air, the simulated village.
#include <fstream>
#include <memory>

#include "app/cli/cli.h"
#include "radio/airtime/airtime.h"
#include "radio/simulator/village.h"

namespace waypost::cli {
namespace {

Result<void> play(const simulator::Village& village, const std::string& file, bool json) {
    std::ifstream script(file);
    if (!script) return Error{Code::NotFound, "cannot read " + file, false};
    return simulator::play_script(village, script, json,
                                  [](const std::string& line) { print(line); });
}

}  // namespace

void add_tools(CLI::App& app, Context& context) {
    auto params = std::make_shared<LoraParams>();
    auto bytes = std::make_shared<std::size_t>(0);
    auto* air = app.add_subcommand("airtime", "time on air of a LoRa packet");
    air->add_option("--sf", params->spreading_factor)->required()->check(CLI::Range(7, 12));
    air->add_option("--bw", params->bandwidth_hz, "Hz")
        ->required()
        ->check(CLI::Range(7'800, 1'625'000));
    air->add_option("--cr", params->coding_rate, "5 to 8, of 4/5 to 4/8")->check(CLI::Range(5, 8));
    air->add_option("--preamble", params->preamble_symbols)->check(CLI::Range(6, 65535));
    air->add_option("--bytes", *bytes, "header and payload")->required()->check(CLI::Range(0, 255));
    air->callback([&context, params, bytes] {
        const double ms = static_cast<double>(time_on_air(*params, *bytes).count()) / 1000;
        if (context.json) {
            Json o;
            o.set("ms", ms);
            return print_json(o);
        }
        print(std::to_string(ms) + " ms");
    });
    auto village = std::make_shared<std::string>();
    auto* simulate = app.add_subcommand("simulate", "simulated radios and channel");
    simulate->add_option("FILE", *village, "village.toml")->required();
    auto script = std::make_shared<std::string>();
    simulate->add_option("--script", *script,
                         "play these lines (`12.5 ana: hello`) in virtual time");
    simulate->callback([&context, village, script] {
        const auto loaded = simulator::load_village(*village);
        if (!loaded.ok()) return fail(context, loaded.error());
        const auto ran = script->empty() ? simulator::run_village({*loaded, context.json})
                                         : play(*loaded, *script, context.json);
        if (!ran.ok()) fail(context, ran.error());
    });
}

}  // namespace waypost::cli
