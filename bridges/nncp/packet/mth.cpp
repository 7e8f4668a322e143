// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/packet/mth.h"

#include <algorithm>
#include <vector>

#include "bridges/nncp/packet/blake3_hash.h"

namespace waypost::nncp {

namespace {

const Hash32& key(bool leaf) {
    static const Hash32 kLeaf = Blake3::plain().update(std::string_view("NNCP MTH LEAF")).finish();
    static const Hash32 kNode = Blake3::plain().update(std::string_view("NNCP MTH NODE")).finish();
    return leaf ? kLeaf : kNode;
}

}  // namespace

// Pairing neighbours level by level, an odd last one moving up, is a binary counter: a subtree of
// 2^n leaves joins its equal on its left as soon as there is one, and what is left over at the end
// joins from the right.
struct MthHasher::State {
    Blake3 leaf = Blake3::keyed(key(true));
    Blake3 node = Blake3::keyed(key(false));
    std::size_t in_block = 0;
    std::uint64_t leaves = 0;
    std::vector<Hash32> subtrees;

    Hash32 parent(const Hash32& left, const Hash32& right) {
        node.reset();
        return node.update(left).update(right).finish();
    }
    void join_last() {
        const Hash32 right = subtrees.back();
        subtrees.pop_back();
        subtrees.back() = parent(subtrees.back(), right);
    }
    void end_block() {
        subtrees.push_back(leaf.finish());
        leaf.reset();
        in_block = 0;
        for (std::uint64_t count = ++leaves; count % 2 == 0; count /= 2) join_last();
    }
};

MthHasher::MthHasher() : state_(std::make_unique<State>()) {}
MthHasher::~MthHasher() = default;
MthHasher::MthHasher(MthHasher&&) noexcept = default;
MthHasher& MthHasher::operator=(MthHasher&&) noexcept = default;

void MthHasher::update(std::span<const std::uint8_t> bytes) {
    while (!bytes.empty()) {
        const std::size_t taken = std::min(bytes.size(), kBlockBytes - state_->in_block);
        state_->leaf.update(bytes.first(taken));
        state_->in_block += taken;
        if (state_->in_block == kBlockBytes) state_->end_block();
        bytes = bytes.subspan(taken);
    }
}

// What it held is free then: packets that wait to be published keep their hashers.
Mth MthHasher::finish() {
    const auto state = std::move(state_);
    if (state->in_block > 0 || state->leaves == 0) state->end_block();
    if (state->leaves == 1) return state->parent(state->subtrees[0], state->subtrees[0]);
    while (state->subtrees.size() > 1) state->join_last();
    return state->subtrees[0];
}

Result<Mth> mth_of(Source& source) {
    MthHasher hasher;
    const auto block = std::make_unique_for_overwrite<std::uint8_t[]>(kBlockBytes);
    for (;;) {
        const auto got = source.read({block.get(), kBlockBytes});
        if (!got.ok()) return got.error();
        hasher.update({block.get(), *got});
        if (*got < kBlockBytes) return hasher.finish();
    }
}

Result<void> MthSink::write(std::span<const std::uint8_t> bytes) {
    hasher_.update(bytes);
    bytes_ += bytes.size();
    return next_.write(bytes);
}

}  // namespace waypost::nncp
