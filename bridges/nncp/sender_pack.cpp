// SPDX-License-Identifier: Apache-2.0
// Which deliveries share a packet.
#include <algorithm>

#include "bridges/email/mime/delivery_mail.h"
#include "bridges/nncp/sender_packet.h"

namespace waypost::nncp {
namespace {

constexpr std::size_t kCompactBytes = 32u << 20;  // a larger mail goes as a plain one

Outcome unwritable(const Error& error) {
    return outcome(error.retry ? Outcome::Kind::Retry : Outcome::Kind::Failed, "unwritable",
                   error.text);
}

}  // namespace

std::vector<Sender::Packet> Sender::pack(std::vector<Item>& items) {
    std::vector<Packet> packets;
    for (Item& item : items) {
        if (!item.open) continue;
        // A crash kept its outcome off the record: it is in the spool, or further.
        if (item.node && item.delivery.wire_id && home_.sent.has(item.copy())) {
            report(item, queued_for(*item.node, item.form));
            continue;
        }
        if (item.node && !may_be_argument(item.delivery.to)) {
            report(item, outcome(Outcome::Kind::Failed, "5.1.3", "no such address"));
            continue;
        }
        const bool large = item.delivery.body.size > kCompactBytes ||
                           item.delivery.text.size() > post::Limits{}.text_bytes;
        if (item.form == Form::Compact && large) item.form = Form::Mail;
    }
    pack_letters(items, packets);
    pack_mails(items, packets);
    return packets;
}

void Sender::pack_letters(std::vector<Item>& items, std::vector<Packet>& packets) {
    for (std::size_t i = 0; i < items.size(); ++i) {
        Item& item = items[i];
        if (!item.open || !item.node || item.form != Form::Compact) continue;
        auto packet = std::find_if(packets.begin(), packets.end(),
                                   [&](const Packet& p) { return p.takes(item); });
        if (packet == packets.end()) {
            packets.push_back({item.node, item.nice(), item.form});
            packet = packets.end() - 1;
            packet->batch.origin = office_.domain();
        }
        if (post::is_event(item.delivery)) {
            packet->batch.events.push_back(post::event_of(item.delivery, office_.clock().wall()));
        } else {
            auto letter = post::letter_of(item.delivery, office_);
            if (!letter.ok()) {
                report(item, unwritable(letter.error()));
                continue;
            }
            packet->bytes += letter->text.size() + letter->mail.size();
            post::add(packet->batch, std::move(*letter));
        }
        packet->items.push_back(i);
    }
}

void Sender::pack_mails(std::vector<Item>& items, std::vector<Packet>& packets) {
    for (std::size_t i = 0; i < items.size(); ++i) {
        Item& item = items[i];
        if (!item.open || (item.node && item.form == Form::Compact)) continue;
        auto bytes = email::mail_bytes_of(item.delivery, office_);
        if (!bytes.ok()) {
            report(item, unwritable(bytes.error()));
            continue;
        }
        item.mail = OutMail{item.delivery.return_path, {item.delivery.to}, std::move(*bytes)};
        if (item.area) {
            post(item);
            continue;
        }
        // The same mail to several: one with several recipients.
        const auto shares = [&](const Packet& p) {
            return p.takes(item) && p.form == Form::Mail &&
                   p.mails.front().return_path == item.mail->return_path &&
                   p.mails.front().bytes == item.mail->bytes &&
                   has_room_for(p.mails.front(), item.delivery.to);
        };
        const auto streams = [&](const Packet& p) {
            return p.takes(item) && p.form == Form::BatchSmtp;
        };
        const auto joined = std::find_if(packets.begin(), packets.end(), [&](const Packet& p) {
            return item.form == Form::BatchSmtp ? streams(p) : shares(p);
        });
        if (joined == packets.end()) {
            packets.push_back({item.node, item.nice(), item.form});
            packets.back().bytes = item.mail->bytes.size();
            packets.back().mails.push_back(std::move(*item.mail));
            packets.back().items.push_back(i);
            continue;
        }
        joined->items.push_back(i);
        if (item.form == Form::Mail) {
            joined->mails.front().recipients.push_back(item.delivery.to);
        } else {
            joined->bytes += item.mail->bytes.size();
            joined->mails.push_back(std::move(*item.mail));
        }
    }
}

// Kept before anybody can get it. One whose outcome a crash kept off the record goes on as it was.
Result<void> Sender::queue_post(const Item& item) {
    const std::int64_t now = to_ms(office_.clock().box()) / 1000;
    if (!item.delivery.wire_id || !home_.posts.has(item.copy())) {
        Parcel parcel;
        parcel.plain.type = PacketType::Exec;
        parcel.plain.nice = kNiceFile;
        parcel.plain.path = "sendmail";
        parcel.nice = item.nice();
        parcel.payload = sendmail_input(*item.mail);
        const auto sealed = outbox_.seal_post(*item.area, parcel);
        if (!sealed.ok()) return sealed.error();
        const auto kept = home_.posts.keep(item.copy(), **sealed, now);
        if (!kept.ok()) return kept;
    }
    const auto sent = outbox_.send_post(
        *item.area, [&] { return home_.posts.open(item.copy(), now); }, item.nice());
    return sent.ok() ? Result<void>() : sent.error();
}

// A post of a group, once for all of the area.
void Sender::post(Item& item) {
    const auto posted = queue_post(item);
    if (!posted.ok()) return report(item, not_tried(posted.error()));
    Outcome sent = outcome(Outcome::Kind::Sent, "nncp",
                           "waits for the next calls or couriers of area " + item.area->name);
    sent.privacy = Privacy::ToGateway;
    report(item, sent);
    for (const std::string& each : item.area->subscribers) {
        const Node* node = home_.config.find(each);
        if (node != nullptr && on_queued_) on_queued_(*node);
    }
}

}  // namespace waypost::nncp
