// SPDX-License-Identifier: Apache-2.0
#include "radios.h"

#include <Poco/JSON/Parser.h>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <stdexcept>

#include "tests/interop/mail/peers.h"

namespace waypost::interop {
namespace {

constexpr int kOpensWithinMs = 5000;
constexpr std::size_t kPrefixHex = 12;

Seen parse(const std::string& line) {
    const auto o = Poco::JSON::Parser().parse(line).extract<Poco::JSON::Object::Ptr>();
    return {o->optValue<std::string>("who", ""), o->optValue<std::string>("what", ""),
            o->optValue<std::string>("text", ""), o->optValue<std::string>("from", "")};
}

}  // namespace

meshcore::VillageOfRadios fast_radios(const std::vector<std::string>& handhelds) {
    meshcore::VillageOfRadios village;
    village.speed = 20;
    village.seed = 7;
    meshcore::VillageRadio post;
    post.name = "post";
    post.kind = meshcore::VillageRadio::Kind::Companion;
    post.ports = {"tcp:127.0.0.1:0"};
    village.radios.push_back(post);
    for (const std::string& name : handhelds) {
        meshcore::VillageRadio radio;
        radio.name = name;
        village.radios.push_back(radio);
    }
    return village;
}

Radios::Radios(meshcore::VillageOfRadios village) {
    int in[2];
    int out[2];
    if (::pipe2(in, O_CLOEXEC) != 0 || ::pipe2(out, O_CLOEXEC) != 0)
        throw std::runtime_error("no pipes");
    typed_ = in[1];
    printed_ = out[0];
    thread_ = std::thread([village = std::move(village), input = in[0], output = out[1]] {
        (void)meshcore::run_village(village, {input, output, false});
        ::close(input);
        ::close(output);
    });
    pollfd readable{printed_, POLLIN, 0};
    const auto open = [](const Seen& each) { return each.what == "open"; };
    while (::poll(&readable, 1, kOpensWithinMs) == 1 && (readable.revents & POLLIN) != 0) {
        look();
        if (std::any_of(all_.begin(), all_.end(), open)) return;
    }
    stop();
    throw std::runtime_error("the radios do not open");
}

Radios::~Radios() { stop(); }

void Radios::stop() {
    ::close(typed_);  // the end of what is typed ends the village
    thread_.join();
    ::close(printed_);
}

std::string Radios::settings(const std::string& more) const {
    return "[meshcore.roof]\nport = \"" + port_ + "\"\nregion = \"EU868\"\nshare = 100\n" +
           "gap = \"100ms\"\n" + more;
}

std::string Radios::address(const std::string& name) const {
    for (const Seen& each : all_) {
        if (each.who == name && each.what == "key")
            return "meshcore:!" + each.text.substr(0, kPrefixHex);
    }
    throw std::runtime_error("nobody is called " + name);
}

std::string Radios::next_line() {
    for (;;) {
        if (const std::size_t end = buffer_.find('\n'); end != std::string::npos) {
            std::string line = buffer_.substr(0, end);
            buffer_.erase(0, end + 1);
            return line;
        }
        pollfd readable{printed_, POLLIN, 0};
        if (::poll(&readable, 1, 0) != 1) return {};
        char bytes[4096];
        const ssize_t n = ::read(printed_, bytes, sizeof bytes);
        if (n <= 0) return {};
        buffer_.append(bytes, static_cast<std::size_t>(n));
    }
}

void Radios::look() {
    for (std::string line = next_line(); !line.empty(); line = next_line()) {
        all_.push_back(parse(line));
        if (all_.back().what == "is at") port_ = all_.back().text;
    }
}

void Radios::order(const std::string& line) {
    const std::string bytes = line + '\n';
    if (::write(typed_, bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size()))
        throw std::runtime_error("the radios are gone");
}

int Radios::count(const std::string& who, const std::string& text, const std::string& what) {
    look();
    return static_cast<int>(std::count_if(all_.begin(), all_.end(), [&](const Seen& each) {
        return each.who == who && each.what == what && each.text == text;
    }));
}

bool Radios::shows(const std::string& who, const std::string& text, const std::string& what) {
    return eventually([&] { return count(who, text, what) > 0; });
}

int Radios::begins(const std::string& who, const std::string& begin, const std::string& what) {
    look();
    return static_cast<int>(std::count_if(all_.begin(), all_.end(), [&](const Seen& each) {
        return each.who == who && each.what == what && each.text.starts_with(begin);
    }));
}

bool Radios::shows_some(const std::string& who, const std::string& begin, const std::string& what) {
    return eventually([&] { return begins(who, begin, what) > 0; });
}

std::string Radios::seen() {
    look();
    std::string all;
    for (const Seen& each : all_) {
        if (each.what == "key") continue;
        all += each.who + ' ' + each.what + ": " + each.text + '\n';
    }
    return all;
}

}  // namespace waypost::interop
