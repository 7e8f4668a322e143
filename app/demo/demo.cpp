// SPDX-License-Identifier: Apache-2.0
// `./dev demo`: the gateway, three simulated handhelds and a mail peer, each a process or thread of
// its own talking over the real protocols. Plays Ana's story, then hands over to whoever watches.
#include <poll.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <csignal>
#include <filesystem>
#include <iostream>
#include <sstream>

#include "app/demo/loopback.h"
#include "app/demo/stage.h"

namespace waypost::demo {
namespace {

using std::chrono::seconds;

volatile std::sig_atomic_t g_stop = 0;

class Demo {
  public:
    explicit Demo(const std::string& self)
        : bin_(std::filesystem::canonical(self).parent_path().string()), stage_(options(bin_)) {}
    Demo(const Demo&) = delete;
    Demo& operator=(const Demo&) = delete;

    bool story() {
        say("A village called hill. Its box has a radio on the roof and, now and then, a mail "
            "relay.");
        if (!stage_.until_up()) return problem("the gateway did not come up");
        run("people add ana --name Ana --radio meshtastic:!0000000a");
        run("people add carl --name Carl --radio meshtastic:!0000000c");
        say("\nAna is on the road with a handheld and no Internet. She sends a DM to the box:");
        radio("ana: bob@example.org Car broke down // at the ford, please come");
        if (!ana_sees("1 kept")) return problem("Ana never saw `1 kept`");
        if (!stage_.mail().wait_for_more(0, seconds(30))) return problem("Bob's mail never came");
        show_mailbox();
        say("\nBob answers from his mail program, quoting her as mail programs do:");
        std::cout << "    bob: Stay there. I come at 5.\n";
        const auto answered = stage_.mail().answer("Stay there. I come at 5.", stage_.mail_port());
        if (!answered.ok()) return problem("Bob's answer was refused: " + answered.error().text);
        if (!ana_sees("2 Bob: Stay there. I come at 5."))
            return problem("Bob's answer never reached Ana's handheld");
        say("\nShe asks what became of her message, and every step is on record:");
        radio("ana: ?1");
        if (!ana_sees("1 bob: sent to mail relay")) return problem("?1 was not answered");
        run("trace 1");
        say("\nAn alarm goes past everything, to the people the village named:");
        radio("ana: SOS water rising");
        if (!ana_sees("ALARM") || !sees("carl", "water rising"))
            return problem("the alarm was not told");
        return true;
    }

    void go_on() {
        say("\nNow you. The box stays up until you type quit:\n"
            "    ana: ?                       type as Ana (or ben, carl); her handheld answers\n"
            "    ana: bob@example.org hello   write a mail\n"
            "    mail                         read Bob's mailbox\n"
            "    bob: on my way               answer as Bob\n"
            "    ana off, ana on              out of reach, and back\n"
            "    trace 1, status, queue       the same as waypost trace 1 ...\n"
            "A real Meshtastic device? Plug it in: it is found by itself; then DM it from another "
            "one.\n"
            "From another terminal: " +
            bin_ + "/waypost --config " + stage_.config() + " status\n");
        std::string typed;
        while (g_stop == 0) {
            pollfd watched[2] = {{STDIN_FILENO, POLLIN, 0}, {stage_.village().out(), POLLIN, 0}};
            if (::poll(watched, 2, 200) < 0) continue;
            if (watched[1].revents != 0) {
                for (std::string line = stage_.village().line(seconds(0)); !line.empty();
                     line = stage_.village().line(seconds(0))) {
                    std::cout << "    " << line << std::endl;
                }
            }
            if ((watched[0].revents & (POLLIN | POLLHUP)) == 0) continue;
            char bytes[512];
            const ssize_t n = ::read(STDIN_FILENO, bytes, sizeof bytes);
            if (n <= 0) return;
            typed.append(bytes, static_cast<std::size_t>(n));
            for (std::size_t end = typed.find('\n'); end != std::string::npos;
                 end = typed.find('\n')) {
                const std::string line = typed.substr(0, end);
                typed.erase(0, end + 1);
                if (line == "quit") return;
                command(line);
            }
        }
    }

  private:
    static StageOptions options(const std::string& bin) {
        StageOptions options;
        options.bin = bin;
        return options;
    }

    void say(const std::string& text) { std::cout << text << std::endl; }

    bool problem(const std::string& text) {
        std::cerr << "demo: " << text << "\n--- the logs:\n" << stage_.log_tail(1000);
        return false;
    }

    void run(const std::string& command) {
        std::istringstream output(stage_.run(command).output);
        for (std::string line; std::getline(output, line);) say("    " + line);
    }

    void radio(const std::string& line) {
        say("    " + line);
        shown_.clear();
        stage_.village().say(line);
    }

    // Since the last line that was sent; handhelds show things in their own order.
    bool sees(const std::string& who, const std::string& text) {
        const auto there = [&] {
            return std::any_of(shown_.begin(), shown_.end(), [&](const std::string& line) {
                return line.rfind(who + " sees: ", 0) == 0 && line.find(text) != std::string::npos;
            });
        };
        const auto end = std::chrono::steady_clock::now() + seconds(90);
        while (!there() && std::chrono::steady_clock::now() < end) {
            const std::string line = stage_.village().line(seconds(1));
            if (line.empty() || line.rfind("village open", 0) == 0) continue;
            say("    " + line);
            shown_.push_back(line);
        }
        return there();
    }
    bool ana_sees(const std::string& text) { return sees("ana", text); }

    void show_mailbox() {
        for (const BobsMail& each : stage_.mail().mailbox()) {
            std::cout << "\n    | From: " << each.mail.from_name << " <" << each.mail.from.value
                      << ">\n    | Subject: " << each.mail.subject
                      << "\n    | Reply-To: " << each.reply_to << "\n    |\n    | "
                      << each.mail.text << '\n';
        }
        std::cout.flush();
    }

    void command(const std::string& line) {
        if (line == "mail") return show_mailbox();
        if (line.rfind("bob: ", 0) == 0) {
            const auto answered = stage_.mail().answer(line.substr(5), stage_.mail_port());
            if (!answered.ok()) say("    " + answered.error().text);
            return;
        }
        for (const char* one : {"trace ", "status", "queue"}) {
            if (line.rfind(one, 0) != 0) continue;
            const bool plain = line.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789 ") ==
                               std::string::npos;
            if (plain) run(line);
            return;
        }
        stage_.village().say(line);
    }

    std::string bin_;
    Stage stage_;
    std::vector<std::string> shown_;
};

}  // namespace
}  // namespace waypost::demo

int main(int argc, char** argv) {
    bool once = false;
    CLI::App app{"Waypost's main job, before your eyes"};
    app.add_flag("--once", once, "play the story and end");
    CLI11_PARSE(app, argc, argv);
    std::signal(SIGPIPE, SIG_IGN);
    for (const int each : {SIGINT, SIGTERM})
        std::signal(each, [](int) { waypost::demo::g_stop = 1; });
    try {
        waypost::demo::Demo demo(argv[0]);
        const bool good = demo.story();
        std::cout << (good ? "\nThe main job works." : "\nThe main job FAILED.") << std::endl;
        if (good && !once) demo.go_on();
        return good ? 0 : 1;
    } catch (const std::exception& e) {
        std::cerr << "demo: " << e.what() << '\n';
        return 1;
    }
}
