// SPDX-License-Identifier: Apache-2.0
// The daemon's own hand on itself: what the console wishes is done by the main thread, which is
// woken by SIGHUP, after the answer has gone. Thread-safe.
#pragma once

#include <csignal>
#include <memory>
#include <mutex>
#include <optional>

#include "app/sealed_restore.h"
#include "gateway/config/config.h"
#include "gateway/delivery/box_control.h"
#include "gateway/encryption/data_encryption.h"
#include "gateway/servers/own_servers.h"
#include "gateway/update/update_desk.h"

namespace waypost {

// Tells the main thread that the gateway has something for it; see BoxControl::wake.
inline constexpr int kWakeSignal = SIGUSR1;
// How long after a wish the gateway closes: its answer has left by then.
inline constexpr std::chrono::milliseconds kAnswerTime{300};

class ProcessControl final : public BoxControl {
  public:
    struct Wish {
        enum class What { Nothing, Restart, Restore, ShutDown };
        What what = What::Nothing;
        std::string backup;  // its folder
    };

    // An image says where its side of updates is, by WAYPOST_UPDATE_FOLDER, where it says how far
    // the encryption of the data is, by WAYPOST_DATA_FOLDER, and how its mail and chat server do,
    // by WAYPOST_SERVERS_FOLDER.
    ProcessControl();

    // Of the gateway that is about to open; `problem`: why it opens with former settings.
    void opens(const Config& config, const std::string& problem);
    void closes();  // of the one that opened; what the console waits for is given up
    Wish take();

    BoxFacts facts() const override;
    Result<void> restart() override;
    Result<void> shut_down() override;
    void settings_changed(const Config& saved) override;
    void wake() override;
    // Of the settings that count now.
    std::string shut_down_command() const;
    Result<std::vector<BackupReport>> backups() const override;
    std::string next_backup() const override;
    Result<void> remove_backup(const std::string& name) override;
    Result<void> restore(const std::string& name) override;
    UpdateDesk* updates() override { return updates_.get(); }
    DataEncryption* encryption() override { return encryption_.get(); }
    OwnServers* servers() override { return servers_.get(); }
    // Null: this is a hub.
    SealedCopies* sealed_copies() override { return no_restore_ ? nullptr : &sealed_; }

  private:
    void look_at(const Config& config);  // with mutex_ held
    Result<void> wish(Wish wish);
    Result<std::string> folder_of(const std::string& name) const;

    mutable std::mutex mutex_;
    BoxFacts facts_;
    std::string shut_down_;            // the command
    std::optional<Error> no_restore_;  // why nothing can be put back; set before anything is asked
    Wish wish_;
    const std::unique_ptr<UpdateDesk> updates_;
    const std::unique_ptr<DataEncryption> encryption_;
    const std::unique_ptr<OwnServers> servers_;
    SealedRestore sealed_;
};

}  // namespace waypost
