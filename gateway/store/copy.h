// SPDX-License-Identifier: Apache-2.0
// A whole store moved into an empty database, of the same engine or of the other: a box that
// becomes a hub, and the way back.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "gateway/base/result.h"
#include "gateway/store/bodies.h"
#include "gateway/store/database.h"
#include "gateway/store/schema.h"

namespace waypost::store {

// No gateway uses it meanwhile: the database's own lock is held by whoever opened it.
struct CopyEnd {
    Database& database;
    Bodies& bodies;
};

struct CopyStep {
    enum class Phase { Reading, Writing, Checking } phase = Phase::Reading;
    std::string what;  // a table, or "bodies"
    std::uint64_t rows = 0;
};

struct CopyOptions {
    // Copies also what cannot be copied as it is: texts that PostgreSQL refuses get U+FFFD where
    // they are no text, and bodies that are gone stay gone. Else these are errors, before anything
    // was written.
    bool lossy = false;
    std::function<void(const CopyStep&)> told;  // at the beginning of each, and after each commit
    std::size_t rows_at_once = 10000;           // of one transaction; or 4 MiB
    const std::vector<TakingAway>& takings = takings_away();
};

struct CopiedTable {
    std::string name;
    std::uint64_t rows = 0;
    std::string checksum;  // the same on both sides
};

struct CopyReport {
    std::vector<CopiedTable> tables;  // all of the schema, by name
    CopiedTable bodies;
    std::uint64_t body_bytes = 0;
    // With `lossy`: how much is not as it was, and where, of which the first are named.
    std::size_t changed_texts = 0;
    std::size_t bodies_gone = 0;
    std::vector<std::string> where;
};

// Both ends are read back after the copy and compared. `from` is only read. What fails, and what
// ends in the middle, leaves `to` marked: no gateway opens it.
Result<CopyReport> copy_store(const CopyEnd& from, const CopyEnd& to,
                              const CopyOptions& options = {});

// Brings a store that is about to be used to this release's schema; what holds for migrate(), and
// throws std::runtime_error if that mark is there.
void open_schema(Poco::Data::Session& session, Engine engine);

}  // namespace waypost::store
