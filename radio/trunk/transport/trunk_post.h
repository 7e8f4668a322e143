// SPDX-License-Identifier: Apache-2.0
// Between the office and one link: deliveries become objects, objects become messages, and what
// the link needs kept is on disk before a frame leaves. No line, no thread: the owner steps it.
//
// Custody out: an attempt is `sent` when the other box has said that it holds the message. Custody
// in: the link is told so after the office has said yes or no for good, and that is on disk.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "bridges/post/short_form.h"
#include "gateway/transport.h"
#include "radio/trunk/link.h"
#include "radio/trunk/transport/cast_sender.h"
#include "radio/trunk/transport/casts_in.h"
#include "radio/trunk/transport/freight.h"
#include "radio/trunk/transport/link_names.h"
#include "radio/trunk/transport/old_pairing.h"
#include "radio/trunk/transport/parcels.h"
#include "radio/trunk/transport/patience.h"
#include "radio/trunk/transport/posted.h"

namespace waypost::trunk {

struct PostOptions {
    std::string peer;      // the other box by the name of its section, "dale"
    std::string domain;    // that it has to have; nothing is exchanged with another
    bool trusted = false;  // its mail may go to the outside
    bool casts = true;     // a letter to several neighbours may come by a cast
    // Of an amateur station: whose messages it carries unasked. nullopt: it is none.
    std::optional<std::vector<std::string>> licensed;
    // Where other transports leave what is to be carried (NNCP packets). Null on a service that
    // forbids it: then none goes, none is taken, and the other box hears so in each hello.
    ParcelDesk* parcels = nullptr;
    // So long something waits for a neighbour that is not heard; then it is given back. 0: no end.
    milliseconds give_back_after{0};
    LinkSettings link;                // without facts
    std::size_t most_bytes = 24'000;  // of one object: any modem can carry it
    // How texts are packed; what the other has to know for that, and what it says of itself with
    // each session.
    post::Pack pack;
    post::Unpack unpack;
    std::string text_facts;
    std::function<void(std::string_view)> on_text_facts;  // may be empty
    // The link is at this speed from now on (LinkActions::speed); may be empty.
    std::function<void(std::uint32_t, const LinkHealth&, BoxTime)> on_speed;
};

class TrunkPost final : public AirUser, public CastPeer {
  public:
    // `air` and `office` outlive it. `wake`: something is to be done; any thread, after stop too.
    TrunkPost(TransportId id, PostOptions options, Office& office, const Air& air,
              std::function<void()> wake);
    ~TrunkPost() override;

    void deliver(Delivery delivery);  // any thread

    // All that follows: the owner's thread.
    void start(BoxTime now);
    // What came from other threads, and what is due. `look`: the air is free that was not.
    void run(BoxTime now, bool look = false);
    BoxTime next() const;
    // The frame that is to leave now: all that it needs is on disk. Its fate has to be told.
    std::optional<FrameOut> frame();
    bool frame_is_urgent() const { return frame_urgent_; }
    // All that was put is on disk; wait_for_disk(): what was put just now has to be, too.
    bool on_disk() const { return unwritten_ == 0 && !disk_again_; }
    void wait_for_disk();
    bool heard(const FrameIn& frame, BoxTime now);  // false: it was not of this link
    void fate(const FrameReport& report, BoxTime now);
    // The modem is another, or set up anew.
    void renew(BoxTime now) { link_->renew(now); }
    // The office would hand something over if it were up.
    void expect(BoxTime now) { link_->expect(now + kExpect, now); }
    BoxTime holds_air_until() const override { return link_->holds_air_until(); }
    // Its letters may go by casts from now on. Before start().
    void join_casts(CastSender& casts);
    bool takes_casts() const override;
    std::size_t frame_payload() const override { return link_->frame_payload(); }
    double loss() const override { return link_->health().loss; }
    std::optional<ObjectId> invite(std::string object, Priority priority, BoxTime now) override;
    void send_alone(ObjectId id, BoxTime now) override;
    void cast_held(ObjectId id) override { delivered(id); }
    void share_air(bool others_wait, bool urgent) { link_->share_air(others_wait, urgent); }
    void propose_speed(std::uint32_t speed, BoxTime now) { link_->propose_speed(speed, now); }
    // The device will not be back: all that waits is given back.
    void give_back();

    bool up() const {
        return link_->up() && wrong_peer_.empty() && !link_->health().other_form &&
               !patience_.over();
    }
    std::string why_down() const;
    const Link& link() const { return *link_; }
    std::size_t waiting() const { return parcels_.all().size(); }
    std::size_t messages_in() const { return messages_in_; }
    std::size_t messages_out() const { return messages_out_; }
    std::size_t put_aside() const { return aside_.size(); }
    const Freight& freight() const { return freight_; }

