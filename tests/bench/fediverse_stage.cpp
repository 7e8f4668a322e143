// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/fediverse_stage.h"

#include <stdexcept>

#include "tests/bench/bench.h"
#include "tests/bench/signed_load.h"
#include "tests/interop/activitypub/own_network.h"

namespace waypost::bench {
namespace {

constexpr int kConnections = 16;

const interop::Folder& own_network() {
    static const interop::Folder folder;
    static const bool entered = [] {
        interop::enter_own_network(folder.path(),
                                   std::string("127.0.0.1 localhost\n") + kHill + " hill.test\n" +
                                       kDale + " dale.test\n" + kElm + " elm.test\n",
                                   "/dev/null");
        return true;
    }();
    (void)entered;
    return folder;
}

}  // namespace

FediverseStage::FediverseStage(int servers) : others_((own_network(), "elm.test"), kElm, servers) {
    box_ = std::make_unique<interop::BoxProcess>(
        folder_,
        "[meshtastic.roof]\nport = \"tcp:127.0.0.1:" + std::to_string(device_.port()) +
            "\"\ngap = \"0ms\"\nshare = 100\n[activitypub.home]\nlisten = \"" + kHill +
            ":80\"\nnear = [\"elm.test\"]\n",
        "hill.test");
    device_.wait_for_host();
}

void FediverseStage::need_people(int count) {
    if (people_ >= count) return;
    interop::shell("for i in $(seq " + std::to_string(people_) + ' ' + std::to_string(count - 1) +
                   "); do " + box_->command() +
                   " people add p-$i --radio meshtastic:!$(printf %08x $((i + " +
                   std::to_string(kFirstRadio) + "))) || exit; done");
    people_ = count;
}

void FediverseStage::need_contacts(int count) {
    need_people(count);
    interop::shell("for i in $(seq 0 " + std::to_string(count - 1) + "); do " + box_->command() +
                   " contacts add p-$i acct:u$i@elm.test || exit; done");
}

double FediverseStage::need_followers() {
    if (followed_) return 0;
    need_people(1);
    box_->waypost("groups add news --title News");
    box_->waypost("groups join news acct:public@hill.test");
    box_->waypost("groups join news p-0");
    std::vector<Post> posts;
    for (int server = 0; server < kServers; ++server) {
        for (int i = 0; i < kFollowersOfEach; ++i) {
            const auto actor =
                others_.actor(OtherServers::kFirstPort + server, "f-" + std::to_string(i));
            posts.push_back({"hill.test", "/ap/news/inbox",
                             activitypub::follow_json(actor, actor.id() + "#follow",
                                                      "https://hill.test/ap/news"),
                             actor});
        }
    }
    const auto requests = signed_requests(others_, posts);
    const double seconds = seconds_to_post(requests, kHill, kConnections);
    if (!interop::eventually(
            [this] { return others_.personal_waiting() >= kServers * kFollowersOfEach; },
            std::chrono::seconds(120)))
        throw std::runtime_error("only " + std::to_string(others_.personal_waiting()) +
                                 " were let in");
    others_.personal();
    followed_ = true;
    return seconds;
}

double FediverseStage::own_memory() const {
    const double own = own_memory_of(box_->pid());
    if (own == 0) throw std::runtime_error("the gateway is gone: " + box_->log());
    return own;
}

}  // namespace waypost::bench
