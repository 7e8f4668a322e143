// SPDX-License-Identifier: Apache-2.0
#include "radio/trunk/pack/model.h"

#include <sodium.h>
#include <sys/mman.h>

#include <cstring>
#include <utility>

#include "radio/trunk/pack/coding.h"
#include "radio/trunk/pack/files.h"

namespace waypost::pack {
namespace {

// Counts up whenever the same training text makes another state.
constexpr std::uint32_t kFormat = 1;
constexpr std::array<char, 8> kMagic = {'w', 'p', 't', 'r', 'u', 'n', 'k', '\n'};

struct FileHeader {
    std::array<char, 8> magic;
    std::uint32_t format;
    std::uint32_t id;
    Digest source;
    Digest state;
};

constexpr std::size_t kStateOffset = 4096;
constexpr std::size_t kFileSize = kStateOffset + sizeof(ModelState);
static_assert(sizeof(FileHeader) <= kStateOffset);

std::string_view bytes_of(const ModelState& state) {
    return {reinterpret_cast<const char*>(&state), sizeof state};
}

Error refused(const std::filesystem::path& file, const std::string& why) {
    return bad_input("the text model " + file.string() + " " + why);
}

}  // namespace

Digest digest_of(std::string_view bytes) {
    Digest digest;
    crypto_generichash(digest.data(), digest.size(),
                       reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), nullptr,
                       0);
    return digest;
}

Result<Mapping> Mapping::of(const std::filesystem::path& file, std::size_t expected_size) {
    auto opened = open_for_reading(file);
    if (!opened.ok()) return opened.error();
    if (opened->size() != expected_size) return refused(file, "has another size than a model has");
    void* data = mmap(nullptr, expected_size, PROT_READ | PROT_WRITE, MAP_PRIVATE, opened->fd(), 0);
    if (data == MAP_FAILED) return Error{Code::Full, "no memory to map " + file.string(), true};
    return Mapping(static_cast<std::byte*>(data), expected_size);
}

Mapping::Mapping(Mapping&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(other.size_) {}

void Mapping::discard_changes() { madvise(data_, size_, MADV_DONTNEED); }

Mapping::~Mapping() {
    if (data_) munmap(data_, size_);
}

Result<void> Model::build(const ModelKind& kind, std::string_view training, const Digest& source,
                          const std::filesystem::path& file) {
    const auto state = std::make_unique<ModelState>();
    clear(*state);
    prime(*state, training, kind.script);
    const FileHeader header{kMagic, kFormat, static_cast<std::uint32_t>(kind.id), source,
                            digest_of(bytes_of(*state))};
    std::string bytes(reinterpret_cast<const char*>(&header), sizeof header);
    bytes.resize(kStateOffset);
    bytes += bytes_of(*state);
    return replace_file(file, bytes);
}

Result<std::unique_ptr<Model>> Model::open(const ModelKind& kind, const Digest& source,
                                           const std::filesystem::path& file) {
    auto mapping = Mapping::of(file, kFileSize);
    if (!mapping.ok()) return mapping.error();
    FileHeader header;
    std::memcpy(&header, mapping->data(), sizeof header);
    if (header.magic != kMagic) return refused(file, "is no model");
    if (header.format != kFormat) return refused(file, "has another format");
    if (header.id != static_cast<std::uint32_t>(kind.id))
        return refused(file, "is another language's");
    if (header.source != source) return refused(file, "was built from another training text");
    std::unique_ptr<Model> model(new Model(kind, std::move(*mapping), header.state));
    if (model->state_digest() != header.state) return refused(file, "is damaged");
    return model;
}

Model::Model(const ModelKind& kind, Mapping mapping, const Digest& digest)
    : kind_(kind),
      mapping_(std::move(mapping)),
      digest_(digest),
      journal_(mapping_.data() + kStateOffset, sizeof(ModelState)) {}

ModelState& Model::state() const {
    return *reinterpret_cast<ModelState*>(mapping_.data() + kStateOffset);
}

Digest Model::state_digest() const { return digest_of(bytes_of(state())); }

void Model::rest() {
    mapping_.discard_changes();
    journal_.release();
}

std::string Model::encode(std::string_view text) {
    return pack::encode(state(), journal_, text, kind_.script);
}

Result<std::string> Model::decode(std::string_view code, std::size_t limit) {
    return pack::decode(state(), journal_, code, kind_.script, limit);
}

}  // namespace waypost::pack
