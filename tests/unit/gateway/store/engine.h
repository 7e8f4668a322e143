// SPDX-License-Identifier: Apache-2.0
// Which engine a build of the store's tests runs on.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "gateway/base/random.h"
#include "gateway/store/database.h"
#include "gateway/store/schema.h"
#include "gateway/store/tables.h"

namespace waypost::store {

// An empty store of its own for each call; the one before is gone.
std::unique_ptr<Database> fresh_database();

// A folder that goes with the object.
class TempFolder {
  public:
    TempFolder()
        : path_(std::filesystem::temp_directory_path() /
                ("waypost-test-" + system_random()->hex(8))) {
        std::filesystem::create_directory(path_);
    }
    TempFolder(const TempFolder&) = delete;
    TempFolder& operator=(const TempFolder&) = delete;
    ~TempFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    std::string operator/(const std::string& name) const { return (path_ / name).string(); }

  private:
    std::filesystem::path path_;
};

}  // namespace waypost::store
