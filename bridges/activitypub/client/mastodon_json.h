// SPDX-License-Identifier: Apache-2.0
// What a server says to a client program by Mastodon's API (docs.joinmastodon.org/entities), which
// GoToSocial, Pleroma, Pixelfed and snac have too: what of it counts here. Entries of a list that
// make no sense are passed over. Limits are those of vocab/activity.h; errors are BadInput. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bridges/activitypub/vocab/activity.h"
#include "gateway/base/result.h"

namespace waypost::activitypub::client {

// Ids are opaque: 1 to 200 printable ASCII characters without spaces.
bool is_client_id(std::string_view text);

struct AppKeys {
    std::string id;
    std::string secret;
    std::string verifier;  // of the link that was made last (pkce.h); empty: it had none
};

struct Account {
    std::string id;
    std::string acct;  // "bob@social.example"; without a host it is of this server
    std::string name;  // plain text, cleaned; may be empty
    std::string url;   // as links of mentions have it; may be empty
};

// Somebody, as he says himself who he is.
struct Profile {
    Account account;
    bool no_bridge = false;  // he wants no messages from other networks (vocab/no_bridge.h)
};

struct Status {
    std::string id;   // on this server
    std::string uri;  // everywhere
    std::string in_reply_to_id;
    std::string visibility;  // "public", "unlisted", "private", "direct"; others may come
    Account account;
    std::vector<Account> mentions;
    Note note;  // what it says: content, warning, media, poll, when
};

struct Notification {
    std::string id;
    std::string type;
    std::optional<Status> status;
};

struct Instance {
    std::string domain;              // behind the @; empty: not said
    std::size_t most_letters = 500;  // of a status, in code points
    std::string streaming;  // where it tells news, "https://..." without a slash; empty: nowhere
};

Result<AppKeys> parse_app(std::string_view json);
Result<std::string> parse_token(std::string_view json);
Result<std::string> parse_media(std::string_view json);  // its id
Result<Account> parse_account(std::string_view json);
Result<Profile> parse_profile(std::string_view json);
Result<std::vector<Profile>> parse_found(std::string_view json);  // accounts of a search
Result<Instance> parse_instance(std::string_view json);           // version 1 or 2
Result<Status> parse_status(std::string_view json);
Result<std::vector<Status>> parse_statuses(std::string_view json);
// In the order in which they come: newest first.
Result<std::vector<Notification>> parse_notifications(std::string_view json);
// What a refusal says, as one line for people; empty: nothing.
std::string parse_refusal(std::string_view json);

}  // namespace waypost::activitypub::client
