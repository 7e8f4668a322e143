// SPDX-License-Identifier: Apache-2.0
#include "radio/trunk/pack/model_folder.h"

#include <zstd.h>

#include "radio/trunk/pack/files.h"

namespace waypost::pack {
namespace {

constexpr std::size_t kMaxTraining = 4u << 20;

Result<std::string> compressed_training(const ModelKind& kind,
                                        const std::vector<std::filesystem::path>& folders) {
    for (const auto& folder : folders) {
        auto bytes = read_file(folder / (std::string(kind.name) + ".txt.zst"));
        if (bytes.ok() || bytes.error().code != Code::NotFound) return bytes;
    }
    return Error{Code::NotFound, "no training text for the text model " + std::string(kind.name)};
}

Result<std::string> unpacked(std::string_view compressed) {
    const unsigned long long size = ZSTD_getFrameContentSize(compressed.data(), compressed.size());
    if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN || size > kMaxTraining)
        return bad_input("a training text is no zstd file, or larger than 4 MiB");
    std::string text(size, '\0');
    const std::size_t got =
        ZSTD_decompress(text.data(), text.size(), compressed.data(), compressed.size());
    if (ZSTD_isError(got) || got != text.size()) return bad_input("a training text is damaged");
    return text;
}

Result<std::unique_ptr<Model>> open_or_build(const ModelKind& kind, std::string_view compressed,
                                             const std::filesystem::path& file, bool& built) {
    const Digest source = digest_of(compressed);
    auto ready = Model::open(kind, source, file);
    if (ready.ok()) return ready;
    const auto training = unpacked(compressed);
    if (!training.ok()) return training.error();
    std::error_code ignored;  // building says it
    std::filesystem::create_directories(file.parent_path(), ignored);
    const auto done = Model::build(kind, *training, source, file);
    if (!done.ok()) return done.error();
    built = true;
    return Model::open(kind, source, file);
}

}  // namespace

OpenedModels open_models(const std::filesystem::path& state,
                         const std::vector<std::filesystem::path>& training) {
    OpenedModels opened;
    for (const ModelKind& kind : kModelKinds) {
        const auto compressed = compressed_training(kind, training);
        if (!compressed.ok()) {
            opened.missing.push_back(compressed.error());
            continue;
        }
        bool built = false;
        auto model =
            open_or_build(kind, *compressed, state / (std::string(kind.name) + ".model"), built);
        if (!model.ok()) {
            opened.missing.push_back(model.error());
            continue;
        }
        if (built) opened.built.emplace_back(kind.name);
        opened.models.push_back(std::move(*model));
    }
    return opened;
}

}  // namespace waypost::pack
