// SPDX-License-Identifier: Apache-2.0
// What a Sender has in hand: deliveries, and the packets that they go into. Of this class only.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "bridges/nncp/batch_smtp.h"
#include "bridges/nncp/nncp_options.h"
#include "bridges/nncp/sender.h"
#include "bridges/post/letters.h"

namespace waypost::nncp {

inline constexpr std::size_t kMostTogether = 200;
inline constexpr std::uint64_t kBytesTogether = 8u << 20;

struct Sender::Item {
    Delivery delivery;
    const Node* node = nullptr;
    const Area* area = nullptr;
    Form form = Form::Mail;
    bool open = false;  // begun, and without an outcome
    std::optional<OutMail> mail{};

    Nice nice() const { return nice_of(delivery.priority); }
    SentCopy copy() const { return {delivery.message_id, delivery.to}; }
};

struct Sender::Packet {
    const Node* to = nullptr;
    Nice nice = kNiceExec;
    Form form = Form::Mail;
    post::Batch batch{};
    std::vector<OutMail> mails{};
    std::vector<std::size_t> items{};  // whose it is
    std::size_t bytes = 0;
    bool queued = false;  // it lies in the spool

    bool takes(const Item& item) const {
        return to == item.node && nice == item.nice() && form == item.form &&
               items.size() < kMostTogether && bytes < kBytesTogether / 2;
    }
    Parcel parcel(const std::string& domain) const {
        if (form == Form::Compact) return exec_parcel(*to, {kPostHandle}, encode(batch));
        if (form == Form::BatchSmtp) return exec_parcel(*to, {"rsmtp"}, batch_smtp(mails, domain));
        return exec_parcel(*to, sendmail_words(mails.front()), sendmail_input(mails.front()));
    }
};

// How an attempt ends here.
Outcome not_tried(const Error& error);
Outcome queued_for(const Node& node, Form form);

}  // namespace waypost::nncp
