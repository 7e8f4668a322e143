// SPDX-License-Identifier: Apache-2.0
// Servers elsewhere. Our own takes a letter for them and says at once that it has it, also where no
// link is up; its error comes later, when the letter counts as sent. So a ping to their domain goes
// behind the letters: stanzas to one server keep their order (RFC 6120 10.1), and whatever it
// answers, it has them. Where it cannot be reached the letters stay in custody here, and the
// domain is left alone for a while, each time twice as long. One thread at a time.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "bridges/xmpp/names.h"
#include "bridges/xmpp/stanza_error.h"
#include "bridges/xmpp/stream/element.h"
#include "gateway/base/clock.h"
#include "gateway/base/random.h"

namespace waypost::xmpp {

struct FarOptions {
    std::chrono::seconds answer{90};
    std::chrono::seconds first_pause{60};
    std::chrono::seconds longest_pause{30 * 60};
    std::size_t most_domains = 1000;  // beyond, the least is known of who was paused last
};

class Far {
  public:
    Far(const Names& names, FarOptions options, Random& random);

    bool is_far(const std::string& domain) const;
    // How long nothing is sent there yet; and why.
    std::optional<std::chrono::seconds> pause(const std::string& domain, BoxTime now) const;

    // Letters up to this number are written to it. The ping to send behind them; nullopt: one is on
    // its way, and the next follows it.
    std::optional<Element> ask(const std::string& domain, std::uint64_t number, BoxTime now);

    struct Answer {
        std::string domain;
        std::uint64_t number = 0;  // letters up to here are meant
        bool reached = false;
        std::string condition;  // why it was not
    };
    // nullopt: it answers no ping of ours.
    std::optional<Answer> answer(const Element& iq, BoxTime now);
    // Those whose time for an answer is over.
    std::vector<Answer> silent(BoxTime now);
    // It cannot be reached, as an error in answer to a letter says.
    void failed(const std::string& domain, BoxTime now);
    // The stream is gone, and with it every ping.
    void forget_pings();

    // The server is not there, which says nothing about the recipient.
    static bool is_unreachable(const std::string& condition);

  private:
    struct Domain {
        std::string ping;          // id of the one on its way; empty: none
        std::uint64_t number = 0;  // that it stands for
        BoxTime asked{};
        std::chrono::seconds length{0};  // of the last pause
        BoxTime until{};
    };
    Domain& at(const std::string& domain, BoxTime now);

    const Names& names_;
    const FarOptions options_;
    Random& random_;
    std::map<std::string, Domain> domains_;
};

}  // namespace waypost::xmpp
