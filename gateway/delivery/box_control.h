// SPDX-License-Identifier: Apache-2.0
// What the console asks of the process and the machine: start anew, backups, shut down. Implemented
// by the daemon. Thread-safe; what ends the gateway happens after the answer.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "gateway/base/result.h"
#include "gateway/config/config.h"

namespace waypost {

class DataEncryption;  // gateway/encryption/data_encryption.h
class OwnServers;      // gateway/servers/own_servers.h
class SealedCopies;    // gateway/delivery/sealed_copies.h
class UpdateDesk;      // gateway/update/update_desk.h

struct BoxFacts {
    std::string version;
    std::int64_t started_ms = 0;  // wall clock
    bool can_shut_down = false;
    bool tells_wifi = false;       // the machine's units make its Wi-Fi as [wifi] says
    std::string backups;           // the folder
    std::string settings_problem;  // why what is saved could not be used; empty: it is
};

struct BackupReport {
    std::string name;
    std::int64_t at_ms = 0;  // wall clock
    std::uint64_t bytes = 0;
};

class BoxControl {
  public:
    virtual ~BoxControl() = default;
    virtual BoxFacts facts() const = 0;
    // With the settings that are saved.
    virtual Result<void> restart() = 0;
    virtual Result<void> shut_down() = 0;
    // They were changed while the gateway runs: the backups' folder and the like are theirs now.
    virtual void settings_changed(const Config& saved) = 0;
    // There is something for the main thread to do; see Gateway::take_up.
    virtual void wake() = 0;

    virtual Result<std::vector<BackupReport>> backups() const = 0;  // the newest first
    // Where the next is to be made: a folder that is not there yet.
    virtual std::string next_backup() const = 0;
    virtual Result<void> remove_backup(const std::string& name) = 0;
    // The gateway closes, and opens with it.
    virtual Result<void> restore(const std::string& name) = 0;

    // Null: this box is no image, its packages are updated by apt.
    virtual UpdateDesk* updates() = 0;
    // Null: this box is no image, its disk is not ours.
    virtual DataEncryption* encryption() { return nullptr; }
    // Null: nobody can open encrypted copies here.
    virtual SealedCopies* sealed_copies() { return nullptr; }
    // Null: this box is no image, its mail and chat server are started by hand.
    virtual OwnServers* servers() { return nullptr; }
};

}  // namespace waypost
