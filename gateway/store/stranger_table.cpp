// SPDX-License-Identifier: Apache-2.0
#include "gateway/store/stranger_table.h"

#include "gateway/store/columns.h"
#include "gateway/store/prepared.h"

namespace waypost::store {
namespace {

using I64 = std::int64_t;
using Text = std::string;

}  // namespace

struct StrangerTable::Statements {
    explicit Statements(Poco::Data::Session& s)
        : heard_after(s,
                      "SELECT heard FROM endpoints WHERE person = ''"
                      " ORDER BY heard DESC LIMIT 1 OFFSET ?"),
          unheard(s,
                  "SELECT address FROM endpoints e WHERE e.person = '' AND e.heard < ?"
                  " AND NOT EXISTS (SELECT 1 FROM items i WHERE i.owner = e.address)"
                  " ORDER BY e.heard LIMIT ?"),
          forget(s, "DELETE FROM endpoints WHERE address = ? AND person = ''"),
          forget_contacts(s, "DELETE FROM contacts WHERE owner = ?"),
          count(s, "SELECT COUNT(*) FROM endpoints WHERE person = ''") {}
    Prepared<Params<int>, Row<I64>> heard_after;
    Prepared<Params<I64, int>, Row<Text>> unheard;
    Prepared<Params<Text>> forget;
    Prepared<Params<Text>> forget_contacts;
    Prepared<Params<>, Row<I64>> count;
};

StrangerTable::StrangerTable(Poco::Data::Session& session)
    : s_(std::make_unique<Statements>(session)) {}
StrangerTable::~StrangerTable() = default;

std::optional<I64> StrangerTable::heard_after(int newer) {
    return value_of(s_->heard_after.one(newer));
}

std::vector<std::string> StrangerTable::unheard(I64 before_ms, int most) {
    return values_of(s_->unheard.all(before_ms, most));
}

void StrangerTable::forget(const std::string& address_uri) {
    s_->forget.run(address_uri);
    s_->forget_contacts.run(address_uri);
}

I64 StrangerTable::count() { return value_of(s_->count.one()).value_or(0); }

}  // namespace waypost::store
