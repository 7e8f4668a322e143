// SPDX-License-Identifier: Apache-2.0
// A stream that may hold a bundle. What is given out as good has the hash of its name, and a sound
// packet behind anything is found.
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>

#include "bridges/nncp/carrier/bundle.h"
#include "bridges/nncp/packet/mth.h"

namespace {

using namespace waypost;
using namespace waypost::nncp;

constexpr std::size_t kMost = 4 * 1024 * 1024;

struct Copy : Source {
    explicit Copy(std::string owned) : text(std::move(owned)), source(text) {}
    Result<std::size_t> read(std::span<std::uint8_t> into) override { return source.read(into); }
    std::string text;
    MemorySource source;
};

Mth hash_of(const std::string& text) {
    MemorySource source(text);
    return mth_of(source).value();
}

// The packet that stands at the end, and a bundle of it.
const std::string& sound_packet() {
    static const std::string packet = encode(PacketHeader{}) + "sound";
    return packet;
}

std::string sound_bundle() {
    MemorySink sink(kMost);
    MemorySource source(sound_packet());
    if (!BundleWriter(sink)
             .add({}, {}, hash_of(sound_packet()), sound_packet().size(), source)
             .ok())
        std::abort();
    return sink.take();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const std::string end = sound_bundle();
    const std::string stream = std::string(reinterpret_cast<const char*>(data), size) + end;
    MemorySource source(stream);
    BundleReader reader(source);
    bool found = false;
    while (true) {
        const auto next = reader.next();
        if (!next.ok()) std::abort();
        if (!*next) break;
        MemorySink sink(kMost);
        const auto read = reader.read(sink, [&sink] {
            return Result<std::unique_ptr<Source>>(std::make_unique<Copy>(sink.bytes()));
        });
        if (!read.ok()) continue;
        if (hash_of(sink.bytes()) != (*next)->name) std::abort();
        found = found || sink.bytes() == sound_packet();
    }
    if (!found) std::abort();
    return 0;
}
