// SPDX-License-Identifier: Apache-2.0
// A delivery as a status of the account: direct, or for all the world where it goes to public@ the
// box's domain. Its wire id, which is on record before, is the Idempotency-Key. Servers keep such
// keys for an hour (Mastodon) or do not know them (snac), so a delivery that may have left is
// looked for among the account's own statuses first. One thread.
#pragma once

#include <atomic>
#include <string>
#include <string_view>

#include "bridges/activitypub/client/mentions.h"
#include "bridges/activitypub/client/readers.h"
#include "bridges/activitypub/pictures/attached.h"
#include "gateway/message/delivery.h"

namespace waypost::activitypub::client {

// What is behind the mention of whom it is for. Other "@name" in it get a mark that is not seen:
// to the server each of them would be one more reader.
std::string letter_text(const Delivery& delivery);

// The post says this to `to` ("bob@social.example"; empty: to nobody by name), and no more, however
// the server has dressed it: letters and digits alone count.
bool says_the_same(const Status& post, std::string_view text, const std::string& to);

class Letters {
  public:
    // `files` may be null: then nothing goes along.
    Letters(const ClientGate& gate, Session& session, AttachedFiles* files = nullptr)
        : gate_(gate), session_(session), files_(files), readers_(gate.api, gate.office.clock()) {}
    Outcome send(const Delivery& delivery, const WireId& wire);
    std::uint64_t posts() const { return posts_; }  // for all the world; any thread

  private:
    // What is to be posted.
    struct Post {
        std::string to;  // whom it mentions; empty: it is for all the world
        std::string text;
        std::int64_t since = 0;  // Unix seconds: it cannot be there from before
        std::vector<AttachedPicture> pictures{};
        std::string text_alone{};  // where the server takes no pictures: names them too
    };
    Post post_of(const Delivery& delivery) const;
    NewStatus status_of(const Delivery& delivery, const Post& post, const WireId& wire) const;
    Outcome send_new(const SignedIn& in, const Post& post, NewStatus status);
    std::optional<Problem> upload(const SignedIn& in, const Post& post, NewStatus& status);
    Outcome sent(const Post& post) const;
    Asked<std::string> sent_before(const SignedIn& in, const Post& post, const WireId& wire);
    std::string answered_by(const Delivery& delivery) const;
    Outcome of_problem(const Problem& problem);

    const ClientGate gate_;
    Session& session_;
    AttachedFiles* const files_;
    Readers readers_;
    std::atomic<std::uint64_t> posts_{0};
};

}  // namespace waypost::activitypub::client
