// SPDX-License-Identifier: Apache-2.0
// A primed model: what was learned from a training text, kept as a file and mapped copy on write,
// so that a start costs the check of its sum and models that rest cost no memory of their own. What
// a text teaches is undone after it: both ends stay in the same state whatever is lost on the way.
// Not for several threads.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "gateway/base/result.h"
#include "radio/trunk/pack/journal.h"
#include "radio/trunk/pack/model_id.h"
#include "radio/trunk/pack/model_state.h"

namespace waypost::pack {

// BLAKE2b-256.
using Digest = std::array<unsigned char, 32>;
Digest digest_of(std::string_view bytes);

// A private mapping of a whole file.
class Mapping {
  public:
    static Result<Mapping> of(const std::filesystem::path& file, std::size_t expected_size);
    Mapping(Mapping&& other) noexcept;
    Mapping& operator=(Mapping&&) = delete;
    ~Mapping();
    std::byte* data() const { return data_; }
    // Back to what the file holds.
    void discard_changes();

  private:
    Mapping(std::byte* data, std::size_t size) : data_(data), size_(size) {}
    std::byte* data_;
    std::size_t size_;
};

class Model {
  public:
    // Learns `training`, whose texts are divided by 0x1E, and writes the model to `file`: the same
    // bytes each time and everywhere. `source` is the digest of what the training text was made
    // from. About a second for 256 KiB.
    static Result<void> build(const ModelKind& kind, std::string_view training,
                              const Digest& source, const std::filesystem::path& file);

    // BadInput: damaged, another format, another kind, or built from another source.
    static Result<std::unique_ptr<Model>> open(const ModelKind& kind, const Digest& source,
                                               const std::filesystem::path& file);

    const ModelKind& kind() const { return kind_; }
    // Of the state now: that of the file whenever no text is being coded.
    Digest state_digest() const;
    // Of the file's state, as checked when it was opened.
    const Digest& digest() const { return digest_; }

    // Number of symbols (varint) and their code.
    std::string encode(std::string_view text);
    // BadInput: not what encode() makes. TooLarge: it says that it is longer than `limit` bytes.
    Result<std::string> decode(std::string_view code, std::size_t limit);

    // What coding copied of the file is given back.
    void rest();

  private:
    Model(const ModelKind& kind, Mapping mapping, const Digest& digest);
    ModelState& state() const;

    const ModelKind& kind_;
    Mapping mapping_;
    Digest digest_;
    Journal journal_;
};

}  // namespace waypost::pack
