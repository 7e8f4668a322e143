// SPDX-License-Identifier: Apache-2.0
// A village under spam: the corpus through a real Postfix, which hands it to a real box by LMTP,
// for five people with radios, while people whom they wrote to answer from other addresses.
#pragma once

#include <cstddef>
#include <string>

namespace waypost::bench {

struct SpamPlan {
    std::size_t spam = 10'000;  // the set round and round, with new Message-IDs
    std::size_t replies = 100;  // spread evenly between
};

struct SpamFigures {
    std::size_t set = 0;        // mails of the corpus
    double seconds = 0;         // until Postfix had handed over the last one
    int most_packets = 0;       // that one radio was sent because of the spam
    std::string a_packet;       // one of them
    double median_delay_s = 0;  // of a reply: from Postfix's 250 to its radio's packet
    double worst_delay_s = 0;
    std::size_t replies_lost = 0;
    std::size_t notices = 0;  // mails that the box sent out by itself
    std::size_t refused = 0;  // spam that the box did not take
    double memory_mib = 0;    // of the box, at the most
    std::size_t held = 0;     // that wait at the end, of all five
};

// Throws if a program is missing or the mails are not handed over in time.
SpamFigures replay_spam(const SpamPlan& plan);

}  // namespace waypost::bench
