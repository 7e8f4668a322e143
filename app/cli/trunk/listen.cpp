// SPDX-License-Identifier: Apache-2.0
// Every frame that a modem hears. Nothing is sent, so no region is asked for.
#include <memory>

#include "app/cli/trunk/interrupt.h"
#include "app/cli/trunk/open_radio.h"
#include "app/cli/trunk/signal_text.h"
#include "app/cli/trunk/tools.h"
#include "gateway/base/encoding.h"
#include "radio/trunk/tools/packet_text.h"

namespace waypost::cli {
namespace {

constexpr milliseconds kLook{200};  // for Ctrl-C

struct ListenOptions {
    RadioOptions radio;
    int count = 0;
};

struct Heard {
    int frames = 0;
    std::size_t bytes = 0;
    int broken = 0;
};

void show(const FrameIn& frame, WallTime now, bool json) {
    const std::string text = trunk::packet_text(frame.bytes);
    if (json) {
        Json object;
        object.set("at_ms", to_ms(now));
        object.set("bytes", frame.bytes.size());
        set_signal(object, "", trunk::signal_of(frame));
        if (!frame.from.empty()) object.set("from", frame.from);
        object.set("type", text);
        object.set("hex", to_hex(frame.bytes));
        return print_now(object);
    }
    print_now(clock_text(now) + "  " + std::to_string(frame.bytes.size()) + " bytes  " +
              signal_text(trunk::signal_of(frame)) + (frame.from.empty() ? "" : "  from ") +
              frame.from + "  " + text + '\n' + "          " + to_hex(frame.bytes));
}

void end(const Heard& heard, bool json) {
    if (json) {
        Json object;
        object.set("frames", heard.frames);
        object.set("total_bytes", heard.bytes);
        object.set("damaged", heard.broken);
        return print_now(object);
    }
    print_now(std::to_string(heard.frames) + " frames, " + std::to_string(heard.bytes) +
              " bytes, " + std::to_string(heard.broken) + " damaged");
}

void listen(const ListenOptions& options, Context& context) {
    catch_interrupts();
    auto radio = OpenRadio::open(options.radio, Sends::No, remark);
    if (!radio.ok()) return fail(context, radio.error());
    Heard heard;
    while (interrupted() == 0 && (options.count == 0 || heard.frames < options.count)) {
        const RadioActions actions = (*radio)->step((*radio)->now() + kLook);
        heard.broken += actions.broken;
        for (const FrameIn& frame : actions.heard) {
            ++heard.frames;
            heard.bytes += frame.bytes.size();
            show(frame, (*radio)->clock().wall(), context.json);
        }
    }
    end(heard, context.json);
}

}  // namespace

void add_trunk_listen(CLI::App& trunk, Context& context) {
    auto options = std::make_shared<ListenOptions>();
    auto* command =
        trunk.add_subcommand("listen", "every frame that the modem hears; sends nothing");
    add_radio_options(*command, options->radio, Sends::No);
    command->add_option("--count", options->count, "end after so many frames; 0: never")
        ->check(CLI::NonNegativeNumber);
    command->callback([&context, options] { listen(*options, context); });
}

}  // namespace waypost::cli
