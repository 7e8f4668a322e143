// SPDX-License-Identifier: Apache-2.0
// Groups, members, posts and digests, on both engines.
#include "open_tables.h"

namespace waypost::store {
namespace {

class GroupTables : public OpenTables {
  protected:
    static MemberRow member(const Address& who, const std::string& group = "news") {
        MemberRow row;
        row.group = group;
        row.address = who;
        row.since_ms = 5;
        return row;
    }
    static PostRow post(MessageId message, PostState state, const std::string& group = "news") {
        PostRow row;
        row.message = message;
        row.group = group;
        row.author = person("ana");
        row.origin = "<" + std::to_string(message) + "@hill.example>";
        row.state = state;
        row.at_ms = message * 100;
        return row;
    }
    std::vector<MessageId> newest(bool waiting) {
        std::vector<MessageId> ids;
        for (const auto& each : tables_->posts.newest("news", waiting, 10))
            ids.push_back(each.message);
        return ids;
    }
};

TEST_F(GroupTables, AGroupComesBackAsItWasPut) {
    auto& groups = tables_->groups;
    EXPECT_FALSE(groups.find("news"));
    groups.put({"news", "News of 'hill'", GroupMode::Moderated, Posters::Anyone, 7});
    groups.put({"news", "News; DROP TABLE", GroupMode::Closed, Posters::Anyone, 7});
    groups.put({"alpha", "", GroupMode::Open, Posters::Members, 8});
    const auto row = groups.find("news");
    ASSERT_TRUE(row);
    EXPECT_EQ(row->title, "News; DROP TABLE");
    EXPECT_EQ(row->mode, GroupMode::Closed);
    EXPECT_EQ(row->posters, Posters::Anyone);
    EXPECT_EQ(row->created_ms, 7);
    ASSERT_EQ(groups.all().size(), 2u);
    EXPECT_EQ(groups.all()[0].name, "alpha");
}

TEST_F(GroupTables, MembersComeInOrderAndGoWithTheirGroup) {
    auto& groups = tables_->groups;
    groups.put({"news", "", GroupMode::Open, Posters::Members, 1});
    auto ana = member(person("ana"));
    ana.moderator = true;
    groups.put_member(ana);
    groups.put_member(member(person("ben")));
    auto bob = member(mailto("bob", "example.org"));
    bob.digest = true;
    bob.failures = 2;
    bob.failed_ms = 11;
    bob.digested_box_ms = 12;
    groups.put_member(bob);
    groups.put_member(member(person("ana"), "water"));

    EXPECT_EQ(groups.member_count("news"), 3);
    const auto first = groups.members("news", "", 2);
    ASSERT_EQ(first.size(), 2u);
    EXPECT_EQ(first[0].address.uri(), "mailto:bob@example.org");
    EXPECT_TRUE(first[0].digest);
    EXPECT_EQ(first[0].failures, 2);
    EXPECT_EQ(first[0].failed_ms, 11);
    EXPECT_EQ(first[0].digested_box_ms, 12);
    EXPECT_EQ(first[0].since_ms, 5);
    const auto second = groups.members("news", first[1].address.uri(), 2);
    ASSERT_EQ(second.size(), 1u);
    EXPECT_EQ(second[0].address, person("ben"));
    ASSERT_EQ(groups.moderators("news").size(), 1u);
    EXPECT_EQ(groups.groups_of(person("ana")), (std::vector<std::string>{"news", "water"}));

    EXPECT_TRUE(groups.remove_member("news", person("ben")));
    EXPECT_FALSE(groups.remove_member("news", person("ben")));
    groups.forget_member(person("ana"));
    EXPECT_TRUE(groups.groups_of(person("ana")).empty());
    EXPECT_TRUE(groups.remove("news"));
    EXPECT_FALSE(groups.remove("news"));
    EXPECT_EQ(groups.member_count("news"), 0);
}

TEST_F(GroupTables, PostsAreFoundByStateAndOrigin) {
    auto& posts = tables_->posts;
    posts.insert(post(1, PostState::Waiting));
    posts.insert(post(2, PostState::Passing));
    posts.insert(post(3, PostState::Passed));
    posts.insert(post(4, PostState::Dropped));
    posts.insert(post(3, PostState::Passed, "water"));
    EXPECT_EQ(newest(true), (std::vector<MessageId>{1}));
    EXPECT_EQ(newest(false), (std::vector<MessageId>{3, 2}));
    EXPECT_EQ(posts.by_origin("news", "<3@hill.example>")->message, 3);
    EXPECT_FALSE(posts.by_origin("sport", "<3@hill.example>"));
    EXPECT_EQ(posts.of_message(3).size(), 2u);

    auto passing = posts.next_passing();
    ASSERT_TRUE(passing);
    EXPECT_EQ(passing->message, 2);
    passing->cursor = "person:ben";
    posts.update(*passing);
    EXPECT_EQ(posts.next_passing()->cursor, "person:ben");
    passing->state = PostState::Passed;
    posts.update(*passing);
    EXPECT_FALSE(posts.next_passing());

    EXPECT_TRUE(posts.unseen(100, 10).empty());
    EXPECT_EQ(posts.unseen(101, 10).size(), 1u);
    posts.close_group("news");
    EXPECT_TRUE(newest(true).empty());
    EXPECT_TRUE(newest(false).empty());
    EXPECT_TRUE(posts.find(2, "news")) << "what is under way still knows it";
    posts.forget(3);
    EXPECT_FALSE(posts.find(3, "water"));
}

TEST_F(GroupTables, DigestsComeByMemberAndGroup) {
    auto& posts = tables_->posts;
    posts.wait_for_digest("news", person("ana"), 1, 50);
    posts.wait_for_digest("news", person("ana"), 2, 40);
    posts.wait_for_digest("water", person("ana"), 3, 60);
    posts.wait_for_digest("news", person("ben"), 2, 40);
    const auto first = posts.digests({}, 2);
    ASSERT_EQ(first.size(), 2u);
    EXPECT_EQ(first[0].member, person("ana"));
    EXPECT_EQ(first[0].group, "news");
    EXPECT_EQ(first[0].count, 2);
    EXPECT_EQ(first[0].since_box_ms, 40);
    EXPECT_EQ(first[1].group, "water");
    const auto second = posts.digests(first[1], 2);
    ASSERT_EQ(second.size(), 1u);
    EXPECT_EQ(second[0].member, person("ben"));
    EXPECT_EQ(posts.waiting_for("news", person("ana")), (std::vector<MessageId>{1, 2}));
    posts.forget(2);
    EXPECT_EQ(posts.waiting_for("news", person("ana")), (std::vector<MessageId>{1}));
    posts.end_waiting("news", person("ana"));
    EXPECT_EQ(posts.digests({}, 9).size(), 1u);
    posts.forget_waiting(person("ana"));
    EXPECT_TRUE(posts.digests({}, 9).empty());
}

}  // namespace
}  // namespace waypost::store
