// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/spool/sources.h"

namespace waypost::nncp {

Result<std::string> read_all(Source& source, std::size_t most) {
    MemorySink sink(most);
    if (const auto copied = copy_all(source, sink); !copied.ok()) return copied.error();
    return sink.take();
}

}  // namespace waypost::nncp
