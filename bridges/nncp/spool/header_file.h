// SPDX-License-Identifier: Apache-2.0
// hdr/NAME: the first 172 bytes of a packet, so that a listing need not open large files. Trusted
// by the tools if it is there; one that a crash left torn is deleted here.
#pragma once

#include <string>

#include "bridges/nncp/packet/header.h"

namespace waypost::nncp {

// Of the packet NAME in this open folder (rx or tx): from hdr/, else from the packet.
Result<PacketHeader> header_in(int folder, const std::string& name);
// `header` is 172 bytes. Makes hdr/.
Result<void> write_header(int folder, const std::string& name, std::string_view header);

}  // namespace waypost::nncp
