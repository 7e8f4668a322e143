// SPDX-License-Identifier: Apache-2.0
// Units out of a stream, messages out of payloads, and a session that is called with rubbish.
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>

#include "bridges/nncp/online/session.h"

namespace {

using namespace waypost;
using namespace waypost::nncp;

// What was read can be written, and reads the same.
void read_payload(std::span<const std::uint8_t> payload) {
    SpReader reader(payload);
    SpWriter again;
    for (;;) {
        const auto message = reader.next();
        if (!message.ok() || !message->has_value()) break;
        if (const auto* file = std::get_if<SpFile>(&**message)) {
            const auto room = again.file_room(file->data.size());
            if (room.size() < file->data.size()) break;
            std::memcpy(room.data(), file->data.data(), room.size());
            again.file(file->hash, file->offset, room.size());
            continue;
        }
        std::visit(
            [&again](const auto& it) {
                if constexpr (!std::is_same_v<std::decay_t<decltype(it)>, SpFile>) again.add(it);
            },
            **message);
    }
    const auto text = again.payload();
    if (text.size() > payload.size()) std::abort();
    // Of what was cut off or unknown nothing was written; the rest differs in filler at most.
    SpReader second({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
    for (auto next = second.next(); !next.ok() || next->has_value(); next = second.next())
        if (!next.ok()) std::abort();
}

template <class Take>
void in_pieces(std::span<const std::uint8_t> bytes, const Take& take) {
    const std::size_t piece = bytes.empty() ? 1 : bytes[0] + 1u;
    for (std::size_t at = 0; at < bytes.size(); at += piece)
        if (!take(bytes.subspan(at, std::min(piece, bytes.size() - at)))) return;
}

void read_units(std::span<const std::uint8_t> bytes, bool noisy) {
    SpUnits units(noisy);
    in_pieces(bytes, [&units](std::span<const std::uint8_t> piece) {
        const auto room = units.room();
        if (room.size() < piece.size()) std::abort();
        std::memcpy(room.data(), piece.data(), piece.size());
        units.received(piece.size());
        for (;;) {
            const auto unit = units.next();
            if (!unit.ok()) return false;
            if (!unit->has_value()) return true;
            if ((*unit)->size() > kNoiseMost) std::abort();
            read_payload(**unit);
        }
    });
}

void call_session(std::span<const std::uint8_t> bytes) {
    static const Secret secret(std::string(32, 'k'));
    Session session({&secret, {}},
                    [](const Hash32&) {
                        return Error{Code::NotFound, "a stranger", false};
                    },
                    {}, {});
    in_pieces(bytes, [&session](std::span<const std::uint8_t> piece) {
        std::memcpy(session.room().data(), piece.data(), piece.size());
        session.received(piece.size(), {});
        if (session.established()) std::abort();
        return !session.over();
    });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::span<const std::uint8_t> bytes(data, size);
    read_payload(bytes);
    read_units(bytes, false);
    read_units(bytes, true);
    call_session(bytes);
    return 0;
}
