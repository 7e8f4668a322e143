// SPDX-License-Identifier: Apache-2.0
// What a million waiting deliveries cost: taking mail by SMTP and at `accept` itself, memory, and
// the first dispatch after a kill -9.
#include <unistd.h>

#include <atomic>
#include <condition_variable>
#include <mutex>

#include "app/demo/mail_peer.h"
#include "gateway/delivery/office.h"
#include "tests/bench/bench.h"
#include "tests/fakes/fake_transport.h"

namespace waypost::bench {
namespace {

using interop::BoxProcess;
using interop::Folder;

constexpr int kWaiting = 1'000'000;
constexpr int kSample = 20'000;
constexpr int kOutstanding = 256;
constexpr int kSmtpMails = 10'000;

BoxSettings box_settings() {
    BoxSettings settings;
    settings.domain = "village.test";
    settings.village = "village";
    return settings;
}

// The office on the store that the daemon opens next; nothing it takes can leave.
class Inside {
  public:
    explicit Inside(const Folder& folder)
        : random_(system_random()),
          store_(store::open_sqlite(folder / "waypost.db"), {folder / "waypost.db.bodies", true},
                 *random_),
          box_(box_settings(), store_, clock_, *random_, Secret(std::string(32, 'k'))),
          office_(box_),
          closed_(std::make_shared<FakeTransport>("email.relay", "email", "mailto",
                                                  Limits{0, 32, false})) {
        box_.router.carries("mailto", "email", false);
        store_.writer().start();
        office_.load();
        closed_->unreachable = "eve@out.test";
        closed_->start(office_);
        office_.transports().add(closed_);
        office_.start();
    }
    Inside(const Inside&) = delete;
    Inside& operator=(const Inside&) = delete;
    ~Inside() {
        office_.stop();
        store_.writer().stop();
    }

    // Messages a second from the first accept to the last verdict.
    double take(int count) {
        const StopWatch watch;
        for (int i = 0; i < count; ++i) {
            {
                std::unique_lock lock(mutex_);
                room_.wait(lock, [this] { return outstanding_ < kOutstanding; });
                ++outstanding_;
            }
            office_.accept(message(), [this](const std::vector<Verdict>& verdicts) {
                if (!verdicts.at(0).kept()) refused_ = true;
                const std::lock_guard lock(mutex_);
                --outstanding_;
                room_.notify_one();
            });
        }
        std::unique_lock lock(mutex_);
        room_.wait(lock, [this] { return outstanding_ == 0; });
        if (refused_) throw std::runtime_error("the office refused a message");
        return count / watch.seconds();
    }

  private:
    Message message() {
        Message message;
        message.from = mailto("bob", "hill.test");
        message.to = {mailto("eve", "out.test")};
        message.network = "email";
        message.transport = "email.relay";
        message.origin_id = "<" + std::to_string(++number_) + "@hill.test>";
        message.written = to_ms(clock_.wall()) / 1000;
        message.subject = "number " + std::to_string(number_);
        message.text = std::string(480, 'x');
        message.body.bytes = std::string(1024, 'x');
        message.body.size = 1024;
        message.trusted = true;
        return message;
    }

    std::unique_ptr<Random> random_;
    store::Store store_;
    SystemClock clock_;
    Box box_;
    GatewayOffice office_;
    std::shared_ptr<FakeTransport> closed_;
    std::mutex mutex_;
    std::condition_variable room_;
    int outstanding_ = 0;
    std::atomic<bool> refused_{false};
    long number_ = 0;
};

std::string settings(int port, const std::string& more) {
    return "[email.relay]\nlisten = [\"smtp:127.0.0.1:" + std::to_string(port) +
           "\"]\ntrusted = [\"127.0.0.1/32\"]\n" + more;
}

struct BySmtp {
    double rate = 0;
    double idle = 0;  // MiB resident before the first mail
    double peak = 0;  // MiB resident at the most
};

// Three runs, the middle one counts; what the machine still has to write of before is written
// first.
double at_accept(Inside& inside) {
    ::sync();
    std::vector<double> rates;
    for (int i = 0; i < 3; ++i) rates.push_back(inside.take(kSample));
    return median(rates);
}

BySmtp by_smtp(const Folder& folder) {
    const int port = free_port();
    BoxProcess box(folder, settings(port, ""));
    BySmtp result;
    result.idle = memory_of(box.pid()).resident;
    ::sync();
    std::vector<double> rates;
    for (int i = 0; i < 3; ++i) rates.push_back(rate_of({port, 20, kSmtpMails}));
    result.rate = median(rates);
    result.peak = memory_of(box.pid()).peak;
    return result;
}

// From the start of the program to the first mail at a relay.
double first_dispatch(const Folder& folder) {
    demo::MailPeer relay;
    std::atomic<bool> reached{false};
    std::atomic<double> seconds{0};
    std::unique_ptr<StopWatch> watch;
    relay.on_received = [&](std::string_view bytes) {
        if (bytes.find("MAIL FROM") == std::string_view::npos || reached.exchange(true)) return;
        seconds = watch->seconds();
    };
    const auto start = [&] { watch = std::make_unique<StopWatch>(); };
    start();
    BoxProcess box(folder, settings(free_port(),
                                    "smarthost = \"smtp:127.0.0.1:" + std::to_string(relay.port()) +
                                        "\"\nsecurity = \"plain\"\nconnections = 1\n"));
    interop::eventually([&] { return reached.load(); });
    box.kill9();
    reached = false;
    start();
    box.start();
    interop::eventually([&] { return reached.load(); });
    box.kill9();
    return seconds;
}

}  // namespace

int queue_scale() {
    Folder folder;
    const BySmtp none = by_smtp(folder);
    row("by SMTP, none waiting", none.rate, "mails/s");
    double empty_rate = 0;
    double full_rate = 0;
    {
        Inside inside(folder);
        inside.take(kSample / 10);
        empty_rate = at_accept(inside);
        inside.take(kWaiting - 4 * kSample);
        full_rate = at_accept(inside);
    }
    row("at accept, none waiting", empty_rate, "/s");
    row("at accept, 1,000,000 waiting", full_rate, "/s",
        "ratio " + std::to_string(full_rate / empty_rate).substr(0, 4));
    const BySmtp full = by_smtp(folder);
    row("by SMTP, 1,000,000 waiting", full.rate, "mails/s");
    row("memory idle, none waiting", none.idle, "MiB");
    row("memory at the most, 1,000,000 waiting", full.peak, "MiB",
        "none waiting: " + std::to_string(none.peak).substr(0, 5));
    row("first dispatch after kill -9 and start", first_dispatch(folder), "s");
    print({"queue-scale", full.rate, "", 0, "mails/s", full.rate / none.rate});
    return 0;
}

}  // namespace waypost::bench
