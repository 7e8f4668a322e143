// SPDX-License-Identifier: Apache-2.0
// Named places where the crash test kills the process. WAYPOST_CRASH_AT="committed:17" ends it by
// SIGKILL at the 17th passing of "committed"; without the variable a point costs one load.
// The crash test walks this list: it kills at each of them, and fails at one that nothing passes.
#pragma once

#include <array>
#include <cstddef>

namespace waypost {

enum class CrashPoint {
    Resumed,       // store opened: attempts without outcome are to be offered again
    Swept,         // ... and files of bodies that no message names are gone
    Begun,         // a transaction
    Job,           // inside it, after one job
    Committed,     // it is on disk, nobody knows yet
    Told,          // after one job's owner was told
    BodySynced,    // a large body has no name yet
    BodyNamed,     // ... has one, and no message yet
    Handed,        // a message came to the office
    AttemptBegun,  // on record, no byte has left
    OutcomeKnown,  // a transport said what became of an attempt, nothing is on record
    TextRead,      // from a radio's line, nobody has it yet
    TextQueued,    // for a radio's line, with its attempt on record
    TextWritten,   // to a radio's line, without a verdict

    SecretsWritten,   // passwords have files, and no setting names them yet
    FileWritten,      // one of our files has its new text, under another name yet
    SettingsWritten,  // they have their name; passwords that nothing names are still there
    StoreClosed,      // between two gateways, before what the console wished is done
    BackupCopied,     // beside the store, and not yet held
    BackupReady,      // beside the store, whole and synced
    StoresExchanged,  // the backup is the store; nothing more is synced
};

inline constexpr std::array kCrashPointNames{
    "resumed",          "swept",         "begun",           "job",
    "committed",        "told",          "body-synced",     "body-named",
    "handed",           "attempt-begun", "outcome-known",   "text-read",
    "text-queued",      "text-written",  "secrets-written", "file-written",
    "settings-written", "store-closed",  "backup-copied",   "backup-ready",
    "stores-exchanged"};
static_assert(kCrashPointNames.size() == static_cast<std::size_t>(CrashPoint::StoresExchanged) + 1,
              "each crash point has a name");
// The first so many are on the way of messages, the others are passed by who works on the box.
inline constexpr std::size_t kCrashPointsOfMessages =
    static_cast<std::size_t>(CrashPoint::TextWritten) + 1;

namespace crash {
extern const bool armed;
void pass(CrashPoint point) noexcept;
}  // namespace crash

inline void crash_point(CrashPoint point) noexcept {
    if (crash::armed) crash::pass(point);
}

}  // namespace waypost
