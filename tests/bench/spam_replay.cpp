// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/spam_replay.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <map>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <vector>

#include "app/demo/mail_peer.h"
#include "bridges/email/mime/read_mail.h"
#include "gateway/message/text.h"
#include "radio/meshtastic/stream_codec.h"
#include "tests/bench/fake_device.h"
#include "tests/bench/real_mail.h"
#include "tests/interop/mail/peers.h"

namespace waypost::bench {
namespace {

using Moment = std::chrono::steady_clock::time_point;

constexpr std::uint32_t kPeople = 5;
constexpr std::uint32_t kFirstRadio = 0x100;
constexpr std::size_t kSessions = 4;
constexpr std::chrono::seconds kPatience{900};
constexpr char kFriend[] = "friend@out.test";

std::string person(std::size_t number) { return "person-" + std::to_string(number % kPeople); }

// "village-answer-17." names a reply in its text.
constexpr char kMark[] = "village-answer-";
std::string mark_of(std::size_t reply) { return kMark + std::to_string(reply) + '.'; }

// What the radios were sent.
class Screens {
  public:
    void add(std::uint32_t radio, std::string_view text) {
        const auto now = std::chrono::steady_clock::now();
        const std::lock_guard lock(mutex_);
        const std::size_t mark = text.find(kMark);
        if (mark == std::string_view::npos) {
            ++others_[radio];
            ++all_others_;
            if (began_) a_packet_ = text;
            return;
        }
        const std::string_view rest = text.substr(mark + sizeof kMark - 1);
        came_.try_emplace(std::stoul(std::string(rest.substr(0, rest.find('.')))), now);
    }
    std::size_t others() {
        const std::lock_guard lock(mutex_);
        return all_others_;
    }
    std::size_t replies() {
        const std::lock_guard lock(mutex_);
        return came_.size();
    }
    void begin() {
        const std::lock_guard lock(mutex_);
        others_.clear();
        began_ = true;
    }
    void sum_up(const std::map<std::size_t, Moment>& sent, SpamFigures& figures) {
        const std::lock_guard lock(mutex_);
        for (const auto& [radio, count] : others_)
            figures.most_packets = std::max(figures.most_packets, count);
        figures.a_packet = a_packet_;
        std::vector<double> delays;
        for (const auto& [reply, when] : sent) {
            const auto came = came_.find(reply);
            if (came == came_.end()) {
                ++figures.replies_lost;
                continue;
            }
            delays.push_back(
                std::max(0.0, std::chrono::duration<double>(came->second - when).count()));
        }
        std::sort(delays.begin(), delays.end());
        if (delays.empty()) return;
        figures.median_delay_s = delays[delays.size() / 2];
        figures.worst_delay_s = delays.back();
    }

  private:
    std::mutex mutex_;
    std::map<std::uint32_t, int> others_;
    std::map<std::size_t, Moment> came_;
    std::size_t all_others_ = 0;
    std::string a_packet_;
    bool began_ = false;
};

struct Spam {
    std::string from;  // of the envelope: who the mail says that he is
    std::string mail;  // without Message-ID
};

bool is_plain(const std::string& address) {
    const auto fits = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '.' || c == '-' || c == '_' || c == '+' || c == '@';
    };
    const std::size_t at = address.find('@');
    return at != std::string::npos && at > 0 && address.find('@', at + 1) == std::string::npos &&
           address.find("..") == std::string::npos && address.find("@.") == std::string::npos &&
           address.find('.', at) != std::string::npos && address[0] != '.' &&
           address[at - 1] != '.' && std::all_of(address.begin(), address.end(), fits);
}

std::string without_message_id(const std::string& mail) {
    std::string out;
    bool dropping = false;
    std::size_t from = 0;
    while (from < mail.size() && mail[from] != '\n' && mail[from] != '\r') {
        const std::size_t end = std::min(mail.find('\n', from), mail.size() - 1);
        const std::string line = mail.substr(from, end + 1 - from);
        const bool goes_on = line[0] == ' ' || line[0] == '\t';
        if (!goes_on) dropping = lower_ascii(line).rfind("message-id:", 0) == 0;
        if (!dropping) out += line;
        from = end + 1;
    }
    return out + mail.substr(from);
}

std::vector<Spam> spam_set() {
    std::vector<Spam> set;
    for (const std::string& mail : spam_mails()) {
        const auto read = email::read_mail(mail);
        const std::string from = read.ok() ? read->from.value : std::string();
        set.push_back({is_plain(from) ? from : "somebody@spam.test", without_message_id(mail)});
    }
    return set;
}

std::string toml(int device, int lmtp, int smarthost) {
    return "[meshtastic.roof]\nport = \"tcp:127.0.0.1:" + std::to_string(device) +
           "\"\ngap = \"0ms\"\nshare = 100\n[email.relay]\nlisten = [\"lmtp:127.0.0.1:" +
           std::to_string(lmtp) + "\"]\nsmarthost = \"smtp:127.0.0.1:" + std::to_string(smarthost) +
           "\"\nsecurity = \"plain\"\n";
}

// What Postfix cannot hand to the box it would bounce to whoever is named as sender: nothing of
// that leaves this machine.
std::map<std::string, std::string> postfix_settings() {
    return {{"in_flow_delay", "0"},
            {"smtpd_tls_security_level", "none"},
            {"default_transport", "discard:"}};
}

class Replay {
  public:
    explicit Replay(const SpamPlan& plan)
        : plan_(plan),
          device_([this](std::uint32_t to, std::string_view text) { screens_.add(to, text); }),
          postfix_(folder_, ports_, postfix_settings()),
          box_(folder_, toml(device_.port(), ports_.box_lmtp, outside_.port())) {}