  private:
    static constexpr char kAside[] = "aside/";  // rows
    static constexpr std::chrono::hours kExpect{12};
    // An object's messages, and what the office said of each.
    struct Arrival {
        struct Handed {
            Message message;
            // To be told if it is refused; status and text are missing.
            std::optional<post::Event> refusal{};
            std::optional<Verdict> verdict{};
        };
        Received received;
        std::set<std::size_t> unread;      // objects that could neither be read nor put aside yet
        std::vector<post::Event> refused;  // of letters that this box cannot take
        std::uint64_t session = 0;         // not told of before this one has begun
        std::vector<Handed> handed;
        struct Carried {
            std::string object;
            std::optional<ParcelVerdict> verdict{};
            std::optional<ObjectId> told{};  // our word that it was refused; gone once it is there
        };
        std::vector<Carried> carried;
        std::size_t open = 0;                 // that the office has not spoken of yet
        std::optional<std::uint16_t> cast{};  // it came by this one, and not by the link
    };

    // trunk_post.cpp
    void act(LinkActions actions, BoxTime now);
    void keep(const std::vector<StateRow>& rows);
    void not_on_disk(BoxTime now);
    void try_disk_again();
    void delivered(ObjectId id);
    void cannot_go(ObjectId id);
    void take_facts(const std::string& facts);
    void ask_for_names(BoxTime now);
    // How it is protected from box to box.
    Privacy privacy() const { return options_.licensed ? Privacy::InClear : Privacy::ToGateway; }

    // trunk_post_out.cpp
    void take(Delivery delivery, BoxTime now);
    Result<post::Batch> batch_of(const Delivery& delivery);
    Result<void> offer(ObjectId id, const Parcel& parcel, BoxTime now);
    void too_long(AttemptId attempt);
    void not_taken(AttemptId attempt, const Error& why);
    void report(AttemptId attempt, Outcome::Kind kind, const std::string& code,
                const std::string& detail, std::optional<std::chrono::seconds> after = {});

    // trunk_post_cast.cpp
    bool may_cast(ObjectId id, const Delivery& delivery, const post::Batch& batch,
                  const Parcel& parcel, BoxTime now);
    bool read_cast_word(const std::string& object, BoxTime now);
    void run_casts(BoxTime now);
    void take_cast(CastsIn::Whole whole, BoxTime now);
    Result<void> read_cast(const CastsIn::Whole& whole, Arrival& arrival);
    // trunk_post_freight.cpp
    bool takes_freight() const;           // the other box
    std::uint32_t features(BoxTime now);  // of our hello
    void run_freight(BoxTime now);
    Result<void> read_freight(const std::string& object, Arrival& arrival);
    void hand_over_freight(const std::shared_ptr<Arrival>& arrival, BoxTime now);
    bool freight_ended(Arrival& arrival, BoxTime now);
    std::optional<ObjectId> refuse_freight(const Arrival::Carried& carried, BoxTime now);
    void give_back_waiting(BoxTime now);

    // trunk_post_in.cpp
    void arrived(Received received, BoxTime now);
    void take_up(const std::shared_ptr<Arrival>& arrival, BoxTime now);
    Result<void> read(const std::string& object, Arrival& arrival);
    Result<void> read_batch(const post::Batch& batch, Arrival& arrival);
    Result<void> read_spoiled(const post::Batch& batch, Arrival& arrival);
    void refuse(const post::Letter& letter, const post::Copy& copy, const Error& why,
                Arrival& arrival);
    void hand_over(const std::shared_ptr<Arrival>& arrival, BoxTime now);
    void judged(const std::shared_ptr<Arrival>& arrival, BoxTime now);
    Result<void> tell_refused(const Arrival& arrival, BoxTime now);
    void put_off(const std::shared_ptr<Arrival>& arrival, BoxTime now);
    void finish(const std::shared_ptr<Arrival>& arrival);
    void confirm_on_disk(const std::shared_ptr<Arrival>& arrival);
    void miss(Arrival& arrival, BoxTime now);
    bool set_aside(std::uint64_t number, std::size_t index, const std::string& object,
                   const Error& why);

    const TransportId id_;
    PostOptions options_;  // its link is the link's own
    Office& office_;
    TransportState& state_;
    post::LinkDomains ours_, theirs_;  // of what we write, and of what we read
    const std::shared_ptr<Posted> posted_;
    std::vector<AttemptId> other_pairings_;  // to be given back
    LinkNames names_;
    Parcels parcels_;
    Freight freight_;
    Patience patience_;
    std::unique_ptr<Link> link_;
    CastsIn casts_in_;
    CastSender* casts_out_ = nullptr;  // of the radio; null: it has no other neighbour
    std::optional<FrameOut> frame_;    // waits for the disk
    bool frame_urgent_ = false;
    int unwritten_ = 0;                                  // commits that are under way
    std::optional<BoxTime> disk_again_;                  // the disk failed: asked again then
    std::vector<std::shared_ptr<Arrival>> unconfirmed_;  // once it is on disk then
    std::map<BoxTime, std::shared_ptr<Arrival>> again_;  // put off by the office
    std::string wrong_peer_;
    bool met_ = false;  // the other has told its facts once, in this life of the pairing
    std::size_t messages_in_ = 0, messages_out_ = 0;
    std::map<std::string, std::string> aside_;  // objects that nobody could read, as on disk
    bool no_room_said_ = false;
};

}  // namespace waypost::trunk
