// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/lean_fedify.h"

#include <stdexcept>

#include "tests/interop/activitypub/fedify_node.h"

namespace waypost::bench {
namespace {

constexpr char kScript[] = WAYPOST_FEDIFY "/bench.mjs";
constexpr std::chrono::seconds kStartTime{120};  // its packages from a cold disk

}  // namespace

LeanFedify::LeanFedify(const std::string& address) {
    const std::string options = R"({"origin": "http://dale.test", "address": ")" + address +
                                R"(", "control": )" + std::to_string(control_) + '}';
    server_ = std::make_unique<interop::Child>(
        std::vector<std::string>{kFedifyNode, kScript, options}, folder_ / "log");
    const auto ready = [&] { return log().find("ready\n") != std::string::npos; };
    if (!interop::eventually([&] { return ready() || !server_->running(); }, kStartTime) ||
        !ready())
        throw std::runtime_error("Fedify does not come up: " + log());
}

void LeanFedify::deed(const std::string& name, const std::string& json) const {
    try {
        interop::shell("curl -sS -f -m 300 -d '" + json +
                       "' http://127.0.0.1:" + std::to_string(control_) + '/' + name);
    } catch (const std::exception& e) {
        throw std::runtime_error("Fedify: " + std::string(e.what()) + log());
    }
}

void LeanFedify::wait_until_came(long count) const {
    deed("came", R"({"count": )" + std::to_string(count) + '}');
}

void LeanFedify::send(const std::string& host, int first_port, int count) const {
    deed("send", R"({"host": ")" + host + R"(", "first": )" + std::to_string(first_port) +
                     R"(, "count": )" + std::to_string(count) + '}');
}

}  // namespace waypost::bench
