// SPDX-License-Identifier: Apache-2.0
// What the gateway does with packets that came: mail and batches of other boxes become messages,
// ACKs become proofs, files for a person become attachments; all else is done as nncp does it
// (LocalHandlers). A packet is done with when the office said of each recipient that it has the
// message or refuses it for good, and who is refused was told. Many are handed over before that is
// waited for, so that they share a commit.
#pragma once

#include <future>

#include "bridges/nncp/home.h"
#include "bridges/nncp/mail_in.h"
#include "bridges/nncp/operator_notes.h"
#include "bridges/nncp/sender_notes.h"
#include "bridges/nncp/toss/local_handlers.h"

namespace waypost::nncp {

class Arrivals final : public LocalHandlers {
  public:
    Arrivals(Home home, Office& office, LocalOptions options = {});

    Result<void> admit(const Arrival& arrival) override;
    Error unreadable(const Arrival& arrival, const Error& why) override;
    std::filesystem::path folder_for(const Arrival& arrival) const override;
    Result<void> exec(const Arrival& arrival, const std::vector<std::string>& words,
                      Content& input) override;
    Result<void> file(const Arrival& arrival, Content& content) override;
    Result<void> ack(const Arrival& arrival, const Mth& packet) override;
    Result<void> settle(std::vector<Failure>& failed) override;

    // It was taken, put aside, or seen before: it does not come again from rx/.
    void ended(const Mth& packet);
    std::size_t messages() const { return messages_; }  // taken since the start; its own thread's

  protected:
    void join_waits(const Arrival& arrival, const std::string& what) override;
    void file_came(const Arrival& arrival, const std::string& what,
                   const std::filesystem::path& file) override;

  private:
    enum class Handle { Mail, BatchSmtp, Post, Care, Other };
    Handle handle_of(const Arrival& arrival, const std::string& handle) const;
    MailOrigin origin_of(const Arrival& arrival) const;
    Result<void> take_mail(const Arrival& arrival, const std::vector<std::string>& words,
                           Content& input);
    Result<void> take_stream(const Arrival& arrival, Content& input);
    Result<void> take_batch(const Arrival& arrival, Content& input);
    Result<void> take_care(const Arrival& arrival, Content& input);
    Result<void> take_area_mail(const Arrival& arrival, const std::string& group, Content& input);
    Result<void> admit_for_nobody(const Arrival& arrival);
    bool offer_update(const Arrival& arrival, const std::filesystem::path& file);
    Result<void> tell_of(const Arrival& arrival, const std::vector<std::string>& words,
                         Content& input, const Error& why);
    Result<std::optional<Address>> person_of(const Arrival& arrival);
    Result<void> tell(const Arrival& arrival, const std::vector<Refusal>& refused);
    Result<void> tell_once(const Arrival& arrival, const std::vector<Refusal>& refused);
    // What the office has in hand of a packet.
    struct Handed {
        Arrival arrival;
        Handing handing;
        bool may_come_to_nothing = false;  // what nobody takes and nobody may be told of is over
    };
    // Now, or with others by settle().
    Result<void> finish(Handed handed);
    Result<void> conclude(Handed& handed);
    void conclude_all();
    // What an ACK proves, on its way to the disk.
    struct Proven {
        Arrival arrival;
        Mth packet{};  // that was acknowledged
        std::vector<std::future<bool>> on_disk;
    };
    Result<void> conclude(Proven& proven);
    void conclude_acks();
    void note_end(const Arrival& arrival, const Result<void>& end);

    const Home home_;
    Office& office_;
    const Outbox outbox_;
    OperatorNotes notes_;
    SenderNotes sender_notes_;
    std::size_t messages_ = 0;
    std::vector<Handed> handed_;
    std::size_t handed_bytes_ = 0;
    std::vector<Proven> proven_;
    std::vector<Failure> came_to_nothing_;  // since the last settle()
};

}  // namespace waypost::nncp
