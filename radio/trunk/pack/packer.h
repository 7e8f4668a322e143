// SPDX-License-Identifier: Apache-2.0
// Texts as few bytes for a slow radio. A packed text is one byte that says how, and what that way
// makes of it; each text goes the way that makes least:
//
//   0       the text as it is
//   1       raw deflate (RFC 1951)
//   16..24  a model's code (model_id.h): only where both ends have the same model
//
// Any bytes pass, at the cost of one more at most. Not for several threads.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/result.h"
#include "radio/trunk/pack/model.h"

namespace waypost::pack {

// A bit a model: 1 << (id - 16).
using ModelSet = std::uint16_t;

class Packer {
  public:
    explicit Packer(std::vector<std::unique_ptr<Model>> models) : models_(std::move(models)) {}

    ModelSet models() const;
    // BLAKE2b-64 over what this end has of `which`, for the hello: two ends may use a set of models
    // that both have if they come to the same number.
    std::uint64_t fingerprint(ModelSet which) const;

    // `shared`: the models that the other end has too.
    std::string pack(std::string_view text, ModelSet shared);
    // Not at all, for who has to be readable without any program.
    static std::string store(std::string_view text);

    // BadInput: not packed by this format. TooLarge: longer than `limit` bytes. NotFound: by a
    // model that is not here. Time and memory are bounded by `limit`.
    Result<std::string> unpack(std::string_view packed, std::size_t limit);

    // Of what pack() made: by a model, and no other makes the text of it.
    static bool by_model(std::string_view packed) {
        return !packed.empty() && static_cast<unsigned char>(packed.front()) >= 16;
    }

    // Gives back the memory that packing took: for a box that has nothing to pack for a while.
    void rest();

  private:
    // By the model that makes least of the text's beginning; empty: there is none.
    std::string modelled(std::string_view text, ModelSet shared);

    std::vector<std::unique_ptr<Model>> models_;
};

}  // namespace waypost::pack
