// SPDX-License-Identifier: Apache-2.0
// A serial cable: two pseudo terminals, and what goes into the one comes out of the other.
#pragma once

#include <atomic>
#include <string>
#include <thread>

namespace waypost::nncp {

class Cable {
  public:
    Cable();
    ~Cable();
    Cable(const Cable&) = delete;
    Cable& operator=(const Cable&) = delete;
    const std::string& one() const { return ends_[0].name; }
    const std::string& other() const { return ends_[1].name; }
    void noise_at_one(const std::string& bytes);

  private:
    struct End {
        int master = -1, slave = -1;  // the slave stays open, so that nobody hangs up
        std::string name;
    };
    void carry();
    End ends_[2];
    std::atomic<bool> stop_{false};
    std::thread thread_;
};

}  // namespace waypost::nncp
