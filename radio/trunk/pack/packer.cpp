// SPDX-License-Identifier: Apache-2.0
#include "radio/trunk/pack/packer.h"

#include "radio/trunk/pack/deflate.h"

namespace waypost::pack {
namespace {

constexpr char kStored = 0;
constexpr char kDeflated = 1;

constexpr std::size_t kTrial = 512;               // bytes by which a model is chosen
constexpr std::size_t kMaxModelled = 256u << 10;  // more would keep a small box busy for seconds

ModelSet bit_of(const Model& model) {
    return static_cast<ModelSet>(1u << (static_cast<unsigned>(model.kind().id) - 16));
}

std::string marked(char way, std::string_view bytes) {
    std::string packed(1, way);
    packed += bytes;
    return packed;
}

}  // namespace

ModelSet Packer::models() const {
    ModelSet all = 0;
    for (const auto& model : models_) all |= bit_of(*model);
    return all;
}

std::uint64_t Packer::fingerprint(ModelSet which) const {
    std::string all;
    for (const auto& model : models_) {
        if (!(which & bit_of(*model))) continue;
        all.push_back(static_cast<char>(model->kind().id));
        all.append(reinterpret_cast<const char*>(model->digest().data()), model->digest().size());
    }
    const Digest digest = digest_of(all);
    std::uint64_t number = 0;
    for (std::size_t i = 0; i < 8; ++i) number = number << 8 | digest[i];
    return number;
}

std::string Packer::store(std::string_view text) { return marked(kStored, text); }

void Packer::rest() {
    for (const auto& model : models_) model->rest();
}

std::string Packer::modelled(std::string_view text, ModelSet shared) {
    Model* best = nullptr;
    std::string least;
    for (const auto& model : models_) {
        if (!(shared & bit_of(*model))) continue;
        std::string code = model->encode(text.substr(0, kTrial));
        if (best && code.size() >= least.size()) continue;
        best = model.get();
        least = std::move(code);
    }
    if (!best) return {};
    if (text.size() > kTrial) least = best->encode(text);
    return marked(static_cast<char>(best->kind().id), least);
}

std::string Packer::pack(std::string_view text, ModelSet shared) {
    std::string best = marked(kStored, text);
    const auto offer = [&best](std::string other) {
        if (!other.empty() && other.size() < best.size()) best = std::move(other);
    };
    offer(marked(kDeflated, deflate_raw(text)));
    if (text.size() <= kMaxModelled) offer(modelled(text, shared));
    return best;
}

Result<std::string> Packer::unpack(std::string_view packed, std::size_t limit) {
    if (packed.empty()) return bad_input("a packed text is empty");
    const char way = packed.front();
    packed.remove_prefix(1);
    if (way == kStored) {
        if (packed.size() > limit)
            return Error{Code::TooLarge, "packed text is longer than taken here"};
        return std::string(packed);
    }
    if (way == kDeflated) return inflate_raw(packed, limit);
    for (const auto& model : models_)
        if (static_cast<char>(model->kind().id) == way) return model->decode(packed, limit);
    return Error{Code::NotFound, "text packed by model " +
                                     std::to_string(static_cast<std::uint8_t>(way)) +
                                     ", which is not here"};
}

}  // namespace waypost::pack
