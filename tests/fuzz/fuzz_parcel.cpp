// SPDX-License-Identifier: Apache-2.0
// What a link carries for NNCP: shortened packets, and the word that one was refused. What is taken
// is written and read again as the same.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "bridges/nncp/packet/short_packet.h"
#include "radio/trunk/transport/freight.h"

using namespace waypost;

namespace {

nncp::Hash32 id_of(std::uint8_t letter) {
    nncp::Hash32 id;
    id.fill(letter);
    return id;
}

void must(bool holds) {
    if (!holds) std::abort();
}

void packet(std::string_view bytes) {
    const nncp::LinkEnds ends{id_of('w'), id_of('r')};
    const auto known = [](std::string_view first) {
        return first == "aaaa" ? std::optional(id_of('a')) : std::nullopt;
    };
    const auto whole = nncp::lengthen(bytes, ends, known);
    if (!whole.ok()) return;
    const auto form = nncp::shorten(whole->packet, ends, nncp::IdForm::Whole);
    must(form.ok());
    const auto again = nncp::lengthen(*form, ends, known);
    must(again.ok() && again->packet == whole->packet && again->name == whole->name);
}

void object(std::string_view bytes) {
    must(!trunk::freight_kind(bytes) || trunk::is_freight(bytes));
    const auto refusal = trunk::decode_refusal(bytes);
    if (refusal) must(refusal->print.size() == 8 && refusal->why.size() <= ParcelVerdict::kMostWhy);
    if (trunk::freight_kind(bytes) == trunk::FreightKind::Parcel) packet(bytes.substr(1));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    object({reinterpret_cast<const char*>(data), size});
    return 0;
}
