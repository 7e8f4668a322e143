// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/spool/sources.h"

namespace waypost::nncp {

ParcelSource::ParcelSource(const Parcel& parcel) : in_memory_(parcel.payload), from_(&in_memory_) {
    if (parcel.source != nullptr) from_ = parcel.source;
    if (parcel.plain.type == PacketType::Exec) from_ = &packing_.emplace(*from_);
}

Result<std::string> read_all(Source& source, std::size_t most) {
    MemorySink sink(most);
    if (const auto copied = copy_all(source, sink); !copied.ok()) return copied.error();
    return sink.take();
}

}  // namespace waypost::nncp
