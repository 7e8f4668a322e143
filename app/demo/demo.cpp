// SPDX-License-Identifier: Apache-2.0
// `./dev demo`: the gateway, three simulated handhelds and a mail peer, each a process or thread of
// its own talking over the real protocols. Plays Ana's story, then hands over to whoever watches.
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "app/demo/mail_peer.h"
#include "gateway/base/random.h"

namespace waypost::demo {
namespace {

namespace fs = std::filesystem;
using std::chrono::seconds;

volatile std::sig_atomic_t g_stop = 0;

int free_port() {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    ::bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address);
    ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
    ::close(fd);
    return ntohs(address.sin_port);
}

// A child with pipes to its standard input and output; ended with the object.
class Child {
  public:
    Child(const std::string& program, const std::vector<std::string>& arguments,
          const std::string& log) {
        int in[2];
        int out[2];
        if (::pipe2(in, O_CLOEXEC) != 0 || ::pipe2(out, O_CLOEXEC) != 0)
            throw std::runtime_error("no pipes");
        pid_ = ::fork();
        if (pid_ == 0) {
            ::dup2(in[0], 0);
            ::dup2(out[1], 1);
            const int fd = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
            ::dup2(fd, 2);
            std::vector<char*> argv{const_cast<char*>(program.c_str())};
            for (const std::string& each : arguments)
                argv.push_back(const_cast<char*>(each.c_str()));
            argv.push_back(nullptr);
            ::execv(program.c_str(), argv.data());
            ::_exit(127);
        }
        ::close(in[0]);
        ::close(out[1]);
        in_ = in[1];
        out_ = out[0];
    }
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;
    ~Child() {
        ::kill(pid_, SIGTERM);
        ::waitpid(pid_, nullptr, 0);
        ::close(in_);
        ::close(out_);
    }
    void say(const std::string& line) {
        const std::string text = line + '\n';
        [[maybe_unused]] const ssize_t n = ::write(in_, text.data(), text.size());
    }
    int out() const { return out_; }
    // The next whole line it printed, or empty after the timeout.
    std::string line(std::chrono::milliseconds timeout) {
        for (;;) {
            if (const std::size_t end = buffer_.find('\n'); end != std::string::npos) {
                std::string line = buffer_.substr(0, end);
                buffer_.erase(0, end + 1);
                return line;
            }
            pollfd watched{out_, POLLIN, 0};
            if (::poll(&watched, 1, static_cast<int>(timeout.count())) != 1) return {};
            char bytes[1024];
            const ssize_t n = ::read(out_, bytes, sizeof bytes);
            if (n <= 0) return {};
            buffer_.append(bytes, static_cast<std::size_t>(n));
        }
    }

  private:
    pid_t pid_ = -1;
    int in_ = -1;
    int out_ = -1;
    std::string buffer_;
};

class Demo {
  public:
    explicit Demo(const std::string& self)
        : bin_(fs::canonical(self).parent_path().string()),
          folder_(
              (fs::temp_directory_path() / ("waypost-demo-" + system_random()->hex(4))).string()) {
        fs::create_directory(folder_);
        mail_port_ = free_port();
        write_files();
        village_ = std::make_unique<Child>(
            bin_ + "/waypost", std::vector<std::string>{"simulate", folder_ + "/village.toml"},
            folder_ + "/village.log");
        gateway_ = std::make_unique<Child>(bin_ + "/waypostd",
                                           std::vector<std::string>{"--config", config()},
                                           folder_ + "/waypostd.log");
    }
    Demo(const Demo&) = delete;
    Demo& operator=(const Demo&) = delete;
    ~Demo() {
        gateway_.reset();
        village_.reset();
        std::error_code ignored;
        fs::remove_all(folder_, ignored);
    }

