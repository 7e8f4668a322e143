// SPDX-License-Identifier: Apache-2.0
// What 500 people with radios and 50 programs of people cost the gateway, above the same gateway
// without them. Each program has 50 contacts among the 500, so that each of these is shown to five.
#include <atomic>
#include <stdexcept>

#include "tests/bench/bench.h"
#include "tests/bench/fake_device.h"
#include "tests/bench/xmpp_account.h"
#include "tests/bench/xmpp_stage.h"
#include "tests/interop/xmpp/talk_village.h"

namespace waypost::bench {
namespace {

constexpr int kContacts = 500;
constexpr int kPrograms = 50;
constexpr int kOfEach = 50;
constexpr double kMostMore = 16;  // MiB
constexpr std::chrono::seconds kPatience{180};

// When it has had time to give back what it does not need.
Memory settled(int pid) {
    const StopWatch watch;
    interop::eventually([&] { return watch.seconds() > 10; });
    return memory_of(pid);
}

std::string contact(int number) { return "radio-" + std::to_string(number % kContacts); }
std::string writer(int number) { return "writer-" + std::to_string(number); }

}  // namespace

int xmpp_memory() {
    const interop::Prosody server(kOpenServer);
    const interop::Folder folder;
    FakeDevice device;
    const interop::BoxProcess box(
        folder, "[meshtastic.roof]\nport = \"tcp:127.0.0.1:" + std::to_string(device.port()) +
                    "\"\n" + interop::xmpp_settings(folder, server));
    device.wait_for_host();
    const Memory before = settled(box.pid());
    const auto add = [&](int count, const std::string& person) {
        interop::shell("for i in $(seq 0 " + std::to_string(count - 1) + "); do " + box.command() +
                       " people add " + person + " || exit; done");
    };
    // Radios !00000100 and on.
    add(kContacts, "radio-$i --radio meshtastic:!$(printf %08x $((i + 256)))");
    add(kPrograms, "writer-$i");
    std::atomic<int> seen{0};
    std::vector<std::unique_ptr<XmppAccount>> programs;
    for (int i = 0; i < kPrograms; ++i) {
        programs.push_back(std::make_unique<XmppAccount>(
            server.client_port(), writer(i), server.domain(), [&](const xmpp::Element& stanza) {
                if (stanza.name() == "presence" && stanza.get("type") == "subscribed") ++seen;
            }));
        std::string wishes;
        for (int j = 0; j < kOfEach; ++j)
            wishes += "<presence type='subscribe' to='" + contact(i * kContacts / kPrograms + j) +
                      '@' + server.component() + "'/>";
        programs.back()->send(wishes);
    }
    if (!interop::eventually([&] { return seen >= kPrograms * kOfEach; }, kPatience))
        throw std::runtime_error("only " + std::to_string(seen) + " contacts said yes");
    const Memory with = settled(box.pid());
    const double more = with.resident - before.resident;
    row("gateway that waits, resident", before.resident, "MiB");
    row("with 500 people and 50 programs", with.resident, "MiB");
    row("more, resident", more, "MiB", "wanted: under 16");
    row("more, proportional", with.proportional - before.proportional, "MiB");
    print({"xmpp-memory", more, "", 0, "MiB", 0});
    return more < kMostMore ? 0 : 1;
}

}  // namespace waypost::bench
