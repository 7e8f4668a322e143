// SPDX-License-Identifier: Apache-2.0
#include "two_boxes.h"

#include <stdlib.h>

#include "tests/unit/bridges/nncp/vectors.h"

namespace waypost::nncp {

namespace fs = std::filesystem;

TestBox::TestBox(const fs::path& folder, const std::string& node, const std::string& domain) {
    office.own_domain = domain;
    config = parse_node_config(vector_file(node + ".hjson")).value();
    config.spool = (folder / node).string();
    fs::create_directories(config.spool);
}

void TestBox::open() {
    house.reset();
    sender.reset();
    spool.emplace(Spool::open(config.spool, false).value());
    routes = std::make_unique<Routes>(config, options);
    sent = std::make_unique<SentLog>(*spool);
    posts = std::make_unique<SentPosts>(*spool);
    const Home home{config, *spool, *routes, options, *sent, *posts, "nncp.test", updates};
    house = std::make_unique<House>(home, office);
    sender = std::make_unique<Sender>(home, office);
}

TwoBoxes::TwoBoxes()
    : folder_([] {
          std::string name = testing::TempDir() + "nncp-bridge-XXXXXX";
          return fs::path(::mkdtemp(name.data()));
      }()),
      hill_(folder_, "village", "hill.example"),
      dale_(folder_, "relay", "dale.example") {
    hill_.options.carries = {{"dale.example", "relay"}};
    dale_.options.carries = {{"hill.example", "village"}};
    hill_.open();
    dale_.open();
}

TwoBoxes::~TwoBoxes() {
    hill_.house.reset();
    dale_.house.reset();
    fs::remove_all(folder_);
}

void TwoBoxes::compact() {
    hill_.options.compact = {"relay"};
    dale_.options.compact = {"village"};
    hill_.open();
    dale_.open();
}

Delivery TwoBoxes::letter(const TestBox& from, const std::string& to, const std::string& text,
                          MessageId message) {
    const std::string& domain = from.office.own_domain;
    Delivery delivery;
    delivery.attempt = {++deliveries_, 1};
    delivery.message = message;
    delivery.to = *parse_address(to);
    delivery.from = mailto("ana", domain);
    delivery.from_name = "Ana";
    delivery.return_path = mailto("bounce+" + std::to_string(deliveries_), domain);
    delivery.text = text;
    delivery.message_id = '<' + std::to_string(message) + ".1@" + domain + '>';
    delivery.written = wall_from_ms(1'795'000'000'000);
    delivery.wish = Wish{true, true, true, "rfc822;" + delivery.to.value};
    return delivery;
}

std::size_t TwoBoxes::carry(TestBox& from, TestBox& to, bool keep) {
    const auto listed = from.spool->list(to.config.self->id, Way::Tx);
    EXPECT_TRUE(listed.ok());
    const fs::path into = to.spool->folder(from.config.self->id, Way::Rx);
    fs::create_directories(into);
    for (const SpoolPacket& each : *listed) {
        fs::copy_file(from.spool->path(each), into / to_base32(each.name));
        if (!keep) {
            EXPECT_TRUE(from.spool->remove(each).ok());
        }
    }
    return listed->size();
}

std::size_t TwoBoxes::put_aside(const TestBox& at, const TestBox& from) const {
    const auto all = at.house->nodes();
    for (const auto& [name, state] : all) {
        if (at.config.find(name) == at.config.by_id(from.config.self->id)) return state.aside;
    }
    return 0;
}

void TwoBoxes::exec(TestBox& from, const TestBox& to, const std::vector<std::string>& words,
                    const std::string& input) {
    MemorySource source(input);
    const Node* node = from.config.by_id(to.config.self->id);
    EXPECT_TRUE(Outbox(from.config, *from.spool).exec(*node, words, source).ok());
}

}  // namespace waypost::nncp
