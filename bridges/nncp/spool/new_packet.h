// SPDX-License-Identifier: Apache-2.0
// What stands behind a NewPacket.
#pragma once

#include <filesystem>
#include <optional>

#include "bridges/nncp/spool/spool.h"

namespace waypost::nncp {

struct NewPacket::State {
    explicit State(std::filesystem::path folder) : tmp(std::move(folder)) {}
    ~State();
    Result<void> flush();

    std::filesystem::path tmp;
    std::string file;  // in it; empty: none
    Fd fd;
    MthHasher hasher;
    std::string buffer;  // not written yet
    std::string header;  // the first 172 bytes
    std::uint64_t bytes = 0;
    std::optional<Mth> name;
};

}  // namespace waypost::nncp
