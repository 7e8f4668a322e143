// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/spool/sources.h"

namespace waypost::nncp {
namespace {

constexpr std::size_t kCopyBytes = 128 * 1024;

}  // namespace

Result<void> copy_all(Source& source, Sink& sink) {
    std::vector<std::uint8_t> buffer(kCopyBytes);
    while (true) {
        const auto got = source.read(buffer);
        if (!got.ok()) return got.error();
        const auto written = sink.write(std::span(buffer).first(*got));
        if (!written.ok() || *got < buffer.size()) return written;
    }
}

Result<std::string> read_all(Source& source, std::size_t most) {
    MemorySink sink(most);
    if (const auto copied = copy_all(source, sink); !copied.ok()) return copied.error();
    return sink.take();
}

}  // namespace waypost::nncp
