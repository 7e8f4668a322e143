// SPDX-License-Identifier: Apache-2.0
#include "radio/trunk/transport/texts.h"

#include <bit>
#include <map>

namespace waypost::trunk {
namespace {

constexpr int kKinds = 16;
constexpr std::size_t kSetBytes = 2, kPrintBytes = 4;

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
        return packed;
    };
}

post::Unpack Texts::unpack() {
    return [this](std::string_view packed, std::size_t bytes) {
        auto text = packer_.unpack(packed, bytes);
        packer_.rest();
        return text;
    };
}

}  // namespace waypost::trunk
