// SPDX-License-Identifier: Apache-2.0
#include "mesh_peer.h"

#include <Poco/JSON/Parser.h>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <stdexcept>

namespace waypost::interop {
namespace {

constexpr int kOpensWithinMs = 5000;

struct Printed {
    std::string who, what, text;
    std::uint32_t id = 0;
};

Printed parse(const std::string& line) {
    const auto o = Poco::JSON::Parser().parse(line).extract<Poco::JSON::Object::Ptr>();
    return {o->optValue<std::string>("who", ""), o->optValue<std::string>("what", ""),
            o->optValue<std::string>("text", ""), o->optValue<std::uint32_t>("id", 0)};
}

}  // namespace

simulator::Village fast_village(const std::vector<std::string>& handhelds) {
    simulator::Village village;
    village.preset = 8;  // ShortTurbo
    village.region = 1;  // US: no law limits the hour
    village.speed = 30;
    village.seed = 7;
    simulator::VillageNode post;
    post.name = "post";
    post.number = 1;
    post.ports = {"tcp:127.0.0.1:0"};
    village.nodes.push_back(post);
    for (const std::string& name : handhelds) {
        simulator::VillageNode node;
        node.name = name;
        node.number = 9 + static_cast<std::uint32_t>(village.nodes.size());
        village.nodes.push_back(node);
    }
    for (simulator::VillageNode& node : village.nodes) node.long_name = node.short_name = node.name;
    return village;
}

MeshPeer::MeshPeer(simulator::Village village) {
    int in[2];
    int out[2];
    if (::pipe2(in, O_CLOEXEC) != 0 || ::pipe2(out, O_CLOEXEC) != 0)
        throw std::runtime_error("no pipes");
    typed_ = in[1];
    printed_ = out[0];
    thread_ = std::thread([village = std::move(village), input = in[0], output = out[1]] {
        (void)simulator::run_village({village, true, input, output});
        ::close(input);
        ::close(output);
    });
    if (opened()) return;
    stop();
    throw std::runtime_error("the village does not open");
}

MeshPeer::~MeshPeer() { stop(); }

void MeshPeer::stop() {
    ::close(typed_);  // the end of what is typed ends the village
    thread_.join();
    ::close(printed_);
}

bool MeshPeer::opened() {
    pollfd readable{printed_, POLLIN, 0};
    while (::poll(&readable, 1, kOpensWithinMs) == 1 && (readable.revents & POLLIN) != 0) {
        for (std::string line = next_line(); !line.empty(); line = next_line()) {
            const Printed it = parse(line);
            if (it.what == "is at") port_ = it.text;
            if (it.what == "open") return true;
        }
    }
    return false;
}

std::string MeshPeer::next_line() {
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

void MeshPeer::type(const std::string& who, const std::string& text) { order(who + ": " + text); }

void MeshPeer::order(const std::string& what) {
    const std::string line = what + '\n';
    if (::write(typed_, line.data(), line.size()) != static_cast<ssize_t>(line.size()))
        throw std::runtime_error("the village is gone");
}

std::vector<OnScreen> MeshPeer::look() {
    std::vector<OnScreen> shown;
    for (std::string line = next_line(); !line.empty(); line = next_line()) {
        Printed it = parse(line);
        if (it.what == "sees") shown.push_back({std::move(it.who), std::move(it.text), it.id});
    }
    return shown;
}

}  // namespace waypost::interop
