// SPDX-License-Identifier: Apache-2.0
// A box that waits, with the demo's transports, a Reticulum address and the console: its memory,
// and what it costs a battery and a card: how often it wakes the processor, what it writes.
#include <filesystem>
#include <fstream>
#include <thread>

#include "tests/bench/bench.h"
#include "tests/bench/fake_device.h"

namespace waypost::bench {
namespace {

namespace fs = std::filesystem;

constexpr int kSeconds = 300;  // the house notes the clock every five minutes

// The number behind `name:` in a file of proc(5); 0: there is none.
long number_in(const fs::path& file, const std::string& name) {
    std::ifstream in(file);
    for (std::string word; in >> word;) {
        long number = 0;
        if (word == name + ':' && in >> number) return number;
    }
    return 0;
}

struct Sum {
    long woken = 0;    // times that a thread of it slept and was woken
    long written = 0;  // bytes that it caused to be sent to the disk
    long calls = 0;    // of write(2) and the like
    double processor = 0;
};

Sum sum_of(int pid) {
    const fs::path at = "/proc/" + std::to_string(pid);
    Sum sum;
    for (const auto& thread : fs::directory_iterator(at / "task"))
        sum.woken += number_in(thread.path() / "status", "voluntary_ctxt_switches");
    sum.written = number_in(at / "io", "write_bytes");
    sum.calls = number_in(at / "io", "syscw");
    sum.processor = processor_seconds_of(pid);
    return sum;
}

std::string demo(const FakeDevice& device) {
    return "[meshtastic.roof]\nport = \"tcp:127.0.0.1:" + std::to_string(device.port()) +
           "\"\n[email.relay]\nlisten = [\"smtp:127.0.0.1:" + std::to_string(free_port()) +
           "\"]\nsmarthost = \"smtp:127.0.0.1:9\"\nsecurity = \"plain\"\n";
}

std::string reticulum_and_console() {
    return "[reticulum.phones]\nport = \"tcp-listen:127.0.0.1:" + std::to_string(free_port()) +
           "\"\n[console]\nlisten = \"127.0.0.1:" + std::to_string(free_port()) +
           "\"\nfiles = \"" WAYPOST_DOC "/../build/console\"\n";
}

void memory() {
    interop::Folder folder;
    FakeDevice device;
    interop::BoxProcess box(folder, demo(device));
    device.wait_for_host();
    std::this_thread::sleep_for(std::chrono::seconds(5));
    const Memory memory = memory_of(box.pid());
    row("resident", memory.resident, "MiB", "of which much is the shared text of libraries");
    row("private dirty", memory.private_dirty, "MiB", "what this process alone costs");
}

}  // namespace

int idle() {
    memory();
    interop::Folder folder;
    FakeDevice device;
    interop::BoxProcess box(folder, demo(device) + reticulum_and_console());
    device.wait_for_host();
    std::this_thread::sleep_for(std::chrono::seconds(40));  // until what a start does is done
    const Sum before = sum_of(box.pid());
    const StopWatch watch;
    std::this_thread::sleep_for(std::chrono::seconds(kSeconds));
    const Sum after = sum_of(box.pid());
    const double time = watch.seconds();
    const Memory all = memory_of(box.pid());
    const double woken = static_cast<double>(after.woken - before.woken) / time;
    row("with Reticulum and console: resident", all.resident, "MiB");
    row("the same: private dirty", all.private_dirty, "MiB");
    row("the same: woken", woken, "/s", "all its threads together");
    row("the same: processor", (after.processor - before.processor) / time * 100, "%",
        "of one core");
    row("the same: to the disk", static_cast<double>(after.written - before.written) / time * 3.6,
        "kB/h", "as the kernel counts it, whole pages");
    row("the same: writing calls", static_cast<double>(after.calls - before.calls) / time * 3600,
        "/h");
    print({"idle", woken, "", 0, "wake-ups/s", 0});
    return 0;
}

}  // namespace waypost::bench
