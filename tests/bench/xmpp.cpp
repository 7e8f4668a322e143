// SPDX-License-Identifier: Apache-2.0
// Chat through the gateway beside a component that stores nothing: on one Prosody, by turns, with
// 100 letters on their way. The peer sends each message back to who wrote it, on the same component
// stream as ours: what differs is custody. Ours is measured in two ways:
// - a letter from one account to another: it is on disk before it goes on, and again its attempt
//   before its first byte. It comes back to the same program by the other account. This is the
//   ratio.
// - a letter to a radio whose device acknowledges at once, until the receipt of it.
#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <stdexcept>

#include "bridges/xmpp/component/component_stream.h"
#include "bridges/xmpp/jid.h"
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

// Many short ones: on a machine that others use too some are worth nothing.
constexpr int kRounds = 15;
constexpr int kLetters = 2500;
constexpr int kToRadios = 300;
constexpr int kOnTheirWay = 100;
constexpr std::uint32_t kRadios = 20;
constexpr std::uint32_t kFirstRadio = 0x100;
constexpr std::chrono::seconds kPatience{120};
constexpr char kEcho[] = "echo.localhost";
constexpr double kWanted = 0.8;  // of the bare component's rate

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
        // To the account, as letters go, and not to the program: a server has more to do for that.
        const auto from = xmpp::parse_jid(stanza.get("from"));
        if (!from.ok()) return;
        stanza.set("from", std::string(stanza.get("to"))).set("to", from->bare_text());
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

// Both ways, and the two accounts, which the gateway knows.
class Stage {
  public:
    Stage() {
        device_.wait_for_host();
        add_people(box_);
        if (!interop::eventually([this] { return echo_.up(); }))
            throw std::runtime_error("the echo does not come up");
        to_gateway(bob_);
        to_gateway(alice_);
    }
    // Each: letters a second.
    double to_bob(int letters) {
        return window_.rate(alice_, letters, Window::Answer::Text,
                            [this](int) { return "bob@" + server_.component(); });
    }
    double to_echo(int letters) {
        return window_.rate(alice_, letters, Window::Answer::Text,
                            [](int) { return std::string("x@") + kEcho; });
    }
    double to_radios(int letters) {
        return window_.rate(alice_, letters, Window::Answer::Receipt, [this](int number) {
            return radio_of(static_cast<std::uint32_t>(number)) + '@' + server_.component();
        });
    }
    // Of the gateway and of the server, since they began.
    double gateway_seconds() const { return processor_seconds_of(box_.pid()); }
    double server_seconds() const { return processor_seconds_of(server_.pid()); }

  private:
    void to_gateway(XmppAccount& from) {
        window_.rate(from, 1, Window::Answer::Receipt, [this](int) { return server_.component(); });
    }
    std::string settings() const {
        return "[meshtastic.roof]\nport = \"tcp:127.0.0.1:" + std::to_string(device_.port()) +
               "\"\ngap = \"0ms\"\nshare = 100\n" + interop::xmpp_settings(folder_, server_);
    }

    const Prosody server_{std::string(kOpenServer) + "Component '" + kEcho +
                          "'\n  component_secret = 'gwsecret'\n"};
    const interop::Folder folder_;
    FakeDevice device_{[](std::uint32_t, std::string_view) {}};
    const BoxProcess box_{folder_, settings()};
    const Echo echo_{server_};
    Window window_;
    XmppAccount alice_{server_.client_port(), "alice", server_.domain(),
                       [this](const Element& stanza) { window_.saw(stanza); }};
    XmppAccount bob_{server_.client_port(), "bob", server_.domain(),
                     [this](const Element& stanza) { window_.saw(stanza); }};
};

// What a letter cost in each round: letters a second, and milliseconds of a processor.
struct Cost {
    std::vector<double> rate, gateway, server;

    void measure(const Stage& stage, const std::function<double()>& letters) {
        const double gateway_before = stage.gateway_seconds();
        const double server_before = stage.server_seconds();
        rate.push_back(letters());
        gateway.push_back(1000 * (stage.gateway_seconds() - gateway_before) / kLetters);
        server.push_back(1000 * (stage.server_seconds() - server_before) / kLetters);
    }
};

}  // namespace

int xmpp_rate() {
    Stage stage;
    stage.to_bob(500);
    stage.to_echo(500);
    Cost ours, theirs;
    std::vector<double> shares, radios;
    for (int i = 0; i < kRounds; ++i) {
        theirs.measure(stage, [&] { return stage.to_echo(kLetters); });
        ours.measure(stage, [&] { return stage.to_bob(kLetters); });
        shares.push_back(ours.rate.back() / theirs.rate.back());
        std::fprintf(stderr, "round %d: %.0f letters a second, bare %.0f\n", i + 1,
                     ours.rate.back(), theirs.rate.back());
    }
    for (int i = 0; i < kRounds; ++i) radios.push_back(stage.to_radios(kToRadios));
    row("letters, account to account", median(ours.rate), "a second", "on disk before they go on");
    row("the bare component", median(theirs.rate), "a second", "it stores nothing");
    row("processor time of the gateway for a letter", median(ours.gateway), "ms");
    row("of the server for it, and for a bare one", median(ours.server), "ms",
        std::to_string(median(theirs.server)).substr(0, 5));
    row("letters to radios, until the receipt", median(radios), "a second",
        "the device acknowledges at once");
    // Of each round's two, which ran one after the other: what else the machine does hits both.
    const double ratio = median(shares);
    row("ours over the bare one", ratio, "", "median of the rounds; wanted: 0.8");
    print({"xmpp", median(ours.rate), "a component that stores nothing", median(theirs.rate),
           "letters/s", ratio});
    return ratio >= kWanted ? 0 : 1;
}

int xmpp() {
    const int bad = xmpp_cut() + xmpp_memory() + xmpp_rate();
    return bad == 0 ? 0 : 1;
}

}  // namespace waypost::bench
