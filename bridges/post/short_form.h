// SPDX-License-Identifier: Apache-2.0
// The shortest form of a batch, for slow radio links between two boxes: what post.proto says, with
// nothing in it that the other box knows or can work out. Its domain is known of the link, names
// that the link has carried go by number, an id of a box of ours goes in binary, and all text
// stands together behind the rest, for a coder that knows languages. Pure.
//
//   head        1   version 1 in the upper three bits; 10: events follow; 0f: letters, 15 = a
//   varint letters         each: flags 1 [more 1] [copies] id 11 from to [...] lengths
//   (short_form.cpp) events          each: flags 1 id 11 recipient [...] text            all
//   strings whose lengths were said, one behind the other, packed
//
// Numbers and lengths are varints of protobuf. Of a letter of one copy, with usual wishes and no
// subject, 16 bytes stand before its text.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bridges/post/post.h"

namespace waypost::post {

inline constexpr unsigned kShortVersion = 1;

// Names that a link has carried: addresses. The box that writes numbers them, and never gives a
// number to another name; 0 is that of all names that are not to be remembered.
struct NameNumber {
    std::uint32_t number = 0;
    bool known = false;  // the other box has confirmed something that said both
};
using NumberOf = std::function<NameNumber(const std::string& name)>;
using NameOf = std::function<std::optional<std::string>(std::uint32_t number)>;
using SaidNames = std::vector<std::pair<std::uint32_t, std::string>>;

// Packs all of a text, and gets it back: at most so many bytes.
using Pack = std::function<std::string(std::string_view text)>;
using Unpack = std::function<Result<std::string>(std::string_view packed, std::size_t bytes)>;

// Of the two boxes of a link: who wrote the batch, and who reads it.
struct LinkDomains {
    std::string writer, reader;
};

struct ShortForm {
    std::string bytes;
    SaidNames said;  // with their numbers, as they were not known
};
// Of a batch of `link.writer`. Return paths of copies do not travel, nor where events go: the way
// back matches those by id and recipient.
ShortForm encode_short(const Batch& batch, const LinkDomains& link, const NumberOf& number_of,
                       const Pack& pack);

struct ShortBatch {
    Batch batch;
    SaidNames said;  // to be remembered before anything is confirmed
};
// As decode_batch(), and NotFound: a number whose name this box does not know; nothing was taken.
// Copies that had a return path have link_return_path(link.writer), events go to that of the
// reader.
Result<ShortBatch> decode_short(std::string_view bytes, const LinkDomains& link,
                                const NameOf& name_of, const Unpack& unpack,
                                const Limits& limits = {});

// To which events of what came by a link go: "bounce+@hill.example".
Address link_return_path(const std::string& origin);

}  // namespace waypost::post
