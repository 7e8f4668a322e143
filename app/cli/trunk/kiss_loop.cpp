// SPDX-License-Identifier: Apache-2.0
#include "app/cli/trunk/kiss_loop.h"

#include "app/cli/trunk/interrupt.h"
#include "app/cli/trunk/kiss_hosts.h"
#include "app/cli/trunk/open_radio.h"
#include "app/cli/trunk/tools.h"

namespace waypost::cli {
namespace {

constexpr milliseconds kLook{20};  // at the programs, which wake nobody

struct OnAir {
    int sent = 0, heard = 0, failed = 0;
};

void run(OpenRadio& radio, KissHosts& hosts, OnAir& count, Context& context) {
    std::optional<std::string> waiting;
    while (interrupted() == 0) {
        if (!radio.refused().empty()) return fail(context, {Code::Full, radio.refused(), true});
        if (radio.ready()) hosts.run(radio.payload());
        if (!waiting) waiting = hosts.next_frame();
        if (waiting && radio.send(*waiting)) waiting.reset();
        const RadioActions actions = radio.step(radio.now() + kLook);
        for (const FrameReport& report : actions.reports)
            ++(was_on_air(report.fate) ? count.sent : count.failed);
        for (const FrameIn& frame : actions.heard) {
            ++count.heard;
            hosts.heard(frame.bytes);
        }
    }
}

}  // namespace

void kiss_loop(const KissOptions& options, Context& context) {
    catch_interrupts();
    auto radio = OpenRadio::open(options.radio, Sends::Yes, remark);
    if (!radio.ok()) return fail(context, radio.error());
    KissHosts hosts;
    const auto where =
        options.listen.empty() ? hosts.open_terminal(options.link) : hosts.listen(options.listen);
    if (!where.ok()) return fail(context, where.error());
    // Before the modem carries frames nothing is taken from the programs.
    while (interrupted() == 0 && !(*radio)->ready()) (*radio)->step((*radio)->now() + kLook);
    print_now(options.link.empty() ? *where : options.link);
    OnAir count;
    run(**radio, hosts, count, context);
    const auto dropped = hosts.counts();
    remark(std::to_string(count.sent) + " frames sent, " + std::to_string(count.heard) +
           " heard, " + std::to_string(count.failed) + " failed, " +
           std::to_string(dropped.too_long) + " too long, " + std::to_string(dropped.dropped) +
           " dropped, " + std::to_string(dropped.broken) + " broken");
}

}  // namespace waypost::cli
