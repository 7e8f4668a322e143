// SPDX-License-Identifier: Apache-2.0
#include "gateway/store/wish_table.h"

#include "gateway/store/prepared.h"

namespace waypost::store {
namespace {

using I64 = std::int64_t;
using Text = std::string;

enum Notify { kDelivered = 1, kFailed = 2, kLate = 4 };

int notify_of(const Wish& wish) {
    return (wish.delivered ? kDelivered : 0) | (wish.failed ? kFailed : 0) |
           (wish.late ? kLate : 0);
}

}  // namespace

struct WishTable::Statements {
    explicit Statements(Poco::Data::Session& s)
        : insert(s,
                 "INSERT INTO wishes (delivery, message, whose, notify, recipient, envelope_id,"
                 " answered) VALUES (?,?,?,?,?,?,?)"),
          find(s,
               "SELECT message, whose, notify, recipient, envelope_id, answered FROM wishes"
               " WHERE delivery = ?"),
          answer(s, "UPDATE wishes SET answered = 1 WHERE message = ? AND whose = ?"),
          forget(s, "DELETE FROM wishes WHERE message = ?") {}
    Prepared<Params<I64, I64, Text, int, Text, Text, int>> insert;
    Prepared<Params<I64>, Row<I64, Text, int, Text, Text, int>> find;
    Prepared<Params<I64, Text>> answer;
    Prepared<Params<I64>> forget;
};

WishTable::WishTable(Poco::Data::Session& session) : s_(std::make_unique<Statements>(session)) {}
WishTable::~WishTable() = default;

void WishTable::add(const WishRow& row) {
    s_->insert.run(row.delivery, row.message, row.whose, notify_of(row.wish), row.wish.recipient,
                   row.envelope_id, row.answered ? 1 : 0);
}

std::optional<WishRow> WishTable::find(DeliveryId delivery) {
    const auto found = s_->find.one(delivery);
    if (!found) return std::nullopt;
    const auto& [message, whose, notify, recipient, envelope_id, answered] = *found;
    WishRow row;
    row.delivery = delivery;
    row.message = message;
    row.whose = whose;
    row.wish = {(notify & kDelivered) != 0, (notify & kFailed) != 0, (notify & kLate) != 0,
                recipient};
    row.envelope_id = envelope_id;
    row.answered = answered != 0;
    return row;
}

void WishTable::set_answered(MessageId message, const std::string& whose) {
    s_->answer.run(message, whose);
}

void WishTable::forget(MessageId message) { s_->forget.run(message); }

}  // namespace waypost::store
