// SPDX-License-Identifier: Apache-2.0
// Tools that need no daemon: decoding, time on air, the simulated village.
#include <fstream>
#include <iostream>
#include <memory>

#include "app/cli/cli.h"
#include "radio/airtime/airtime.h"
#include "radio/meshtastic/stream_codec.h"
#include "radio/simulator/village.h"

namespace waypost::cli {
namespace {

bool unhex(const std::string& text, std::string& bytes) {
    const auto digit = [](char c) {
        return c >= '0' && c <= '9'   ? c - '0'
               : c >= 'a' && c <= 'f' ? c - 'a' + 10
               : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                      : -1;
    };
    if (text.size() % 2 != 0) return false;
    for (std::size_t i = 0; i < text.size(); i += 2) {
        if (digit(text[i]) < 0 || digit(text[i + 1]) < 0) return false;
        bytes += static_cast<char>(digit(text[i]) * 16 + digit(text[i + 1]));
    }
    return true;
}

std::string hex(const std::string& bytes) {
    static constexpr char kDigits[] = "0123456789abcdef";
    std::string out;
    for (const char c : bytes) {
        out += kDigits[static_cast<unsigned char>(c) >> 4];
        out += kDigits[c & 15];
    }
    return out;
}

// One stream in hex per line; per line one JSON object.
void decode_meshtastic_stream(Context& context) {
    for (std::string line; std::getline(std::cin, line);) {
        while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.pop_back();
        Json out;
        Poco::JSON::Array frames;
        std::string bytes;
        int errors = 0;
        if (unhex(line, bytes)) {
            meshtastic::StreamParser parser;
            for (const std::string& payload : parser.feed(bytes)) {
                Json frame;
                frame.set("raw", hex(payload));
                frames.add(frame);
            }
            errors = parser.skipped() > 0 ? 1 : 0;
        } else {
            errors = 1;
            context.status = 1;
        }
        out.set("frames", frames);
        out.set("errors", errors);
        print_json(out);
    }
}

Result<void> play(const simulator::Village& village, const std::string& file, bool json) {
    std::ifstream script(file);
    if (!script) return Error{Code::NotFound, "cannot read " + file, false};
    return simulator::play_script(village, script, json,
                                  [](const std::string& line) { print(line); });
}

}  // namespace

void add_tools(CLI::App& app, Context& context) {
    auto* decode = app.add_subcommand("decode", "bytes in hex on standard input, JSON out");
    decode->require_subcommand(1);
    decode->add_subcommand("meshtastic-stream", "the host protocol's frames")->callback([&context] {
        decode_meshtastic_stream(context);
    });
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
