// SPDX-License-Identifier: Apache-2.0
// Chat through the gateway beside a component that stores nothing: on one Prosody, by turns, with
// 100 letters on their way. The peer sends each message back to who wrote it, on the same component
// stream as ours: what differs is custody. Ours is measured in three ways:
// - a letter from one account to another: it is on disk before it goes on, and again its attempt
//   before its first byte. It comes back to the same program by the other account. This is the
//   ratio.
// - a line to the gateway, until the receipt that says that it is kept; its answer is a letter,
// too.
// - a letter to a radio whose device acknowledges at once, until the receipt of it.
#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <stdexcept>

#include "bridges/xmpp/component/component_stream.h"
#include "radio/meshtastic/stream_codec.h"
#include "tests/bench/bench.h"
#include "tests/bench/fake_device.h"
#include "tests/bench/xmpp_account.h"
#include "tests/bench/xmpp_stage.h"
#include "tests/interop/xmpp/talk_village.h"

namespace waypost::bench {
namespace {

using interop::BoxProcess;
using interop::Prosody;
using xmpp::Element;

constexpr int kRounds = 5;
constexpr int kLetters = 5000;
constexpr int kToRadios = 300;  // a round: 2000 receipts a day are what one account gets
constexpr int kOnTheirWay = 100;
constexpr std::uint32_t kRadios = 20;
constexpr std::uint32_t kFirstRadio = 0x100;
constexpr std::chrono::seconds kPatience{120};
constexpr char kEcho[] = "echo.localhost";

// The bare component: back to whom it came from.
class Echo final : private xmpp::ComponentOwner {
  public:
    explicit Echo(const Prosody& server) : stream_(options(server), *this, clock_, *random_) {
        stream_.start();
    }
    bool up() const { return stream_.up(); }

  private:
    static xmpp::ComponentOptions options(const Prosody& server) {
        xmpp::ComponentOptions options;
        options.port = server.component_port();
        options.session.domain = kEcho;
        options.session.secret = server.secret();
        return options;
    }
    void component_up() override {}
    void component_down(const xmpp::Down&, milliseconds) override {}
    void component_passed_over(xmpp::StanzaHead) override {}
    void component_stanza(Element stanza) override {
        if (stanza.name() != "message" || stanza.get("type") == "error") return;
        const std::string from(stanza.get("from"));
        stanza.set("from", std::string(stanza.get("to"))).set("to", from);
        stream_.send(stanza);
    }

    SystemClock clock_;
    std::unique_ptr<Random> random_ = system_random();
    xmpp::ComponentStream stream_;
};

// Letters go out as answers come in.
class Window {
  public:
    enum class Answer { Text, Receipt };
    using ToWhom = std::function<std::string(int number)>;

    double rate(XmppAccount& writer, int letters, Answer answer, const ToWhom& to) {
        std::unique_lock lock(mutex_);
        writer_ = &writer;
        to_ = to;
        answer_ = answer;
        wanted_ = letters;
        sent_ = came_ = 0;
        ++run_;
        const StopWatch watch;
        writer.send(next(kOnTheirWay));
        if (!changed_.wait_for(lock, kPatience, [&] { return came_ >= wanted_ || bad_; }))
            throw std::runtime_error("only " + std::to_string(came_) + " answers came");
        if (bad_) throw std::runtime_error("an error came back");
        return letters / watch.seconds();
    }
    void saw(const Element& stanza) {
        if (stanza.name() != "message") return;
        const std::lock_guard lock(mutex_);
        bad_ = bad_ || stanza.get("type") == "error";
        if (bad_) return changed_.notify_all();
        const bool text = !stanza.child_text("body").empty();
        const bool receipt = stanza.find("received", "urn:xmpp:receipts") != nullptr;
        if (answer_ == Answer::Text ? !text : !receipt) return;
        ++came_;
        if (came_ >= wanted_) return changed_.notify_all();
        if (const std::string more = next(1); !more.empty()) writer_->send(more);
    }

