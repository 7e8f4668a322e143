// SPDX-License-Identifier: Apache-2.0
// Invitation: cast id 2, place 1, rows 1, length (varint), key 16, tag over the object 8.
// Answer: cast id 2, missing rows 1.
#include "radio/trunk/cast.h"

#include <algorithm>

#include "radio/trunk/erasure.h"

namespace waypost::trunk {
namespace {

constexpr std::size_t kCastKey = 16;
constexpr std::size_t kMostRows = 128;
constexpr int kRows = 256;  // that there are: the object's and those of the code

char low(std::uint64_t value) { return static_cast<char>(value & 0xFF); }
std::uint8_t at(std::string_view s, std::size_t i) { return static_cast<std::uint8_t>(s[i]); }

std::string two(std::uint16_t value) { return {low(value >> 8), low(value)}; }

std::uint16_t two_at(std::string_view s) {
    return static_cast<std::uint16_t>(at(s, 0) << 8 | at(s, 1));
}

Nonce nonce_of(std::uint16_t id, int row, int rows) {
    return {Use::Repair, id, static_cast<std::uint8_t>(row), static_cast<std::uint8_t>(rows)};
}

}  // namespace

Result<CastOut> CastOut::make(std::uint16_t id, std::string_view bytes, std::size_t payload,
                              Random& random) {
    const std::size_t size = std::clamp<std::size_t>(payload, 60, 255) - kRepairOverhead;
    const std::size_t rows = std::max<std::size_t>(1, (bytes.size() + size - 1) / size);
    if (rows > kMostRows)
        return Error{Code::TooLarge,
                     "a cast of at most " + std::to_string(kMostRows * size) + " bytes", false};
    CastOut cast;
    cast.id_ = id;
    cast.secret_ = Secret(random_bytes(random, kCastKey));
    cast.key_ = FrameKey(cast.secret_.reveal(), "cast");
    cast.length_ = bytes.size();
    cast.tag_ = object_tag(cast.secret_.reveal(), false, id, bytes);
    // All rows of one size, as short as they can be.
    const std::size_t even = std::max<std::size_t>(1, (bytes.size() + rows - 1) / rows);
    for (std::size_t i = 0; i < rows; ++i) {
        std::string row(bytes.substr(std::min(bytes.size(), i * even), even));
        row.resize(even, '\0');
        cast.rows_.push_back(std::move(row));
    }
    cast.left_ = static_cast<int>(rows);
    return cast;
}

std::string CastOut::invitation(int receiver) {
    missing_.emplace(receiver, static_cast<int>(rows_.size()));
    std::string out = two(id_);
    out += low(static_cast<unsigned>(receiver));
    out += low(rows_.size());
    put_varint(out, length_);
    return out.append(secret_.reveal()) + tag_;
}

Result<void> CastOut::answered(int receiver, std::string_view answer) {
    const auto found = missing_.find(receiver);
    if (answer.size() != 3 || two_at(answer) != id_ || at(answer, 2) > rows_.size() ||
        found == missing_.end())
        return bad_input("no answer to this cast");
    found->second = at(answer, 2);
    return {};
}

void CastOut::next_round() {
    left_ = 0;
    for (const auto& [receiver, missing] : missing_) left_ = std::max(left_, missing);
}

bool CastOut::done() const {
    return std::all_of(missing_.begin(), missing_.end(),
                       [](const auto& each) { return each.second == 0; });
}

std::optional<std::string> CastOut::next() {
    if (left_ == 0) return std::nullopt;
    --left_;
    const int row = next_row_;
    next_row_ = (next_row_ + 1) % kRows;
    const int own = static_cast<int>(rows_.size());
    Frame frame;
    frame.type = FrameType::Extension;
    frame.extension = ExtensionKind::Repair;
    frame.remaining = std::min(left_, kMostRemaining);
    frame.number = id_;
    frame.index = static_cast<std::uint8_t>(row);
    frame.fragments = static_cast<std::uint8_t>(own);
    const std::string text =
        row < own ? rows_[static_cast<std::size_t>(row)] : repair_row(rows_, row);
    return key_.seal(nonce_of(id_, row, own), encode_head(frame), text, kFragmentTag);
}

Result<CastIn> CastIn::from(std::string_view invitation) {
    if (invitation.size() < 4) return bad_input("an invitation that is cut short");
    CastIn cast;
    cast.id_ = two_at(invitation);
    cast.place_ = at(invitation, 2);
    cast.fragments_ = at(invitation, 3);
    invitation.remove_prefix(4);
    const auto length = take_varint(invitation);
    if (!length || invitation.size() != kCastKey + kObjectTag || cast.fragments_ == 0 ||
        static_cast<std::size_t>(cast.fragments_) > kMostRows || *length > kMostRows * 255)
        return bad_input("an invitation that makes no sense");
    cast.length_ = *length;
    cast.secret_ = Secret(std::string(invitation.substr(0, kCastKey)));
    cast.key_ = FrameKey(cast.secret_.reveal(), "cast");
    cast.tag_ = std::string(invitation.substr(kCastKey));
    return cast;
}

bool CastIn::heard(std::string_view packet) {
    const auto frame = parse_frame(packet);
    if (!frame.ok() || frame->type != FrameType::Extension ||
        frame->extension != ExtensionKind::Repair || frame->number != id_ ||
        frame->fragments != fragments_)
        return false;
    auto row =
        key_.open(nonce_of(id_, frame->index, fragments_), frame->head, frame->body, frame->tag);
    if (!row) return false;
    remaining_ = frame->remaining;
    if (object_) return true;
    rows_[frame->index] = std::move(*row);
    const auto all = rebuild(fragments_, rows_);
    if (!all) return true;
    std::string bytes;
    for (const std::string& each : *all) bytes += each;
    const bool whole = bytes.size() >= length_;
    bytes.resize(std::min(bytes.size(), length_));
    if (whole && object_tag(secret_.reveal(), false, id_, bytes) == tag_)
        object_ = std::move(bytes);
    rows_.clear();  // where the tag does not fit, all has to come again
    return true;
}

std::string CastIn::answer() const {
    std::string out = two(id_);
    return out += low(static_cast<unsigned>(missing()));
}

}  // namespace waypost::trunk
