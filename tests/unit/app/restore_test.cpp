// SPDX-License-Identifier: Apache-2.0
// What outlives a restore.
#include "app/restore.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "gateway/store/store.h"
#include "tests/unit/gateway/store/engine.h"

namespace waypost {
namespace {

class Restore : public ::testing::Test {
  protected:
    // Runs work in one transaction on the store of the box.
    void change(const std::function<void(store::Tables&)>& work) {
        store::Store box(store::open_sqlite(folder_ / "waypost.db"),
                         {folder_ / "waypost.db.bodies", true}, *random_);
        box.writer().submit(work, {});
        box.writer().step();
    }
    void backup() {
        std::filesystem::create_directory(folder_ / "backup");
        store::Store box(store::open_sqlite(folder_ / "waypost.db"),
                         {folder_ / "waypost.db.bodies", true}, *random_);
        ASSERT_TRUE(box.copy_database(folder_ / "backup/waypost.db").ok());
    }
    Result<std::size_t> restore() {
        std::ofstream(folder_ / "waypost.toml")
            << "[box]\ndomain = \"hill.example\"\n[store]\npath = \"waypost.db\"\n";
        const auto loaded = load_config(folder_ / "waypost.toml", core_sections());
        if (!loaded.ok()) return loaded.error();
        return restore_backup(loaded->config, folder_ / "backup");
    }
    store::TempFolder folder_;
    std::unique_ptr<Random> random_ = system_random();
};

TEST_F(Restore, CarriesOverWhoWasForgottenSinceTheBackup) {
    change([](store::Tables& t) { t.people.put_person({"ana", "", "en", "", true, false, 1}); });
    backup();
    change([](store::Tables& t) {
        t.people.remove_person("ana");
        t.forgotten.put({store::forgotten_hash("ana"), 50, false});
    });
    const auto restored = restore();
    ASSERT_TRUE(restored.ok()) << restored.error().text;
    change([](store::Tables& t) {
        EXPECT_TRUE(t.people.has_person("ana")) << "until the gateway starts";
        const auto gone = t.forgotten.find(store::forgotten_hash("ana"));
        ASSERT_TRUE(gone);
        EXPECT_EQ(gone->at_ms, 50);
    });
}

TEST_F(Restore, WorksWhereThePresentStoreCannotBeRead) {
    change([](store::Tables& t) { t.people.put_person({"ana", "", "en", "", true, false, 1}); });
    backup();
    std::filesystem::remove(folder_ / "waypost.db");
    const auto restored = restore();
    ASSERT_TRUE(restored.ok()) << restored.error().text;
    change([](store::Tables& t) { EXPECT_TRUE(t.people.has_person("ana")); });
}

}  // namespace
}  // namespace waypost