  private:
    std::string name_of(int number) const {
        return "bench-" + std::to_string(run_) + '-' + std::to_string(number);
    }
    // What programs write: Conversations and Dino ask for receipt and marker in each letter.
    static std::string inside(const std::string& id) {
        return std::string("<body>?</body>") + interop::kWantsReceipt +
               "<markable xmlns='urn:xmpp:chat-markers:0'/><origin-id xmlns='urn:xmpp:sid:0' id='" +
               id + "'/>";
    }
    std::string next(int count) {
        std::string all;
        for (; count > 0 && sent_ < wanted_; --count, ++sent_)
            all += letter(to_(sent_), name_of(sent_), inside(name_of(sent_)));
        return all;
    }

    std::mutex mutex_;
    std::condition_variable changed_;
    XmppAccount* writer_ = nullptr;
    ToWhom to_;
    Answer answer_ = Answer::Text;
    int wanted_ = 0, sent_ = 0, came_ = 0, run_ = 0;
    bool bad_ = false;
};

std::string radio_of(std::uint32_t number) { return "radio-" + std::to_string(number % kRadios); }

void add_people(const BoxProcess& box) {
    for (const char* name : {"alice", "bob"}) box.waypost(std::string("people add ") + name);
    for (std::uint32_t i = 0; i < kRadios; ++i)
        box.waypost("people add " + radio_of(i) +
                    " --radio meshtastic:" + meshtastic::node_id(kFirstRadio + i));
}

}  // namespace

int xmpp_rate() {
    const Prosody server(std::string(kOpenServer) + "Component '" + kEcho +
                         "'\n  component_secret = 'gwsecret'\n");
    const interop::Folder folder;
    FakeDevice device([](std::uint32_t, std::string_view) {});
    const BoxProcess box(
        folder, "[meshtastic.roof]\nport = \"tcp:127.0.0.1:" + std::to_string(device.port()) +
                    "\"\ngap = \"0ms\"\nshare = 100\n" + interop::xmpp_settings(folder, server));
    device.wait_for_host();
    const Echo echo(server);
    add_people(box);
    Window window;
    const auto saw = [&](const Element& stanza) { window.saw(stanza); };
    XmppAccount alice(server.client_port(), "alice", server.domain(), saw);
    XmppAccount bob(server.client_port(), "bob", server.domain(), saw);
    const auto always = [](std::string to) { return [to](int) { return to; }; };
    const std::string gateway = server.component();
    if (!interop::eventually([&] { return echo.up(); }))
        throw std::runtime_error("the echo does not come up");
    // Both are known from here on.
    window.rate(bob, 1, Window::Answer::Receipt, always(gateway));
    window.rate(alice, 1, Window::Answer::Receipt, always(gateway));

    const auto to_bob = [&](int letters) {
        return window.rate(alice, letters, Window::Answer::Text, always("bob@" + gateway));
    };
    const auto to_echo = [&](int letters) {
        return window.rate(alice, letters, Window::Answer::Text, always(std::string("x@") + kEcho));
    };
    to_bob(500);
    to_echo(500);
    std::vector<double> ours, theirs, lines, radios;
    for (int i = 0; i < kRounds; ++i) {
        theirs.push_back(to_echo(kLetters));
        ours.push_back(to_bob(kLetters));
        std::fprintf(stderr, "round %d: %.0f letters a second, bare %.0f\n", i + 1, ours.back(),
                     theirs.back());
    }
    for (int i = 0; i < kRounds; ++i)
        radios.push_back(window.rate(alice, kToRadios, Window::Answer::Receipt, [&](int number) {
            return radio_of(static_cast<std::uint32_t>(number)) + '@' + gateway;
        }));
    const double ratio = median(ours) / median(theirs);
    row("letters, account to account", median(ours), "a second", "on disk before they go on");
    row("letters to radios, until the receipt", median(radios), "a second",
        "the device acknowledges at once");
    row("the bare component", median(theirs), "a second", "it stores nothing");
    print({"xmpp", median(ours), "a component that stores nothing", median(theirs), "letters/s",
           ratio});
    std::printf("ratio %.2f\n", ratio);
    return 0;
}

int xmpp() { return xmpp_cut() + xmpp_memory() + xmpp_rate(); }

}  // namespace waypost::bench
