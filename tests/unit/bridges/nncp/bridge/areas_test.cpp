// SPDX-License-Identifier: Apache-2.0
// Posts of groups that go into areas and come from them.
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>

#include "tests/unit/bridges/nncp/vectors.h"
#include "two_boxes.h"

namespace waypost::nncp {
namespace {

class Areas : public TwoBoxes {
  protected:
    Areas() {
        hill_.options.areas = dale_.options.areas = {{"news", "news"}};
        auto keys = parse_node_config(vector_file("village.hjson"));
        Area& here = dale_.config.areas.at("news");
        here.exchange = std::move(keys->areas.at("news").exchange);
        here.exchange_public = keys->areas.at("news").exchange_public;
        hill_.open();
        dale_.open();
    }
    Delivery post() {
        Delivery post = letter(hill_, area_, "Market on Friday");
        post.list = ListPost{mailto("news", "hill.example"), "News", {}, false};
        return post;
    }
    // The gateway dies when it is about to say what became of the post; then it starts again.
    void carry_and_die(const Delivery& post) {
        const pid_t child = ::fork();
        if (child == 0) {
            hill_.office.on_report = [] { ::kill(::getpid(), SIGKILL); };
            hill_.sender->carry({post});
            ::_exit(0);
        }
        int status = 0;
        ASSERT_EQ(::waitpid(child, &status, 0), child);
        ASSERT_TRUE(WIFSIGNALED(status));
        hill_.open();
    }
    // As the office does with an attempt that has no outcome.
    void carry_again(Delivery post) {
        post.wire_id = post.message_id;
        hill_.office.reports.clear();
        hill_.sender->carry({post});
        ASSERT_EQ(hill_.office.reports.size(), 1u);
        EXPECT_EQ(hill_.office.reports[0].second.kind, Outcome::Kind::Sent);
    }
    std::filesystem::path marks(const NodeId& node) const {
        return hill_.spool->directory() / to_base32(node) / "area" /
               to_base32(hill_.config.areas.at("news").id);
    }

    const std::string area_ = std::string("news@") + kAreaDomain;
};

TEST_F(Areas, AreMembersOfAGroup) {
    EXPECT_EQ(hill_.routes->reach(*parse_address(area_)), 3);
    EXPECT_FALSE(hill_.routes->reach(*parse_address(std::string("other@") + kAreaDomain)));
    hill_.sender->carry({post()});
    ASSERT_EQ(hill_.office.reports.size(), 1u);
    EXPECT_EQ(hill_.office.reports[0].second.kind, Outcome::Kind::Sent)
        << hill_.office.reports[0].second.detail;
    EXPECT_EQ(carry(hill_, dale_), 1u);
    dale_.round();
    ASSERT_EQ(dale_.office.accepted.size(), 1u);
    const Message& came = dale_.office.accepted[0];
    EXPECT_EQ(came.to, std::vector<Address>{mailto("news", "dale.example")});
    EXPECT_EQ(came.from, *parse_address(area_)) << "who of them it was, their key does not say";
    EXPECT_EQ(came.from_name, "Ana (a member of news)");
    EXPECT_TRUE(came.return_path.empty());
    EXPECT_TRUE(came.peer.empty());
    ASSERT_TRUE(came.lists);
    EXPECT_EQ(came.lists->passed, std::vector<std::string>{"news@hill.example"});
}

TEST_F(Areas, GetAPostOnceWhereTheBoxDiedBeforeItsOutcome) {
    const Delivery told = post();
    carry_and_die(told);
    EXPECT_EQ(carry(hill_, dale_), 1u);
    carry_again(told);
    EXPECT_EQ(carry(hill_, dale_), 0u);
    dale_.round();
    EXPECT_EQ(dale_.office.accepted.size(), 1u);
}

// Killed between the packet's name in the queue and the mark: another packet with the same post.
TEST_F(Areas, KnowAPostThatGoesTwiceForWhatItIs) {
    const Delivery told = post();
    carry_and_die(told);
    EXPECT_EQ(carry(hill_, dale_), 1u);
    std::filesystem::remove_all(marks(dale_.config.self->id));
    carry_again(told);
    EXPECT_EQ(carry(hill_, dale_), 1u);
    dale_.round();
    EXPECT_EQ(dale_.office.accepted.size(), 1u);
    EXPECT_EQ(put_aside(dale_, hill_), 0u);
}

// Killed between two subscribers: the other one gets it yet.
TEST_F(Areas, LackNobodyWhereTheBoxDiedBetweenTwo) {
    Node& city = hill_.config.nodes.at("city");
    city.via.clear();
    hill_.config.areas.at("news").subscribers = {"relay", "city"};
    hill_.open();
    const Delivery told = post();
    carry_and_die(told);
    const auto queued = hill_.spool->list(city.id, Way::Tx);
    ASSERT_EQ(queued->size(), 1u);
    ASSERT_TRUE(hill_.spool->remove(queued->front()).ok());
    std::filesystem::remove_all(marks(city.id));
    carry_again(told);
    EXPECT_EQ(hill_.spool->list(city.id, Way::Tx)->size(), 1u);
    EXPECT_EQ(carry(hill_, dale_), 1u) << "and only that one";
}

// The mark of its subscriber cannot be made: each try is one of the same post, however long ago the
// first was.
TEST_F(Areas, KnowAPostThatWasTriedForHours) {
    Delivery told = post();
    const std::filesystem::path marked = marks(dale_.config.self->id);
    std::filesystem::create_directories(marked.parent_path());
    std::ofstream(marked) << "in its place";
    for (int tries = 0; tries < 5; ++tries) {
        hill_.sender->carry({told});
        EXPECT_EQ(hill_.office.reports.back().second.kind, Outcome::Kind::NotTried);
        told.wire_id = told.message_id;
        EXPECT_EQ(carry(hill_, dale_), 1u);
        dale_.round();
        hill_.office.time().advance(std::chrono::minutes(40));
        hill_.round();
        if (tries == 2) hill_.open();
    }
    EXPECT_EQ(dale_.office.accepted.size(), 1u);
    EXPECT_EQ(put_aside(dale_, hill_), 0u);
}

TEST_F(Areas, GetAPostAfreshWhenAllIsForgotten) {
    const Delivery told = post();
    hill_.sender->carry({told});
    EXPECT_EQ(carry(hill_, dale_), 1u);
    hill_.office.time().advance(std::chrono::hours(2));
    hill_.round();
    const auto kept = hill_.spool->directory() / "waypost" / "posts";
    EXPECT_TRUE(std::filesystem::is_empty(kept)) << "no post lies there for ever";
}

}  // namespace
}  // namespace waypost::nncp
