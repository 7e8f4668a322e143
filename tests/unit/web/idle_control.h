// SPDX-License-Identifier: Apache-2.0
// A machine that does nothing of what it is asked: tests override what they look at.
#pragma once

#include "gateway/delivery/box_control.h"

namespace waypost {

struct IdleControl : BoxControl {
    BoxFacts facts() const override { return {}; }
    Result<void> restart() override { return {}; }
    Result<void> shut_down() override { return {}; }
    void settings_changed(const Config&) override {}
    void wake() override {}
    Result<std::vector<BackupReport>> backups() const override {
        return std::vector<BackupReport>();
    }
    std::string next_backup() const override { return {}; }
    Result<void> remove_backup(const std::string&) override { return {}; }
    Result<void> restore(const std::string&) override { return {}; }
    UpdateDesk* updates() override { return nullptr; }
};

}  // namespace waypost
