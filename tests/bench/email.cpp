// SPDX-License-Identifier: Apache-2.0
// Real mail through the daemon: SMTP in, read, on disk, composed for a radio of 200 bytes, handed
// to its device, acknowledged. What a radio is sent unasked for a mail is its first page.
#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "bridges/email/mime/read_mail.h"
#include "gateway/message/text.h"
#include "radio/meshtastic/stream_codec.h"
#include "tests/bench/bench.h"
#include "tests/bench/fake_device.h"
#include "tests/bench/real_mail.h"

namespace waypost::bench {
namespace {

constexpr std::size_t kMails = 10'000;
constexpr std::size_t kSessions = 20;
constexpr std::uint32_t kPeople = 20;
constexpr std::uint32_t kFirstRadio = 0x100;
constexpr std::size_t kPageBytes = 180;  // of a mail's text, beside number and name
constexpr std::chrono::seconds kPatience{600};

// Bytes of each text that the device was handed.
class Pages {
  public:
    void add(std::size_t bytes) {
        const std::lock_guard lock(mutex_);
        bytes_.push_back(static_cast<double>(bytes));
        came_.notify_all();
    }
    void wait_for(std::size_t count) {
        std::unique_lock lock(mutex_);
        if (!came_.wait_for(lock, kPatience, [&] { return bytes_.size() >= count; }))
            throw std::runtime_error("only " + std::to_string(bytes_.size()) + " mails of " +
                                     std::to_string(count) + " reached a radio");
    }
    std::vector<double> all() {
        const std::lock_guard lock(mutex_);
        return bytes_;
    }

  private:
    std::mutex mutex_;
    std::condition_variable came_;
    std::vector<double> bytes_;
};

std::string person(std::size_t number) { return "person-" + std::to_string(number % kPeople); }

// Mails `from` to `to` of the round that goes on and on, by all sessions at once.
void feed(const std::vector<std::string>& mails, std::size_t from, std::size_t to, int port) {
    std::atomic<std::size_t> next{from};
    std::mutex mutex;
    std::string failure;
    std::vector<std::thread> sessions;
    for (std::size_t s = 0; s < kSessions; ++s) {
        sessions.emplace_back([&] {
            try {
                SmtpFeeder feeder(port);
                for (std::size_t n = next++; n < to; n = next++)
                    feeder.send(person(n) + "@village.test",
                                as_if_personal(mails[n % mails.size()],
                                               "<" + std::to_string(n) + "@hill.test>"));
            } catch (const std::exception& e) {
                const std::lock_guard lock(mutex);
                failure = e.what();
            }
        });
    }
    for (std::thread& session : sessions) session.join();
    if (!failure.empty()) throw std::runtime_error(failure);
}

// Of mail that is automatic whatever its list said (a bounce), no radio hears unasked.
void leave_out_automatic(std::vector<std::string>& mails) {
    const auto waits = [](const std::string& mail) {
        const auto read = email::read_mail(as_if_personal(mail, "<x@hill.test>"));
        return !read.ok() || read->automatic || read->from != mailto("writer", "hill.test");
    };
    mails.erase(std::remove_if(mails.begin(), mails.end(), waits), mails.end());
}

void print_sizes(const std::vector<std::string>& mails) {
    std::vector<double> texts;
    std::vector<double> pages;
    for (const std::string& mail : mails) {
        const auto read = email::read_mail(mail);
        const std::string text = read.ok() ? squeeze(read->text) : "";
        texts.push_back(static_cast<double>(text.size()));
        pages.push_back(static_cast<double>(split_pages(text, kPageBytes).size()));
    }
    row("whole text that is left, median", median(texts), "bytes",
        "what asking for all would cost");
    row("the same in pages, median", median(pages), "pages",
        "nine of ten need at most " + std::to_string(static_cast<int>(percentile(pages, 0.9))));
}

}  // namespace

int email() {
    std::vector<std::string> mails = real_mails();
    const std::size_t of_set = mails.size();
    leave_out_automatic(mails);
    interop::Folder folder;
    Pages pages;
    FakeDevice device([&](std::uint32_t, std::string_view text) { pages.add(text.size()); });
    const int port = free_port();
    interop::BoxProcess box(
        folder, "[meshtastic.roof]\nport = \"tcp:127.0.0.1:" + std::to_string(device.port()) +
                    "\"\ngap = \"0ms\"\nshare = 100\n[email.relay]\nlisten = "
                    "[\"smtp:127.0.0.1:" +
                    std::to_string(port) + "\"]\nauthserv_id = \"" + kAuthserv + "\"\n");
    device.wait_for_host();
    for (std::uint32_t i = 0; i < kPeople; ++i) {
        box.waypost("people add " + person(i) +
                    " --radio meshtastic:" + meshtastic::node_id(kFirstRadio + i));
        box.waypost("contacts add " + person(i) + ' ' + kWriter);
    }
    const double idle = memory_of(box.pid()).resident;
    const std::size_t first = std::min(mails.size(), kMails);
    const StopWatch watch;
    feed(mails, 0, first, port);
    pages.wait_for(first);
    const std::vector<double> of_first = pages.all();
    feed(mails, first, kMails, port);
    const double taken = watch.seconds();
    pages.wait_for(kMails);
    const double seconds = watch.seconds();
    const Memory memory = memory_of(box.pid());

    std::vector<double> raw;
    for (const std::string& mail : mails) raw.push_back(static_cast<double>(mail.size()));
    const double share = median(of_first) / median(raw);
    row("mails of the set", static_cast<double>(mails.size()), "mails",
        std::to_string(of_set - mails.size()) + " that are never sent unasked left out");
    row("went in", kMails, "mails",
        "round and round, new Message-IDs, one known sender, no list headers");
    row("taken, read, on disk", kMails / taken, "mails/s");
    row("until the last was on its radio", kMails / seconds, "mails/s");
    row("memory idle", idle, "MiB");
    row("memory at the most", memory.peak, "MiB",
        "over idle: " + std::to_string(memory.peak - idle).substr(0, 5));
    row("raw mail, median of the first round", median(raw), "bytes");
    row("what a radio carries unasked, median", median(of_first), "bytes",
        "share " + std::to_string(share).substr(0, 5));
    print_sizes(mails);
    print({"email", kMails / seconds, "", 0, "mails/s", share});
    return 0;
}

}  // namespace waypost::bench
