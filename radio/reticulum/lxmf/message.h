// SPDX-License-Identifier: Apache-2.0
// LXMF messages: what Sideband, NomadNet and MeshChat write to each other over Reticulum. Bytes to
// values and back, with limits. Pure.
//
//   full form           to(16) from(16) signature(64) payload
//   opportunistic form  from(16) signature(64) payload         (the packet says to whom)
//   payload             msgpack [time, title, content, fields] or [..., stamp]
//
// `to` and `from` are hashes of lxmf.delivery destinations. The id of a message is the SHA-256 of
// to, from and payload without stamp; the signature is of these bytes and the id.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/result.h"
#include "radio/reticulum/wire/identity.h"

namespace waypost::reticulum {

inline constexpr std::size_t kLxmfStamp = 32;

struct LxmfLimits {
    std::size_t bytes = 1 << 20;     // of the whole message
    std::size_t text_bytes = 65536;  // of title and content together
    std::size_t files = 32;
    std::size_t fields = 64;
};

struct LxmfFile {
    std::string name;  // UTF-8, clean; may be empty, and is no safe file name
    std::string data;
};
struct LxmfImage {
    std::string format;  // "png", "jpg", "webp": without a dot, as its sender calls it
    std::string data;
};

struct LxmfMessage {
    std::string to;    // 16 bytes
    std::string from;  // 16 bytes
    double time = 0;   // seconds since 1970 by its sender's clock; 0: he has none
    std::string title;
    std::string content;
    std::vector<LxmfFile> files;     // field 5
    std::optional<LxmfImage> image;  // field 6
    std::string reply_to;            // field 0x30: the id that this one answers, or empty
    // The other fields by their number, each value as the msgpack that it came in.
    std::map<std::uint8_t, std::string> other_fields;
};

struct ReceivedLxmf {
    LxmfMessage message;      // texts are clean UTF-8
    std::string id;           // 32 bytes
    std::string stamp;        // 32 bytes, or a ticket's 16, or empty
    std::string signature;    // 64 bytes
    std::string signed_part;  // what the signature is of
};
// Error: BadInput, or TooLarge with the limit in its text.
Result<ReceivedLxmf> read_lxmf(std::string_view full, const LxmfLimits& limits = {});
// `to`: the destination of the packet that it came in.
Result<ReceivedLxmf> read_opportunistic_lxmf(std::string_view to, std::string_view bytes,
                                             const LxmfLimits& limits = {});

// Signed by `sender`, whose lxmf.delivery destination is its `from`.
bool is_genuine(const ReceivedLxmf& received, const PublicIdentity& sender);

struct PackedLxmf {
    std::string full;
    std::string id;
    std::string opportunistic() const { return full.substr(kHash); }
};
// Title and content must be UTF-8, `to` and `from` 16 bytes each (std::logic_error). The same
// message and key give the same bytes.
PackedLxmf pack_lxmf(const LxmfMessage& message, const Identity& sender);
// The same message with its stamp (stamp.h) as last element. Id and signature stay.
PackedLxmf stamped(const PackedLxmf& packed, std::string_view stamp);

}  // namespace waypost::reticulum
