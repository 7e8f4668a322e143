// SPDX-License-Identifier: Apache-2.0
// The airtime that the tools of a radio have spent, in a file, so that many starts of a program in
// one hour stay within the law together. Each put() is on disk when it returns; one program at a
// time has the file (a lock beside it, FILE.lock). Box time goes on while the machine runs, also
// between two starts; a restart of the machine adds nothing, so that no clock can give airtime
// back.
#pragma once

#include <memory>
#include <string>

#include "gateway/transport.h"

namespace waypost::cli {

class AirtimeFile final : public TransportState {
  public:
    // Makes the file's folder if there is none. Conflict: another program has it; BadInput: there
    // is a file of another kind.
    static Result<std::unique_ptr<AirtimeFile>> open(const std::string& path);
    ~AirtimeFile() override;
    AirtimeFile(const AirtimeFile&) = delete;
    AirtimeFile& operator=(const AirtimeFile&) = delete;

    BoxTime box_time() const;  // now
    // The last put() did not get to the disk: nothing may be sent.
    const std::string& failed() const { return failed_; }

    std::optional<std::string> get(const std::string& key) const override;
    std::map<std::string, std::string> with_prefix(const std::string& prefix) const override;
    void put(const std::string& key, std::string value) override;
    void erase(const std::string& key) override { put(key, {}); }
    void when_durable(std::function<void(bool)> on_disk) override { on_disk(failed_.empty()); }

  private:
    AirtimeFile(std::string path, int lock) : path_(std::move(path)), lock_(lock) {}
    Result<void> load();

    std::string path_;
    int lock_;
    std::string boot_;            // of this run of the machine
    milliseconds since_boot_{0};  // what box time is ahead of the time since boot
    std::string value_;           // of the one row there is
    std::string failed_;
};

// One file for all tools of a user: in /var/lib/waypost for root, else in the folder for what a
// user's programs remember (XDG_STATE_HOME).
std::string usual_airtime_file();

}  // namespace waypost::cli
