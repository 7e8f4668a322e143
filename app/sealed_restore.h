// SPDX-License-Identifier: Apache-2.0
// The daemon's encrypted copies: which there are, and opening one so that the store can be put back
// from it. Thread-safe.
#pragma once

#include <functional>
#include <mutex>

#include "app/backup_places.h"
#include "gateway/base/wake.h"
#include "gateway/delivery/sealed_copies.h"

namespace waypost {

class SealedRestore final : public SealedCopies {
  public:
    struct Where {
        std::string store_file;
        std::string backups;  // where copies in clear lie; somebody may have laid others beside
        BackupPlan plan;
        std::uint64_t keep_free = 0;
    };
    // `put_back` is given the folder of a copy that is open, and wishes that the store be put back
    // from it.
    explicit SealedRestore(std::function<Result<void>(std::string folder)> put_back);

    // Of the gateway that is about to open. What a copy left in clear is removed.
    void opens(Where where);
    void settings_changed(std::string backups, BackupPlan plan, std::uint64_t keep_free);
    void closes();  // a copy that is being opened is given up

    std::vector<SealedCopy> all() const override;
    Result<void> restore(const std::string& folder, const std::string& name,
                         const Secret& typed) override;

  private:
    Where where() const;

    const std::function<Result<void>(std::string)> put_back_;
    mutable std::mutex mutex_;
    Where where_;     // under mutex_
    std::mutex one_;  // held while a copy is opened
    Wake stop_;
};

}  // namespace waypost
