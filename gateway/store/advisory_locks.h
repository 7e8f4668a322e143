// SPDX-License-Identifier: Apache-2.0
// PostgreSQL's advisory locks (manual, 13.3.5) that a store takes: numbers that no other program of
// its database uses.
#pragma once

#include <string>

namespace waypost::store {

inline constexpr int kOpenLock = 7768979;     // of a session: who has the database open, and how
inline constexpr int kWritingLock = 7768980;  // of a transaction: one worker writes at a time
inline constexpr int kMigratingLock =
    7768981;  // of a session: one at a time makes the schema newer

// "SELECT FUNCTION(NUMBER)"; as a row of a number where the function gives nothing, as Poco binds
// no result of type void.
inline std::string ask_lock(const std::string& function, int lock) {
    return "SELECT " + function + '(' + std::to_string(lock) + ')';
}
inline std::string take_lock(const std::string& function, int lock) {
    return "SELECT 1 FROM (" + ask_lock(function, lock) + ") AS taken";
}

}  // namespace waypost::store
