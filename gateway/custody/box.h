// SPDX-License-Identifier: Apache-2.0
// What the rooms of the gateway share: this box's settings, store, clock, people and routes.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "gateway/base/clock.h"
#include "gateway/base/random.h"
#include "gateway/custody/fair_use.h"
#include "gateway/custody/health_settings.h"
#include "gateway/message/geo_point.h"
#include "gateway/people/directory.h"
#include "gateway/people/reply_token.h"
#include "gateway/routing/neighbours.h"
#include "gateway/routing/router.h"
#include "gateway/store/store.h"

namespace waypost {

class GroupDoor;

struct GroupSettings {
    int most = 100;                // groups
    int most_members = 2000;       // of each
    int radio_posts_per_hour = 4;  // to one radio, of all groups together
    std::chrono::hours digest_every{2};
};

struct BoxSettings {
    std::string domain;                   // "hill.example"
    std::string village;                  // "hill"
    std::optional<GeoPoint> place;        // where it stands, for the map
    std::string tiles;                    // the ground of the map, a file; empty: none
    std::vector<std::string> operators;   // handles
    std::vector<std::string> responders;  // handles told of an alarm; the operators if empty
    std::string publish_alarms;  // by whom: a group, "box" or nobody (custody/alarm_post.h)
    std::string language = "en";
    std::uint64_t max_message_bytes = 20u << 20;
    std::uint64_t attachment_quota_bytes = 100u << 20;  // of one person
    std::size_t picture_budget_bytes = 20u << 10;       // where no other is asked for
    std::uint64_t keep_free_bytes = 64u << 20;          // below this nothing new is taken
    bool approval = false;                              // the operator says yes to each new name
    int names_per_day = 100;                            // taken or asked for by radios
    int stranger_mails_per_day = 3;
    int person_mails_per_day = 100;
    FairUse fair_use;                       // of airtime
    int radio_lines_per_minute = 0;         // that one radio may say; 0: as many as it likes
    int letters_waiting = 0;                // of one person for the air; 0: no limit
    int outside_letters_per_hour = 0;       // from outside to all radios at once; 0: no limit
    std::string quiet;                      // "22:00-06:00", of all who chose none; empty: none
    std::chrono::minutes quiet_spread{10};  // over which what waited goes when they end
    bool later_states = false;              // are told with the next receipt
    std::chrono::hours expiry{24 * 30};
    std::chrono::hours answer_expiry{24};
    std::chrono::hours retention{24 * 30};  // texts and names go this long after the end
    std::chrono::hours reply_window{24 * 60};
    std::chrono::hours stranger_reply_window{24 * 14};
    std::vector<Neighbour> neighbours;
    GroupSettings groups;
    HealthSettings health;
};

// Those that count now. A change is a new copy beside the former ones, which stay until the gateway
// ends: what somebody reads never goes away under him. Thread-safe.
class CurrentSettings {
  public:
    explicit CurrentSettings(BoxSettings first) { put(std::move(first)); }
    const BoxSettings* operator->() const { return now_.load(std::memory_order_acquire); }
    const BoxSettings& operator*() const { return *operator->(); }
    // False: they were changed so often that the next change waits for the gateway's next start.
    bool put(BoxSettings next) {
        const std::lock_guard lock(mutex_);
        if (all_.size() >= kMostCopies) return false;
        now_.store(&all_.emplace_back(std::move(next)), std::memory_order_release);
        return true;
    }

  private:
    static constexpr std::size_t kMostCopies = 1000;  // of a KiB or two each
    std::mutex mutex_;                                // all_
    std::deque<BoxSettings> all_;
    std::atomic<const BoxSettings*> now_{nullptr};
};

// A radio without a name: an owner is a handle, or the address of such a one.
inline bool is_nameless(const std::string& owner) { return owner.find(':') != std::string::npos; }

// Lives as long as the gateway. Everything in it is thread-safe or constant.
struct Box {
    Box(BoxSettings s, store::Store& st, const Clock& c, Random& r, Secret token_key)
        : settings(std::move(s)),
          store(st),
          clock(c),
          random(r),
          router(settings->domain, settings->operators),
          neighbours(settings->neighbours, settings->domain),
          tokens(std::move(token_key)) {}

    store::Ms wall_ms() const { return to_ms(clock.wall()); }
    store::Ms box_ms() const { return to_ms(clock.box()); }
    std::int64_t day() const { return wall_ms() / 86'400'000; }

    CurrentSettings settings;
    store::Store& store;
    const Clock& clock;
    Random& random;
    DirectoryHolder directory;
    Router router;  // its networks are set before the first message and constant after
    const Neighbours neighbours;
    const ReplyTokens tokens;
    const GroupDoor* groups = nullptr;  // set by the office before the first message
};

}  // namespace waypost
