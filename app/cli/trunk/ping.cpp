// SPDX-License-Identifier: Apache-2.0
// `waypost trunk ping`, and `--answer` at the other end.
#include <deque>
#include <memory>

#include "app/cli/trunk/interrupt.h"
#include "app/cli/trunk/pinging.h"
#include "app/cli/trunk/signal_text.h"
#include "app/cli/trunk/tools.h"

namespace waypost::cli {
namespace {

constexpr milliseconds kLook{100};
constexpr milliseconds kTurnRound{100};  // until the other's modem listens again
constexpr milliseconds kTooLate{5000};   // nobody waits for the answer any more

struct PingCommand {
    PingOptions ping;
    bool answer = false;
};

const char* fate_text(FrameFate fate) {
    switch (fate) {
        case FrameFate::Busy:
            return "the channel is busy";
        case FrameFate::NoAirtime:
            return "the modem has no airtime left";
        case FrameFate::NoRoom:
            return "the modem has no room";
        case FrameFate::TooLong:
            return "the modem carries less";
        default:
            return "the modem failed";
    }
}

void show(const trunk::PingResult& result, WallTime now, bool json) {
    using Kind = trunk::PingResult::Kind;
    if (json) {
        static constexpr const char* kKinds[] = {"answered", "lost", "not sent"};
        Json object;
        object.set("at_ms", to_ms(now));
        object.set("number", result.number);
        object.set("result", kKinds[static_cast<int>(result.kind)]);
        if (result.kind == Kind::NotSent) object.set("why", fate_text(result.fate));
        if (result.kind == Kind::Answered) object.set("round_trip_ms", result.round_trip.count());
        set_signal(object, "_here", result.here);
        set_signal(object, "_there", result.there);
        return print_now(object);
    }
    std::string line = clock_text(now) + "  " + std::to_string(result.number) + "  ";
    if (result.kind == Kind::Lost) line += "no answer";
    if (result.kind == Kind::NotSent) line += std::string("not sent: ") + fate_text(result.fate);
    if (result.kind == Kind::Answered)
        line += std::to_string(result.round_trip.count()) + " ms  here " +
                signal_text(result.here) + "  there " + signal_text(result.there);
    print_now(line);
}

void ask(const PingCommand& options, OpenRadio& radio, Context& context) {
    trunk::PingTotals totals;
    const auto pinged = ping(
        options.ping, radio,
        [&](const trunk::PingResult& result) {
            totals.add(result);
            show(result, radio.clock().wall(), context.json);
        },
        [] { return true; });
    if (!pinged.ok()) return fail(context, pinged.error());
    if (context.json) {
        print_now(totals_json(totals));
    } else {
        print_now(totals_text(totals));
    }
    if (totals.answered() == 0) context.status = 1;
}

void show_ping(const trunk::Probe& ping, const FrameIn& frame, WallTime now, bool json) {
    if (json) {
        Json object;
        object.set("at_ms", to_ms(now));
        object.set("number", int{ping.number});
        set_signal(object, "_here", trunk::signal_of(frame));
        return print_now(object);
    }
    print_now(clock_text(now) + "  ping " + std::to_string(ping.number) + " heard  " +
              signal_text(trunk::signal_of(frame)));
}

// The newest ping is answered.
void answer(const PingCommand& options, OpenRadio& radio, Context& context) {
    auto key = probe_key(options.ping.radio);
    if (!key.ok()) return fail(context, key.error());
    trunk::Answerer answerer(std::move(*key));
    std::optional<std::string> waiting;
    BoxTime not_before{};
    int heard = 0;
    while (interrupted() == 0 &&
           (options.ping.count == 0 || heard < options.ping.count || waiting || radio.sending())) {
        const BoxTime now = radio.now();
        if (!radio.refused().empty()) return fail(context, {Code::Full, radio.refused(), true});
        if (waiting && now >= not_before && (now > not_before + kTooLate || radio.send(*waiting)))
            waiting.reset();
        const RadioActions actions =
            radio.step(waiting ? std::max(not_before, now + milliseconds(10)) : now + kLook);
        for (const FrameIn& frame : actions.heard) {
            auto answer = answerer.heard(frame);
            if (!answer) continue;
            ++heard;
            show_ping(answer->ping, frame, radio.clock().wall(), context.json);
            waiting = std::move(answer->packet);
            not_before = radio.now() + kTurnRound;
        }
    }
}

void run_ping(const PingCommand& options, Context& context) {
    catch_interrupts();
    auto radio = OpenRadio::open(options.ping.radio, Sends::Yes, remark);
    if (!radio.ok()) return fail(context, radio.error());
    if (options.answer) return answer(options, **radio, context);
    ask(options, **radio, context);
}

}  // namespace

void add_trunk_ping(CLI::App& trunk, Context& context) {
    auto options = std::make_shared<PingCommand>();
    auto* command = trunk.add_subcommand(
        "ping", "is the other end (ping --answer) there, and how strong, both ways");
    command->add_flag("--answer", options->answer, "answer the pings of the other end");
    add_ping_options(*command, options->ping);
    command->add_option("--count", options->ping.count, "end after so many pings; 0: never")
        ->check(CLI::NonNegativeNumber);
    add_radio_options(*command, options->ping.radio, Sends::Yes);
    add_code_options(*command, options->ping.radio, false);
    command->callback([&context, options] { run_ping(*options, context); });
}

}  // namespace waypost::cli
