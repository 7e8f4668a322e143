// SPDX-License-Identifier: Apache-2.0
// Hjson (hjson.github.io): JSON for people, in which nncp writes its configurations. Comments (#,
// //, /* */), keys and texts without quotes, commas left out, texts of several lines in '''. Any
// JSON is Hjson. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/result.h"

namespace waypost::nncp {

struct HjsonMember;

struct Hjson {
    enum class Kind { Null, Bool, Number, Text, List, Object };
    Kind kind = Kind::Null;
    bool flag = false;
    std::string text;                  // Text; Number as it is written
    std::vector<Hjson> items;          // List
    std::vector<HjsonMember> members;  // Object, in order, each key once
    int line = 1, column = 1;          // where it begins; columns are bytes

    const Hjson* find(std::string_view key) const;  // null: no such member
    Hjson* find(std::string_view key);
    static Hjson of_text(std::string text);
    static Hjson object();
    void set(std::string key, Hjson value);  // replaces, or appends
};

struct HjsonMember {
    std::string key;
    Hjson value;
};

struct HjsonLimits {
    std::size_t bytes = 1024 * 1024;
    int depth = 32;
    std::size_t text_bytes = 64 * 1024;  // of one text or key
    std::size_t values = 100'000;
};

// Errors: TooLarge: over a limit; BadInput: "line 3, column 7: " and what to do. A key that stands
// twice in one object is refused: one of the two was not meant.
Result<Hjson> parse_hjson(std::string_view text, const HjsonLimits& limits = {});

// As JSON, indented by two, members in their order, with a final newline.
std::string to_json(const Hjson& value);

}  // namespace waypost::nncp
