// SPDX-License-Identifier: Apache-2.0
// The folder in memory in which the image's side says how far the encryption is, and the wish
// beside.
#pragma once

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "gateway/base/random.h"

namespace waypost {

class ToldFolder {
  public:
    ToldFolder()
        : folder_(std::filesystem::temp_directory_path() /
                  ("waypost-test-" + system_random()->hex(8))) {
        std::filesystem::create_directories(folder_);
    }
    ToldFolder(const ToldFolder&) = delete;
    ToldFolder& operator=(const ToldFolder&) = delete;
    ~ToldFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
    }

    const std::filesystem::path& folder() const { return folder_; }
    std::filesystem::path wish() const { return folder_ / "encrypt"; }
    void says(const std::string& state) const { std::ofstream(folder_ / "state") << state << '\n'; }
    std::string wished() const {
        std::stringstream text;
        text << std::ifstream(wish()).rdbuf();
        return text.str();
    }

  private:
    const std::filesystem::path folder_;
};

}  // namespace waypost
