// SPDX-License-Identifier: Apache-2.0
// From the last radio byte of a direct message to MAIL FROM at the smarthost: reading, people and
// grammar, two commits on the disk, composing the mail, one round trip of SMTP.
#include <condition_variable>
#include <mutex>
#include <stdexcept>

#include "app/demo/mail_peer.h"
#include "radio/meshtastic/stream_codec.h"
#include "tests/bench/bench.h"
#include "tests/bench/fake_device.h"

namespace waypost::bench {
namespace {

using Moment = std::chrono::steady_clock::time_point;

constexpr int kPeople = 20;
constexpr int kTexts = 1000;
constexpr std::uint32_t kFirstRadio = 0x100;

// When the relay last read a MAIL FROM.
class MailFroms {
  public:
    explicit MailFroms(demo::MailPeer& relay) {
        relay.on_received = [this](std::string_view bytes) {
            if (bytes.find("MAIL FROM") == std::string_view::npos) return;
            const std::lock_guard lock(mutex_);
            last_ = std::chrono::steady_clock::now();
            ++count_;
            came_.notify_all();
        };
    }
    Moment wait_for(int number) {
        std::unique_lock lock(mutex_);
        if (!came_.wait_for(lock, std::chrono::seconds(20), [&] { return count_ >= number; }))
            throw std::runtime_error("a text never became a mail");
        return last_;
    }

  private:
    std::mutex mutex_;
    std::condition_variable came_;
    Moment last_;
    int count_ = 0;
};

}  // namespace

int radio_latency() {
    interop::Folder folder;
    FakeDevice device;
    demo::MailPeer relay;
    MailFroms mail_froms(relay);
    interop::BoxProcess box(folder,
                            "[limits]\nperson_mails_per_day = 10000\nradio_lines_per_minute = 0\n"
                            "[meshtastic.roof]\nport = "
                            "\"tcp:127.0.0.1:" +
                                std::to_string(device.port()) +
                                "\"\n[email.relay]\nsmarthost = \"smtp:127.0.0.1:" +
                                std::to_string(relay.port()) + "\"\nsecurity = \"plain\"\n");
    device.wait_for_host();
    for (std::uint32_t i = 0; i < kPeople; ++i) {
        box.waypost("people add person-" + std::to_string(i) +
                    " --radio meshtastic:" + meshtastic::node_id(kFirstRadio + i));
    }
    std::vector<double> waits;
    for (int i = 0; i < kTexts; ++i) {
        const Moment sent = device.text(kFirstRadio + static_cast<std::uint32_t>(i % kPeople),
                                        "bob@out.test bridge out, no. " + std::to_string(i));
        const std::chrono::duration<double, std::milli> wait = mail_froms.wait_for(i + 1) - sent;
        if (i >= kPeople)
            waits.push_back(wait.count());  // the first of each opens what is cached later
    }
    row("median", median(waits), "ms");
    row("p99", percentile(waits, 0.99), "ms");
    row("worst", percentile(waits, 1), "ms");
    print({"radio-latency", percentile(waits, 0.99), "", 0, "ms", 0});
    return 0;
}

}  // namespace waypost::bench
