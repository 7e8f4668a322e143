// SPDX-License-Identifier: Apache-2.0
#include "radio/trunk/pack/model.h"

#include <sodium.h>
#include <sys/mman.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "radio/trunk/pack/files.h"
#include "radio/trunk/pack/predictor.h"
#include "radio/trunk/pack/range_coder.h"
#include "radio/trunk/pack/varint.h"

namespace waypost::pack {
namespace {

constexpr char kRecordSeparator = '\x1E';

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

void learn(Predictor& predictor, std::uint8_t symbol) {
    for (int i = 7; i >= 0; --i) {
        predictor.predict();
        predictor.learn((symbol >> i & 1) != 0);
    }
}

void prime(ModelState& state, std::string_view training, Script script) {
    while (!training.empty()) {
        const std::string_view text = training.substr(0, training.find(kRecordSeparator));
        Predictor predictor(state);
        for (const char symbol : to_alphabet(text, script))
            learn(predictor, static_cast<std::uint8_t>(symbol));
        training.remove_prefix(std::min(text.size() + 1, training.size()));
    }
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

std::string Model::encode(std::string_view text) {
    const std::string symbols = to_alphabet(text, kind_.script);
    RangeEncoder encoder;
    Predictor predictor(state(), &journal_);
    for (const char symbol : symbols) {
        for (int i = 7; i >= 0; --i) {
            const bool bit = (static_cast<std::uint8_t>(symbol) >> i & 1) != 0;
            encoder.encode(bit, predictor.predict());
            predictor.learn(bit);
        }
    }
    journal_.undo();
    std::string code;
    append_varint(code, static_cast<std::uint32_t>(symbols.size()));
    return code + std::move(encoder).finish();
}

Result<std::string> Model::decode(std::string_view code, std::size_t limit) {
    const auto length = take_varint(code);
    if (!length) return bad_input("packed text without its length");
    // A byte takes two symbols at most.
    if (*length > 2 * limit) return Error{Code::TooLarge, "packed text is longer than taken here"};
    std::string symbols;
    symbols.reserve(*length);
    RangeDecoder decoder(code);
    Predictor predictor(state(), &journal_);
    while (symbols.size() < *length) {
        std::uint32_t bits = 1;
        while (bits < 256) {
            const bool bit = decoder.decode(predictor.predict());
            predictor.learn(bit);
            bits = bits << 1 | (bit ? 1 : 0);
        }
        symbols.push_back(static_cast<char>(bits));
    }
    journal_.undo();
    if (decoder.has_rest()) return bad_input("packed text goes on after its end");
    return from_alphabet(symbols, kind_.script, limit);
}

}  // namespace waypost::pack
