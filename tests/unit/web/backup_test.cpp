// SPDX-License-Identifier: Apache-2.0
// A copy in clear does not leave the disk of the store, whoever asks for it; an encrypted one is
// put back with its key, which is nowhere kept.
#include <filesystem>

#include "gateway/base/random.h"
#include "gateway/delivery/sealed_copies.h"
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

constexpr char kKey[] = "AGE-SECRET-KEY-1SECRET";

struct OneCopy final : SealedCopies {
    std::vector<SealedCopy> all() const override {
        return {{"/media/BLUE/waypost-backups", "waypost-hill.example-000017.tar.age", 5, 700}};
    }
    Result<void> restore(const std::string& folder, const std::string& name,
                         const Secret& key) override {
        asked.push_back(folder + '/' + name);
        if (key.reveal() != kKey) return Error{Code::Refused, "this key does not open it", false};
        return {};
    }
    std::vector<std::string> asked;
};

struct SealedControl final : IdleControl {
    explicit SealedControl(SealedCopies* of) : sealed(of) {}
    SealedCopies* sealed_copies() override { return sealed; }
    SealedCopies* sealed;
};

class SealedApi : public ApiVillage {
  protected:
    SealedApi() { store_->writer().start(); }  // who did it is on record before it is done
    ~SealedApi() override { store_->writer().stop(); }
    Reply ask_it(const std::string& method, const std::string& uri, const std::string& body = {},
                 Role role = Role::Admin) {
        DeskTools tools;
        tools.control = std::make_shared<SealedControl>(opens_ ? &copies_ : nullptr);
        Desk desk(*office_, tools);
        Asked asked = on_the_box(method, uri, body);
        asked.visitor.role = role;
        asked.visitor.handle = "mia";
        asked.visitor.session = asked.visitor.csrf = asked.csrf = "s";
        return answer(desk, asked);
    }
    int restored(const std::string& body, Role role = Role::Admin) {
        return ask_it("POST", "/sealed-copies/waypost-hill.example-000017.tar.age/restore", body,
                      role)
            .status;
    }
    OneCopy copies_;
    bool opens_ = true;
};

std::string with_key(const std::string& key) {
    return R"({"folder": "/media/BLUE/waypost-backups", "key": ")" + key + R"("})";
}

TEST_F(SealedApi, AreListed) {
    EXPECT_EQ(json_of(ask_it("GET", "/sealed-copies", {}, Role::Operator)),
              R"({"copies":[{"at_ms":5,"bytes":700,"folder":"/media/BLUE/waypost-backups",)"
              R"("name":"waypost-hill.example-000017.tar.age"}]})");
    opens_ = false;
    EXPECT_EQ(ask_it("GET", "/sealed-copies").status, 404);
    EXPECT_EQ(restored(with_key(kKey)), 404);
}

TEST_F(SealedApi, ArePutBackByAnAdministratorWithTheKey) {
    EXPECT_EQ(restored(with_key(kKey), Role::Operator), 403);
    EXPECT_EQ(restored(with_key(kKey), Role::Villager), 403);
    EXPECT_EQ(restored(with_key(kKey), Role::Anyone), 401);
    EXPECT_EQ(restored("{}"), 400);
    EXPECT_EQ(restored(R"({"key": "x"})"), 400);
    EXPECT_TRUE(copies_.asked.empty());
    EXPECT_EQ(restored(with_key("another")), 403);
    EXPECT_EQ(restored(with_key(kKey)), 200);
    const std::string copy = "/media/BLUE/waypost-backups/waypost-hill.example-000017.tar.age";
    EXPECT_EQ(copies_.asked, (std::vector<std::string>{copy, copy}));
    const std::string record = json_of(ask_it("GET", "/audit?limit=100"));
    EXPECT_NE(record.find("/sealed-copies/{name}/restore"), std::string::npos) << record;
    EXPECT_NE(record.find("000017"), std::string::npos) << record;
    EXPECT_EQ(record.find("SECRET"), std::string::npos) << record;
}

}  // namespace
}  // namespace waypost::api
