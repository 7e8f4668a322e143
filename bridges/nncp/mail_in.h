// SPDX-License-Identifier: Apache-2.0
// Messages that came in packets, handed to the office: what it says of each recipient decides what
// becomes of the packet.
#pragma once

#include <string>
#include <vector>

#include "bridges/nncp/mail_packets.h"
#include "bridges/nncp/packet/stream.h"
#include "gateway/transport.h"

namespace waypost::nncp {

struct Refusal {
    std::string id;       // of the message
    Address return_path;  // where it may be told; empty: nowhere
    Address recipient;
    std::string status;  // "5.1.1"
    std::string text;
    std::string header;  // of the mail, for its report; may be empty
    std::string envelope_id, original_recipient;
};

// Hands messages over together and waits for what is said of them. One thread.
class Handing {
  public:
    explicit Handing(Office& office) : office_(office) {}
    void add(Message message, std::string header = {});
    // Refused without asking the office.
    void refuse(Refusal refusal) { refused_.push_back(std::move(refusal)); }
    std::size_t bytes() const { return bytes_; }  // about so many are held until it is said

    // Waits. Error with retry: something was put off; what was taken is a duplicate next time.
    // Else who was refused; `taken` is how many recipients have it now.
    struct Said {
        std::vector<Refusal> refused;
        std::size_t taken = 0;
        std::size_t had = 0;  // of those: that had it before
    };
    Result<Said> wait();

  private:
    struct State;
    struct Handed {
        std::string id, header, envelope_id;
        Address return_path;
        std::vector<Address> to;
        std::vector<Wish> wishes;
        std::shared_ptr<State> state;
    };
    Office& office_;
    std::vector<Handed> handed_;
    std::vector<Refusal> refused_;
    std::size_t bytes_ = 0;
};

struct MailOrigin {
    std::string transport;
    std::string peer;      // as Message::peer
    bool trusted = false;  // may go to the outside
    std::size_t most_bytes = 0;
    std::string own_domain;
};

// One mail with its envelope, from `input`. Large ones go by way of the store's own folder. Error
// without retry: it is no mail, or goes round.
Result<void> add_mail(Handing& handing, Office& office, const MailOrigin& origin,
                      const std::vector<Address>& to, Source& input, std::uint64_t bytes);
// The same of one whose envelope is known.
Result<void> add_mail(Handing& handing, Office& office, const MailOrigin& origin,
                      const OutMail& mail);

// Who may be told of a mail that is not taken: its return path, else its author. Empty: nobody,
// as it has the null sender, was written by a program or cannot be read.
struct Beginning {
    std::string header;  // at most 32 KiB
    Address return_path;
};
Result<Beginning> beginning_of(Source& input);

// The mail as a Message, with its body; nothing of its envelope but the null sender.
struct ReadMail {
    Message message;
    std::string header;  // its beginning, at most 32 KiB
};
Result<ReadMail> read_whole(Office& office, const MailOrigin& origin, Source& input,
                            std::uint64_t bytes, const Address* envelope_from);

}  // namespace waypost::nncp