    SpamFigures run() {
        const std::vector<Spam> set = spam_set();
        people_write();
        screens_.begin();
        const Moment began = std::chrono::steady_clock::now();
        feed(set);
        if (!interop::eventually([&] { return queue_is_empty(); }, kPatience))
            throw std::runtime_error("Postfix does not get rid of its mail");
        SpamFigures figures;
        figures.set = set.size();
        figures.seconds =
            std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
        interop::eventually([&] { return screens_.replies() == plan_.replies; });
        wait_for_notices();
        screens_.sum_up(sent_, figures);
        figures.notices = outside_.mailbox().size() - kPeople;
        figures.refused = count(postfix_.log(), "status=bounced");
        figures.memory_mib = static_cast<double>(box_.peak_memory()) / 1024;
        figures.held = held();
        return figures;
    }

  private:
    // Each has a radio and writes to a friend outside, whose answers carry the token of the mail.
    void people_write() {
        device_.wait_for_host();
        for (std::uint32_t i = 0; i < kPeople; ++i) {
            box_.waypost("people add " + person(i) +
                         " --radio meshtastic:" + meshtastic::node_id(kFirstRadio + i));
            device_.text(kFirstRadio + i, std::string(kFriend) + " hello from " + person(i));
        }
        const bool all = interop::eventually(
            [&] { return outside_.mailbox().size() == kPeople && screens_.others() >= kPeople; });
        if (!all) throw std::runtime_error("the villagers' mails did not get out");
        for (const demo::BobsMail& mail : outside_.mailbox()) reply_to_.push_back(mail.reply_to);
    }

    void feed(const std::vector<Spam>& set) {
        std::mutex mutex;
        std::string failure;
        std::vector<std::thread> sessions;
        const auto guarded = [&](const auto& work) {
            sessions.emplace_back([&, work] {
                try {
                    work();
                } catch (const std::exception& e) {
                    const std::lock_guard lock(mutex);
                    failure = e.what();
                    next_ = plan_.spam;
                }
            });
        };
        for (std::size_t s = 0; s < kSessions; ++s) guarded([&] { send_spam(set); });
        guarded([&] { send_replies(); });
        for (std::thread& session : sessions) session.join();
        if (!failure.empty()) throw std::runtime_error(failure);
    }

    void send_spam(const std::vector<Spam>& set) {
        SmtpFeeder feeder(ports_.mx);
        for (std::size_t n = next_++; n < plan_.spam; n = next_++) {
            const Spam& spam = set[n % set.size()];
            feeder.send(person(n) + "@village.test",
                        "Message-ID: <spam-" + std::to_string(n) + "@spam.test>\n" + spam.mail,
                        spam.from);
        }
    }

    void send_replies() {
        SmtpFeeder feeder(ports_.mx);
        for (std::size_t r = 0; r < plan_.replies; ++r) {
            const std::size_t after = (r + 1) * plan_.spam / (plan_.replies + 1);
            interop::eventually([&] { return next_ >= after; }, kPatience);
            const std::string from = "other" + std::to_string(r) + "@phone.test";
            const std::string& to = reply_to_[r % reply_to_.size()];
            feeder.send(to,
                        "From: Friend <" + from + ">\nTo: " + to + "\nSubject: Re: hello\n" +
                            "Message-ID: <r" + std::to_string(r) + "@phone.test>\n\n" + mark_of(r) +
                            " Yes, come\n",
                        from);
            sent_[r] = std::chrono::steady_clock::now();
        }
    }

    bool queue_is_empty() const {
        return interop::shell("postqueue -c " + folder_ / "pf" + " -p").find("is empty") !=
               std::string::npos;
    }

    // Until none has come for a while.
    void wait_for_notices() {
        std::size_t before = 0;
        int calm = 0;
        interop::eventually([&] {
            const std::size_t now = outside_.mailbox().size();
            calm = now == before ? calm + 1 : 0;
            before = now;
            return calm >= 40;
        });
    }

    // Page by page, as `waypost queue list` says them.
    std::size_t held() const {
        std::size_t found = 0;
        for (std::string after = "0"; !after.empty();) {
            const std::string page = box_.waypost("queue list held --after " + after);
            found += count(page, "  held  ");
            const std::string more = "--after ";
            const std::size_t at = page.rfind(more);
            after = at == std::string::npos ? "" : page.substr(at + more.size());
            if (!after.empty() && after.back() == '\n') after.pop_back();
        }
        return found;
    }

    static std::size_t count(const std::string& text, const std::string& word) {
        std::size_t found = 0;
        for (std::size_t at = text.find(word); at != std::string::npos;
             at = text.find(word, at + word.size()))
            ++found;
        return found;
    }

    const SpamPlan plan_;
    interop::Folder folder_;
    interop::Ports ports_;
    Screens screens_;
    FakeDevice device_;
    demo::MailPeer outside_;
    interop::Postfix postfix_;
    interop::BoxProcess box_;
    std::vector<std::string> reply_to_;
    std::atomic<std::size_t> next_{0};
    std::map<std::size_t, Moment> sent_;  // of the thread that replies, until it has ended
};

}  // namespace

SpamFigures replay_spam(const SpamPlan& plan) { return Replay(plan).run(); }

}  // namespace waypost::bench
