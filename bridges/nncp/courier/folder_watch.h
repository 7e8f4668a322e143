// SPDX-License-Identifier: Apache-2.0
// Says which folders had something come or go (inotify(7)). What others do on a network share is
// not seen: such are visited from time to time.
#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>

#include "bridges/nncp/spool/files.h"

namespace waypost::nncp {

class FolderWatch {
  public:
    FolderWatch();
    int descriptor() const { return fd_.get(); }
    // Again for the same folder: nothing changes. One that is not there is passed over. `key`: what
    // take() says of it.
    void add(const std::filesystem::path& folder, const std::string& key);
    std::set<std::string> take();  // keys of folders that changed since the last time

  private:
    Fd fd_;
    std::map<int, std::string> keys_;
};

}  // namespace waypost::nncp