    bool story() {
        say("A village called hill. Its box has a radio on the roof and, now and then, a mail "
            "relay.");
        if (!until_up()) return problem("the gateway did not come up");
        run("people add ana --name Ana --radio meshtastic:!0000000a");
        run("people add carl --name Carl --radio meshtastic:!0000000c");
        say("\nAna is on the road with a handheld and no Internet. She sends a DM to the box:");
        radio("ana: bob@example.org Car broke down // at the ford, please come");
        if (!ana_sees("1 kept")) return problem("Ana never saw `1 kept`");
        if (!peer_.wait_for_more(0, seconds(30))) return problem("Bob's mail never came");
        show_mailbox();
        say("\nBob answers from his mail program, quoting her as mail programs do:");
        std::cout << "    bob: Stay there. I come at 5.\n";
        const auto answered = peer_.answer("Stay there. I come at 5.", mail_port_);
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
            bin_ + "/waypost --config " + config() + " status\n");
        std::string typed;
        while (g_stop == 0) {
            pollfd watched[2] = {{STDIN_FILENO, POLLIN, 0}, {village_->out(), POLLIN, 0}};
            if (::poll(watched, 2, 200) < 0) continue;
            if (watched[1].revents != 0) {
                for (std::string line = village_->line(seconds(0)); !line.empty();
                     line = village_->line(seconds(0))) {
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
    std::string config() const { return folder_ + "/waypost.toml"; }

    void write_files() {
        std::ofstream(config()) << "[box]\ndomain = \"hill.example\"\noperators = [\"carl\"]\n"
                                << "[store]\nkeep_free = \"1MiB\"\n"
                                << "[meshtastic.roof]\nport = \"serial:" << folder_ << "/radio\"\n"
                                << "[email.relay]\nlisten = [\"smtp:127.0.0.1:" << mail_port_
                                << "\"]\n"
                                << "smarthost = \"smtp:127.0.0.1:" << peer_.port()
                                << "\"\nsecurity = \"plain\"\n";
        std::ofstream(folder_ + "/village.toml")
            << "[channel]\npreset = 0\nregion = 3\nloss = 0.02\nseed = 7\nspeed = 4.0\n"
            << "[[node]]\nname = \"post\"\nlong_name = \"POST hill DM ?\"\nid = "
               "\"!00000001\"\nport = \"pty:"
            << folder_ << "/radio\"\n"
            << "[[node]]\nname = \"ana\"\nid = \"!0000000a\"\n[[node]]\nname = \"ben\"\nid = "
               "\"!0000000b\"\n"
            << "[[node]]\nname = \"carl\"\nid = \"!0000000c\"\n";
    }

    void say(const std::string& text) { std::cout << text << std::endl; }

    bool problem(const std::string& text) {
        std::cerr << "demo: " << text << "\n--- the gateway's log:\n"
                  << std::ifstream(folder_ + "/waypostd.log").rdbuf();
        return false;
    }

    int run(const std::string& command, bool quiet = false) {
        std::cout.flush();
        const std::string line = "( " + bin_ + "/waypost --config " + config() + ' ' + command +
                                 " )" + (quiet ? " >/dev/null 2>&1" : " | sed 's/^/    /'");
        return std::system(line.c_str());
    }

    bool until_up() {
        for (int i = 0; i < 100; ++i) {
            if (run("status | grep -q 'meshtastic.roof: works'", true) == 0) return true;
            ::usleep(100'000);
        }
        return false;
    }

    void radio(const std::string& line) {
        say("    " + line);
        shown_.clear();
        village_->say(line);
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
            const std::string line = village_->line(seconds(1));
            if (line.empty() || line.rfind("village open", 0) == 0) continue;
            say("    " + line);
            shown_.push_back(line);
        }
        return there();
    }
    bool ana_sees(const std::string& text) { return sees("ana", text); }

    void show_mailbox() {
        for (const BobsMail& each : peer_.mailbox()) {
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
            const auto answered = peer_.answer(line.substr(5), mail_port_);
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
        village_->say(line);
    }

    std::string bin_;
    std::string folder_;
    MailPeer peer_;
    int mail_port_ = 0;
    std::unique_ptr<Child> village_;
    std::unique_ptr<Child> gateway_;
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
