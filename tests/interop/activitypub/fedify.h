// SPDX-License-Identifier: Apache-2.0
// A server on Fedify (npm, with a Node.js of its own; ./dev setup installs both), which does what a
// test tells it: fedify/deeds.mjs has what there is.
#pragma once

#include <Poco/JSON/Object.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tests/interop/activitypub/fediverse.h"

namespace waypost::interop {

// What an answer says under a key.
std::string text_of(const Poco::Dynamic::Var& answer, const std::string& key);
int number_of(const Poco::Dynamic::Var& answer, const std::string& key);

class Fedify {
  public:
    static constexpr char kCavage[] = "draft-cavage-http-signatures-12";
    static constexpr char kRfc9421[] = "rfc9421";

    // `first`: how it signs first; after 401 it tries the other way.
    Fedify(const Fediverse& world, std::string host, std::vector<std::string> users,
           std::string first = kCavage);

    void stop();
    void start();  // it runs from the beginning; of what it had its keys stay
    std::string actor(const std::string& user) const {
        return "https://" + host_ + "/users/" + user;
    }
    std::string handle(const std::string& user) const { return '@' + user + '@' + host_; }

    // Its answer is JSON. Throws with its words if it failed.
    Poco::Dynamic::Var deed(const std::string& name, const std::string& json = "{}") const;
    // With fields that are texts, or lists of texts.
    using Field = std::pair<std::string, Poco::Dynamic::Var>;
    Poco::Dynamic::Var deed(const std::string& name, const std::vector<Field>& fields) const;
    // Its deed "raw", signed by bob unless `more` says otherwise: the status that it is answered
    // with.
    int raw(const std::string& inbox, const Poco::Dynamic::Var& json,
            const std::vector<Field>& more = {}) const;
    static Poco::Dynamic::Var list(const std::vector<std::string>& texts);

    std::vector<std::string> followers(const std::string& user) const;  // their ids

    struct Got {
        std::string type, id, actor, box;  // box: whose inbox, or "shared"
        std::string json;                  // as it came
    };
    // All verified activities, or those of one type.
    std::vector<Got> got(const std::string& type = {}) const;
    // Until one of this type came that has this in it; throws with its log.
    Got waits_for(const std::string& type, const std::string& text) const;

    std::string log() const { return contents(folder_ / "log"); }

  private:
    const Fediverse& world_;
    const Folder folder_;
    const std::string host_;
    const std::vector<std::string> users_;
    const std::string first_;
    const int control_ = free_port();
    std::unique_ptr<Child> server_;
};

}  // namespace waypost::interop
