// SPDX-License-Identifier: Apache-2.0
// A packet as it goes over a slow link between two nodes: without what both know of its header, to
// be rebuilt to the last byte. Pure.
//
//   head        1        form 0 (2) | niceness 96, 160, 224, or said (2) | sender (2) | recipient
//   (2) check       4        the first bytes of the packet's hash niceness    0 or 1 sender      0,
//   4, 32 writer or reader of the link; the first bytes of an id; a whole id recipient   0, 4, 32
//   ephemeral key 32, signature 64, and all behind the header: sealed, or of chance, thus as it is
//
// Of 172 bytes of header 101 are left between the two nodes of a link. Padding that is inside
// (packets below 128 KiB have no other) is sealed, and cannot go.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "bridges/nncp/packet/ids.h"

namespace waypost::nncp {

// The nodes at both ends.
struct LinkEnds {
    NodeId writer{}, reader{};
};

// How ids are said that are neither end's: some bytes of them, where the reader knows all nodes
// that the writer knows, or whole.
enum class IdForm { Short, Whole };

// BadInput: not a packet whose header says nothing but what this form can say.
Result<std::string> shorten(std::string_view packet, const LinkEnds& ends, IdForm ids);

// Of the only node or area whose id begins so; nullopt: there is none, or there are several.
using IdOf = std::function<std::optional<Hash32>(std::string_view first)>;

struct Lengthened {
    std::string packet;
    Mth name{};
};
// NotFound: the first bytes of an id that `id_of` does not know. Conflict: what comes out is not
// the packet that was shortened. BadInput: no such form.
Result<Lengthened> lengthen(std::string_view form, const LinkEnds& ends, const IdOf& id_of);

}  // namespace waypost::nncp
