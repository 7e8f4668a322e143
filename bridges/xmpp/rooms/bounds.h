// SPDX-License-Identifier: Apache-2.0
// What the rooms take at most, whoever asks: nothing here costs airtime, but memory, and stanzas to
// everybody in a room.
#pragma once

#include <cstddef>

#include "gateway/base/token_bucket.h"

namespace waypost::xmpp {

struct RoomBounds {
    std::size_t sessions = 2000;  // in all rooms
    std::size_t room_sessions = 200;
    std::size_t person_sessions = 10;  // of one person or account, in one room
    std::size_t waiting = 200;         // joins whose membership is being written
    std::size_t handed = 256;          // posts and letters that the office has not answered yet
    std::size_t shown = 100;           // occupants, with those who are there by radio only
    std::size_t nick_bytes = 64;
    BucketSize joins{200, 2000};             // of one server: it comes back after a failure
    BucketSize joins_at_home{2000, 20'000};  // of the server with the villagers' accounts
    BucketSize invitations{20, 20};          // of one member
    BucketSize reactions{30, 120};           // of one member
};

}  // namespace waypost::xmpp
