// SPDX-License-Identifier: Apache-2.0
// Groups from a radio: which there are, joining, leaving, writing, reading, a moderator's word.
#pragma once

#include <optional>

#include "gateway/commands/grammar.h"
#include "gateway/conversation/line.h"
#include "gateway/groups/members.h"

namespace waypost {

class GroupTalk : Topic {
  public:
    explicit GroupTalk(Line& line) : Topic(line) {}

    std::string group(const command::Group& c);
    // "?news": the last posts; nullopt: no group is called so.
    std::optional<std::string> ask(const std::string& name);
    // `answers`: the post that it answers, or 0.
    std::string post(const std::string& name, const std::string& text, MessageId answers);
    // "@+5", "@-5" of what waits for him; nullopt: that item is no post of a group.
    std::optional<std::string> decide(int item, bool passes);

  private:
    std::string feed_of(const command::Group& c);
    std::string of_feed(const command::Group& c, const std::string& feed);
    std::string told_of(Joined joined, const std::string& name, bool digest) const;
    std::string list();
    std::string unknown(const std::string& name);
    std::string join(const std::string& name, bool digest);
    std::string leave(const std::string& name);
    std::string last(const std::string& name);
    std::string names(std::size_t bytes, bool marked);
    int number_of(const store::PostRow& post);
    bool too_many_changes();
    Address self() const { return person(line_.owner); }
};

}  // namespace waypost
