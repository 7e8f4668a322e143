// SPDX-License-Identifier: Apache-2.0
#include "radio/trunk/transport/texts.h"

#include <bit>
#include <map>

namespace waypost::trunk {
namespace {

constexpr int kKinds = 16;
constexpr std::size_t kSetBytes = 2, kPrintBytes = 4;
constexpr std::size_t kSumBytes = 2;

// Of a text that a model packed: another model of the same number makes rubbish of it, of the right
// length. What is stored or deflated tells by itself.
std::string sum_of(std::string_view text) {
    const pack::Digest digest = pack::digest_of(text);
    return {digest.begin(), digest.begin() + kSumBytes};
}

std::string low_bytes(std::uint64_t number, std::size_t count) {
    std::string bytes;
    for (std::size_t i = 0; i < count; ++i) bytes += static_cast<char>(number >> (8 * i) & 255);
    return bytes;
}

// Of each model that is said to be there, by its bit.
std::map<pack::ModelSet, std::string> prints_in(std::string_view facts) {
    std::map<pack::ModelSet, std::string> prints;
    if (facts.size() < kSetBytes) return prints;
    const auto set = static_cast<pack::ModelSet>(static_cast<unsigned char>(facts[0]) |
                                                 static_cast<unsigned char>(facts[1]) << 8);
    facts.remove_prefix(kSetBytes);
    if (facts.size() != static_cast<std::size_t>(std::popcount(set)) * kPrintBytes) return prints;
    for (int i = 0; i < kKinds; ++i) {
        const auto one = static_cast<pack::ModelSet>(1u << i);
        if ((set & one) == 0) continue;
        prints[one] = facts.substr(0, kPrintBytes);
        facts.remove_prefix(kPrintBytes);
    }
    return prints;
}

}  // namespace

std::string Texts::facts() const {
    const pack::ModelSet set = packer_.models();
    std::string facts = low_bytes(set, kSetBytes);
    for (int i = 0; i < kKinds; ++i) {
        const auto one = static_cast<pack::ModelSet>(1u << i);
        if ((set & one) != 0) facts += low_bytes(packer_.fingerprint(one), kPrintBytes);
    }
    return facts;
}

void Texts::other_has(std::string_view facts) {
    shared_ = 0;
    const auto ours = prints_in(this->facts());
    for (const auto& [one, print] : prints_in(facts)) {
        const auto found = ours.find(one);
        if (found != ours.end() && found->second == print)
            shared_ = static_cast<pack::ModelSet>(shared_ | one);
    }
}

int Texts::shared() const { return std::popcount(shared_); }

post::Pack Texts::pack() {
    return [this](std::string_view text) {
        std::string packed = packer_.pack(text, shared_);
        packer_.rest();
        return pack::Packer::by_model(packed) ? packed + sum_of(text) : packed;
    };
}

post::Unpack Texts::unpack() {
    return [this](std::string_view packed, std::size_t bytes) -> Result<std::string> {
        const bool summed = pack::Packer::by_model(packed) && packed.size() > kSumBytes;
        const std::size_t code = packed.size() - (summed ? kSumBytes : 0);
        auto text = packer_.unpack(packed.substr(0, code), bytes);
        packer_.rest();
        if (text.ok() && summed && packed.substr(code) != sum_of(*text))
            return Error{Code::Conflict, "a text that was packed by another model", false};
        return text;
    };
}

}  // namespace waypost::trunk
