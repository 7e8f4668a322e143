// SPDX-License-Identifier: Apache-2.0
// Where things of ours are on the web, and what a URL of ours means. Pure; any thread.
//
//   https://hill.example/ap/ana           a person, a group or (hill.example) the box itself
//   https://hill.example/ap/ana/notes/ID  what she wrote
#pragma once

#include <optional>
#include <string>

#include "bridges/activitypub/vocab/documents.h"
#include "gateway/message/address.h"

namespace waypost::activitypub {

class Site {
  public:
    // `host`: at which this gateway is reached, "hill.example"; `domain`: behind the @ of its
    // people, whose WebFinger leads here.
    Site(std::string host, std::string domain);

    const std::string& host() const { return host_; }
    const std::string& domain() const { return domain_; }
    const std::string& base() const { return base_; }

    OwnActor actor(const std::string& name) const { return {base_, domain_, name}; }
    // It signs what is fetched, and follows for the village. It is called as the domain.
    OwnActor box() const { return actor(domain_); }
    std::string note_id(const OwnActor& author, const std::string& token) const;

    bool is_ours(std::string_view url) const;
    // The name of the actor whose id this is, or the collection of whose followers; empty: none.
    std::string name_of(std::string_view actor_id) const;
    // The author's name of a note of ours; empty: it is none.
    std::string author_of(std::string_view note_id) const;
    std::string url_of_path(std::string_view path) const { return base_ + std::string(path); }

  private:
    std::string host_, domain_, base_;
};

// "social.example" of "https://social.example/users/bob", with a port if it has one; small
// letters; empty: it is no URL of HTTP.
std::string host_of(std::string_view url);

}  // namespace waypost::activitypub
