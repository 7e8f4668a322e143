// SPDX-License-Identifier: Apache-2.0
// Copies of the whole box that it makes by itself: once it is time and a stick is there, into one
// encrypted file on it. Time is box time, so that it needs no clock; on record in the store, so
// that a restart makes none too early.
#pragma once

#include <mutex>
#include <optional>
#include <string>

#include "app/backup_places.h"
#include "gateway/base/ticker.h"
#include "gateway/base/wake.h"
#include "gateway/delivery/backup_facts.h"
#include "gateway/delivery/desk.h"

namespace waypost {

class BackupKeeper {
  public:
    // `desk` outlives it. What is encrypted lies in clear beside the store's file meanwhile, as
    // FILE.copy.
    BackupKeeper(Desk& desk, std::string store_file, BackupPlan plan);
    ~BackupKeeper();
    BackupKeeper(const BackupKeeper&) = delete;
    BackupKeeper& operator=(const BackupKeeper&) = delete;

    void start();  // a thread that looks once a minute
    void stop();   // a copy that is under way ends at once, without a trace
    void use(BackupPlan plan);

    // One look, which makes a copy if it is time. The thread does it; tests do it on their clock.
    void look();
    BackupFacts facts() const;

  private:
    bool is_due(const BackupPlan& plan, bool here, store::Ms now);
    Result<void> copy_in_clear();
    Result<std::string> make(const BackupPlan& plan, const std::string& place);
    void note(store::Ms now, const Result<std::string>& made);
    BackupPlan plan() const;

    Desk& desk_;
    const std::string store_file_, copy_;
    Wake stop_;
    mutable std::mutex mutex_;
    BackupPlan plan_;  // under mutex_, as what follows
    BackupFacts facts_;
    std::optional<store::Ms> failed_box_ms_;  // of look()'s thread
    Ticker ticker_;                           // last: its thread uses the rest
};

}  // namespace waypost
