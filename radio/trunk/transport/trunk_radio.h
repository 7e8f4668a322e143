// SPDX-License-Identifier: Apache-2.0
// One modem of the trunk: its line, its law, its thread, and all neighbours that are reached by it.
// Sections of one port share it.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "gateway/transport.h"
#include "radio/modem_kind.h"
#include "radio/modem_line.h"
#include "radio/trunk/transport/amateur_settings.h"
#include "radio/trunk/transport/amateur_station.h"
#include "radio/trunk/transport/frame_tap.h"
#include "radio/trunk/transport/known_modem.h"
#include "radio/trunk/transport/law.h"
#include "radio/trunk/transport/link_speeds.h"
#include "radio/trunk/transport/shared_radio.h"

namespace waypost::trunk {

struct RadioOptions {
    std::string port;
    std::string modem;  // a kind
    ModemSettings modem_settings;
    std::optional<AmateurOptions> amateur;  // nullopt: a licence-free radio
    std::vector<LoraParams> speeds;         // faster ones, by agreement with its one neighbour
    RadioSite site;
    std::shared_ptr<SharedBand> band;  // null: shared with no other radio
};
// As a shared band knows it.
std::string radio_name(const std::string& port);

class TrunkRadio {
  public:
    explicit TrunkRadio(RadioOptions options) : options_(std::move(options)) {}
    ~TrunkRadio();

    // Before the post of this section is made. `proposes`: this side asks for another speed. Throws
    // std::runtime_error with a sentence for the operator.
    void open(Office& office, const TransportId& section, bool proposes);
    const Law& law() const { return *law_; }
    LinkSpeeds* speeds() { return speeds_ ? &*speeds_ : nullptr; }  // of this radio's thread
    const AirTurns& turns() const { return shared_->turns(); }
    const std::optional<AmateurOptions>& amateur() const { return options_.amateur; }
    void wake() noexcept { line_->wake(); }  // any thread

    // What it hears and sends is told there, which outlives it. Any thread.
    void tell_to(PacketTail& tail);

    // The post is this radio's thread's from then on; `note` is called there once a second, and
    // when something changes.
    void join(const TransportId& section, TrunkPost& post, std::function<void(BoxTime)> note);
    // Returns when the thread has nothing to do with the post any more; with the last one it ends.
    void leave(TrunkPost& post);

    // Within `note`. The airtime is said for the section that is first.
    void describe(const TransportId& section, BoxTime now, Status& status);

  private:
    struct Member {
        TransportId section;
        TrunkPost* post;
        std::function<void(BoxTime)> note;
    };
    std::unique_ptr<FrameRadio> make_modem(const ModemKind& kind, const ModemSettings& settings,
                                           Random& random);
    void run();
    void round();
    void choose_speed(BoxTime now);
    void send_frame(BoxTime now);
    void send_call_sign(FrameOut call_sign, BoxTime now);
    void to_modem(SharedRadio::Leaving leaving, BoxTime now);
    void sign_off();
    void take(RadioActions actions, BoxTime now);
    void tell_sent(const FrameReport& report);
    void tell_heard(const FrameIn& frame, bool call_sign, const TrunkPost* whose);
    const TransportId& section_of(const TrunkPost* post) const;
    void note(BoxTime now);
    void close();

    const RadioOptions options_;
    const Clock* clock_ = nullptr;
    std::unique_ptr<ModemLine> line_;
    TunedModem* tuned_ = nullptr;  // line_'s, where there are several speeds
    std::optional<KnownModem> known_;
    std::unique_ptr<Law> law_;
    std::optional<LinkSpeeds> speeds_;
    std::optional<AmateurStation> station_;
    std::mutex mutex_;  // of all below, and of what posts are told; not held while the line is read
    std::unique_ptr<SharedRadio> shared_;
    std::vector<Member> members_;
    TransportId first_section_;                    // that joined
    std::optional<FrameTap> tap_;                  // nullopt: nobody is told
    std::optional<SharedRadio::Leaving> in_air_;   // a frame whose fate is not known
    std::optional<SharedRadio::Leaving> waiting_;  // one whose cost is being written
    bool was_ready_ = false;
    BoxTime next_note_{};
    std::atomic<bool> stopping_ = false;
    std::thread thread_;
};

}  // namespace waypost::trunk
