// SPDX-License-Identifier: Apache-2.0
// A copy in clear does not leave the disk of the store, whoever asks for it.
#include <filesystem>

#include "gateway/base/random.h"
#include "tests/unit/web/api_village.h"
#include "tests/unit/web/idle_control.h"

namespace waypost::api {
namespace {

struct BackupControl final : IdleControl {
    explicit BackupControl(std::string folder) : next(std::move(folder)) {}
    std::string next_backup() const override { return next; }
    std::string next;
};

// In memory, so no disk of any store.
const std::string kElsewhere = "/dev/shm/waypost-test-" + system_random()->hex(8);

class BackupApi : public ApiVillage {
  protected:
    Reply ask(const std::string& uri, const std::string& path) {
        DeskTools tools;
        tools.control = std::make_shared<BackupControl>(path);
        Desk desk(*office_, tools);
        Asked asked = on_the_box("POST", uri, R"({"path": ")" + path + R"("})");
        asked.visitor.role = Role::Admin;
        return answer(desk, asked);
    }
};

TEST_F(BackupApi, StaysOnTheDiskOfTheStore) {
    for (const char* uri : {"/backup", "/backups"}) {
        const Reply refused = ask(uri, kElsewhere + "/all");
        EXPECT_EQ(refused.status, 403) << uri;
        EXPECT_NE(json_of(refused).find("recipients"), std::string::npos) << json_of(refused);
        EXPECT_FALSE(std::filesystem::exists(kElsewhere)) << uri;
    }
    EXPECT_EQ(ask("/backup", folder_ + "/one").status, 200);
    EXPECT_EQ(ask("/backups", folder_ + "/deeper/two").status, 200);
    EXPECT_TRUE(std::filesystem::exists(folder_ + "/deeper/two/waypost.db"));
}

}  // namespace
}  // namespace waypost::api
