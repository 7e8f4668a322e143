// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/sticks.h"

#include <utility>

namespace waypost::nncp {
namespace {

constexpr char kMountFolder[] = "/run/waypost/sticks";

int percent(const Progress& progress) {
    if (progress.all_bytes == 0) return 0;
    return static_cast<int>(progress.bytes * 100 / progress.all_bytes);
}

}  // namespace

std::set<NodeId> answering_hops(const NodeConfig& config, const std::set<std::string>& acks) {
    std::set<NodeId> hops;
    for (const std::string& name : acks) {
        const Node* node = config.find(name);
        if (node != nullptr && !node->via.empty()) node = config.find(node->via.front());
        if (node != nullptr) hops.insert(node->id);
    }
    return hops;
}

std::unique_ptr<Courier> make_courier(const NodeConfig& config, const Spool& spool,
                                      const NncpOptions& options, Courier::OnEvent event) {
    if (options.sticks.empty() && options.folders.empty() && !options.mount_sticks) return nullptr;
    CourierOptions courier;
    courier.places.roots = {options.sticks.begin(), options.sticks.end()};
    courier.places.directories = {options.folders.begin(), options.folders.end()};
    if (options.mount_sticks) courier.places.mount_folder = kMountFolder;
    courier.every = options.folders_every;
    courier.known = {options.known_sticks.begin(), options.known_sticks.end()};
    courier.led = options.led;
    courier.exchange.rules.rides = options.stick_rides;
    courier.exchange.rules.answering = answering_hops(config, options.acks);
    return std::make_unique<Courier>(config, spool, std::move(courier), std::move(event));
}

std::string words_of(const StickStatus& stick) {
    switch (stick.state) {
        case StickStatus::State::Asking:
            return "not known here: `waypost usb accept " + stick.id + "`, or refuse";
        case StickStatus::State::Refused:
            return "refused";
        case StickStatus::State::Working:
            return std::string("do not pull: ") + to_string(stick.phase) + ' ' +
                   std::to_string(percent(stick.progress)) + " %";
        case StickStatus::State::Failed:
            return "failed: " + stick.why;
        case StickStatus::State::Safe:
            break;
    }
    std::string words = stick.directory ? "done" : "safe to pull";
    words +=
        ", " + std::to_string(stick.received) + " came, " + std::to_string(stick.sent) + " went";
    if (stick.left > 0) words += ", " + std::to_string(stick.left) + " left: " + stick.why_left;
    return words;
}

}  // namespace waypost::nncp
