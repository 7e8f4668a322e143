// SPDX-License-Identifier: Apache-2.0
// Memory of a box that waits, with the demo's transports: a Meshtastic device on a pseudo terminal,
// a mail listener and a smarthost.
#include "tests/bench/bench.h"
#include "tests/bench/fake_device.h"

namespace waypost::bench {

int idle() {
    interop::Folder folder;
    FakeDevice device;
    interop::BoxProcess box(
        folder, "[meshtastic.roof]\nport = \"tcp:127.0.0.1:" + std::to_string(device.port()) +
                    "\"\n[email.relay]\nlisten = [\"smtp:127.0.0.1:" + std::to_string(free_port()) +
                    "\"]\nsmarthost = \"smtp:127.0.0.1:9\"\nsecurity = "
                    "\"plain\"\n");
    device.wait_for_host();
    const StopWatch watch;
    interop::eventually([&] { return watch.seconds() > 5; });
    const Memory memory = memory_of(box.pid());
    row("resident", memory.resident, "MiB", "of which much is the shared text of libraries");
    row("private dirty", memory.private_dirty, "MiB", "what this process alone costs");
    print({"idle", memory.resident, "", 0, "MiB", 0});
    return 0;
}

}  // namespace waypost::bench
