// SPDX-License-Identifier: Apache-2.0
// Letters with one text to several neighbours of a radio: the text goes once (radio/trunk/cast.h),
// where that takes less airtime. One cast at a time, in rounds: all are invited, each over its
// link; then rows; then who was invited answers, over its link. Whoever does not answer gets what
// it should have had alone.
//
// Nothing of it is on disk: the letters are, as they would go alone, until the neighbour said that
// it holds them. After a restart they go so, and who has one already drops the copy by its id.
// No clock, no I/O, one thread.
#pragma once

#include <deque>
#include <optional>
#include <vector>

#include "radio/trunk/transport/air_turns.h"
#include "radio/trunk/transport/cast_words.h"

namespace waypost::trunk {

// A letter of one neighbour's, that may go by a cast.
struct CastOffer {
    ObjectId id = 0;           // as it would go alone
    std::int64_t message = 0;  // the same of all its recipients
    Priority priority = Priority::Mail;
    std::string letter;  // without its text
    std::string packed;  // the text
    std::size_t text_bytes = 0;
    bool mail = false;
    std::size_t alone = 0;  // bytes
};

// One neighbour's side of the casts: its post.
class CastPeer {
  public:
    virtual ~CastPeer() = default;
    virtual bool takes_casts() const = 0;  // it is there, and said so
    virtual std::size_t frame_payload() const = 0;
    virtual double loss() const = 0;
    // nullopt: there is no room now.
    virtual std::optional<ObjectId> invite(std::string object, Priority priority, BoxTime now) = 0;
    virtual void send_alone(ObjectId id, BoxTime now) = 0;
    virtual void cast_held(ObjectId id) = 0;  // it is in the neighbour's custody
};

class CastSender final : public AirUser {
  public:
    // All outlive it. `air`: its own share (SharedAir).
    CastSender(const Air& air, Random& random) : air_(air), random_(random) {}

    void join(CastPeer& peer) { peers_.push_back(&peer); }
    void leave(CastPeer& peer);

    // Whether there is any use in an offer: two of the neighbours take casts, this one too.
    bool possible(const CastPeer& peer) const;
    // True: it is seen to, and the peer is told how. False: it is to go alone at once.
    bool consider(CastPeer& peer, CastOffer offer, BoxTime now);
    void invited(CastPeer& peer, ObjectId invitation);
    void answered(CastPeer& peer, std::string_view object, BoxTime now);

    void run(BoxTime now);
    BoxTime next() const;
    // One at a time: the next comes after ended().
    std::optional<std::string> frame();
    void ended(bool on_air, BoxTime now);
    // Others wait for the air; an alarm does.
    void share_air(bool others_wait, bool urgent) {
        others_wait_ = others_wait;
        urgent_ = urgent;
    }
    BoxTime holds_air_until() const override;
    std::size_t casts() const { return casts_; }  // that all receivers held at the end

  private:
    static constexpr int kMostSilent = 2;
    enum class Phase { Inviting, Rows, Answers };
    struct Waiting {
        CastPeer* peer;
        CastOffer offer;
        BoxTime until;
    };
    struct Receiver {
        CastPeer* peer = nullptr;
        int place = 0;
        std::vector<ObjectId> letters;
        std::optional<ObjectId> invitation;
        bool invited = false;
        bool answered = false;     // in this round
        int silent = kMostSilent;  // rounds without an answer; none is borne before the first one
    };
    struct Cast {
        CastOut out;
        std::vector<Receiver> receivers;
        Phase phase = Phase::Inviting;
        BoxTime until{};  // Inviting, Answers
        int rounds = 0;
        bool all = true;  // none went alone
    };
    void look_at_waiting(BoxTime now);
    std::vector<Waiting> take_group(const Waiting& first);
    void decide(std::vector<Waiting> group, BoxTime now);
    std::optional<Cast> make(const std::vector<Waiting>& group) const;
    bool cheaper(const std::vector<Waiting>& group, const Cast& cast) const;
    void invite(const std::vector<Waiting>& group, BoxTime now);
    void next_row(BoxTime now);
    void await_answers(BoxTime now);
    void after_answers(BoxTime now);
    template <typename Which>
    void drop(Which which, BoxTime now);

    const Air& air_;
    Random& random_;
    std::vector<CastPeer*> peers_;
    std::deque<Waiting> waiting_;
    std::optional<Cast> cast_;
    std::optional<std::string> frame_;
    bool in_air_ = false;
    BoxTime look_at_{};     // Rows: the next one may be due
    BoxTime hold_until_{};  // Rows: the next one comes by then
    BoxTime began_{};       // Rows: since the air was given to others
    bool others_wait_ = false, urgent_ = false;
    std::size_t casts_ = 0;
};

}  // namespace waypost::trunk
