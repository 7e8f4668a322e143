// SPDX-License-Identifier: Apache-2.0
// Ten thousand letters to one person over a component stream that is cut at every hundredth. None
// may be missing, each writer's have to come in order, what comes twice has to have its old id, and
// the gateway must have counted exactly the repeats that there were.
#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <stdexcept>

#include "tests/bench/bench.h"
#include "tests/bench/cut_stream.h"
#include "tests/bench/real_mail.h"
#include "tests/bench/xmpp_account.h"
#include "tests/bench/xmpp_stage.h"
#include "tests/interop/xmpp/talk_village.h"

namespace waypost::bench {
namespace {

constexpr int kWriters = 5;
constexpr int kOfEach = 2000;
constexpr int kAll = kWriters * kOfEach;
constexpr int kCutAt = 100;
constexpr std::chrono::seconds kPatience{1800};

std::string writer(int number) { return "writer-" + std::to_string(number) + "@hill.test"; }

std::string mail(int from, int number) {
    const std::string mark = std::to_string(from) + ' ' + std::to_string(number);
    return std::string("Authentication-Results: ") + kAuthserv +
           "; dmarc=pass\nFrom: " + writer(from) + "\nTo: bob@village.test\nMessage-ID: <" +
           std::to_string(from) + '.' + std::to_string(number) + "@hill.test>\n\nletter " + mark +
           '\n';
}

// What Bob's program was shown.
class Shown {
  public:
    void saw(const xmpp::Element& stanza) {
        if (stanza.name() != "message") return;
        const std::string body(stanza.child_text("body"));
        const std::lock_guard lock(mutex_);
        if (body.rfind("letter ", 0) != 0) {
            ++others_;
            return;
        }
        const std::string id(stanza.get("id"));
        const xmpp::Element* origin = stanza.find("origin-id", "urn:xmpp:sid:0");
        if (origin == nullptr || origin->get("id") != id) ++without_id_;
        const auto [known, fresh] = ids_.emplace(body, id);
        if (!fresh) {
            ++repeats_;
            if (known->second != id) ++changed_ids_;
            return;
        }
        int from = 0, number = 0;
        if (std::sscanf(body.c_str(), "letter %d %d", &from, &number) != 2) return;
        if (number < last_[from]) ++out_of_order_;
        last_[from] = number;
    }
    int others() const { return with_lock(others_); }
    int came() const {
        const std::lock_guard lock(mutex_);
        return static_cast<int>(ids_.size());
    }
    int repeats() const { return with_lock(repeats_); }
    int wrong() const { return with_lock(without_id_) + with_lock(changed_ids_); }
    int out_of_order() const { return with_lock(out_of_order_); }

  private:
    int with_lock(const int& value) const {
        const std::lock_guard lock(mutex_);
        return value;
    }
    mutable std::mutex mutex_;
    std::map<std::string, std::string> ids_;  // by text
    std::map<int, int> last_;                 // by writer
    int others_ = 0, repeats_ = 0, without_id_ = 0, changed_ids_ = 0, out_of_order_ = 0;
};

void feed(int port) {
    std::vector<std::thread> writers;
    std::atomic<int> failed{0};
    for (int from = 0; from < kWriters; ++from)
        writers.emplace_back([&failed, port, from] {
            try {
                SmtpFeeder feeder(port);
                for (int i = 1; i <= kOfEach; ++i)
                    feeder.send("bob@village.test", mail(from, i), writer(from));
            } catch (const std::exception& e) {
                std::fprintf(stderr, "%s\n", e.what());
                ++failed;
            }
        });
    for (std::thread& each : writers) each.join();
    if (failed > 0) throw std::runtime_error("mails were not taken");
}

long counted(const interop::BoxProcess& box, const std::string& key) {
    const std::string status = box.waypost("status");
    const std::size_t at = status.find(' ' + key + ": ");
    return at == std::string::npos ? -1 : std::stol(status.substr(at + key.size() + 3));
}

}  // namespace

int xmpp_cut() {
    const interop::Prosody server(kOpenServer);
    const interop::Folder folder;
    CutStream line(server.component_port(), kCutAt);
    line.hold(true);
    const int port = free_port();
    const interop::BoxProcess box(
        folder, interop::xmpp_settings(folder, server, {{}, line.port()}) +
                    "[email.relay]\nlisten = [\"smtp:127.0.0.1:" + std::to_string(port) +
                    "\"]\nauthserv_id = \"" + kAuthserv + "\"\n");
    box.waypost("people add bob");
    for (int i = 0; i < kWriters; ++i) box.waypost("contacts add bob " + writer(i));
    Shown shown;
    XmppAccount bob(server.client_port(), "bob", server.domain(),
                    [&](const xmpp::Element& stanza) { shown.saw(stanza); });
    if (!interop::eventually(
            [&] { return box.waypost("status").find("xmpp.home: works") != std::string::npos; }))
        throw std::runtime_error("the gateway has no stream: " + box.log());
    bob.send(letter(server.component(), "hello-bob", "<body>?</body>"));
    if (!interop::eventually([&] { return shown.others() > 0 && counted(box, "waiting") == 0; }))
        throw std::runtime_error("Bob is not known: " + box.log());

    line.hold(false);
    const StopWatch watch;
    feed(port);
    const double fed = watch.seconds();
    if (!interop::eventually([&] { return shown.came() >= kAll; }, kPatience))
        throw std::runtime_error("only " + std::to_string(shown.came()) +
                                 " letters came: " + box.waypost("status"));
    line.hold(true);
    interop::eventually([&] { return counted(box, "waiting") == 0; });
    const long repeats = counted(box, "repeats");
    const bool good = shown.wrong() == 0 && shown.out_of_order() == 0 &&
                      repeats == shown.repeats() + line.swallowed();
    row("letters taken", kAll / fed, "mails/s", "by SMTP, durable");
    row("letters that came", shown.came(), "", "of " + std::to_string(kAll));
    row("cuts", static_cast<double>(line.cuts()), "");
    row("out of order", shown.out_of_order(), "", "within one writer's");
    row("shown twice", shown.repeats(), "", "each under its old id");
    row("without an id, or under another", shown.wrong(), "");
    row("swallowed by the line", static_cast<double>(line.swallowed()), "");
    row("repeats that the gateway counted", static_cast<double>(repeats), "",
        "shown twice and swallowed: " + std::to_string(shown.repeats() + line.swallowed()));
    row("took", watch.seconds(), "s", "of which most is the wait before each new stream");
    std::printf(R"({"bench": "xmpp-cut", "letters": %d, "lost": %d, "cuts": %ld, "good": %s})"
                "\n",
                kAll, kAll - shown.came(), line.cuts(), good ? "true" : "false");
    return good ? 0 : 1;
}

}  // namespace waypost::bench
