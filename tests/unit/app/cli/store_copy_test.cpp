// SPDX-License-Identifier: Apache-2.0
// `waypost store copy` as a person runs it, between files and a real PostgreSQL.
#include <Poco/JSON/Object.h>
#include <Poco/JSON/Parser.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdio>
#include <fstream>

#include "gateway/store/store.h"
#include "tests/postgresql/server.h"
#include "tests/unit/gateway/store/engine.h"

namespace waypost {
namespace {

struct Ran {
    int status = 0;
    std::string text;  // of both outputs
};

class StoreCopyCommand : public ::testing::Test {
  protected:
    StoreCopyCommand() {
        std::ofstream(config_)
            << "[box]\ndomain = \"hill.example\"\n[store]\npath = \"waypost.db\"\n";
    }
    void fill(const std::string& name) {
        store::Store box = open(name);
        auto body = box.bodies().make();
        ASSERT_TRUE(body->write(std::string(300000, 'b')).ok());
        store::MessageRow row;
        row.message.body = *body->finish();
        row.message.subject = "caf\xc3\xa9";
        box.writer().submit(
            [&](store::Tables& t) {
                t.messages.insert(row);
                t.people.put_person({"ana", "Ana", "en", "", true, false, 1});
            },
            {});
        box.writer().step();
    }
    store::Store open(const std::string& name) {
        return {store::open_sqlite(folder_ / name), {folder_ / (name + ".bodies"), true}, *random_};
    }
    Ran copy(const std::string& arguments) const {
        const std::string command = std::string(WAYPOST_BIN) + "/waypost --config " + config_ +
                                    " store copy " + arguments + " 2>&1";
        Ran ran;
        FILE* const out = ::popen(command.c_str(), "r");
        char piece[4096];
        for (std::size_t n = 0; (n = std::fread(piece, 1, sizeof piece, out)) > 0;)
            ran.text.append(piece, n);
        const int status = ::pclose(out);
        ran.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
        return ran;
    }
    static Poco::JSON::Object::Ptr json(const std::string& text) {
        return Poco::JSON::Parser().parse(text).extract<Poco::JSON::Object::Ptr>();
    }
    static std::string quoted(const std::string& text) { return '"' + text + '"'; }

    postgresql::Server server_;
    store::TempFolder folder_;
    std::string config_ = folder_ / "waypost.toml";
    std::unique_ptr<Random> random_ = system_random();
};

TEST_F(StoreCopyCommand, MovesABoxToAHubAndBack) {
    fill("waypost.db");
    server_.make("hub");
    const std::string hub = server_.connection("hub");
    const Ran there = copy("--json --to " + quoted(hub));
    ASSERT_EQ(there.status, 0) << there.text;
    const auto said = json(there.text);
    EXPECT_TRUE(said->getValue<bool>("ok"));
    EXPECT_EQ(said->getObject("bodies")->getValue<int>("rows"), 1);
    EXPECT_EQ(said->getObject("bodies")->getValue<int>("bytes"), 300000);
    EXPECT_GT(said->getArray("tables")->size(), 30u);

    const Ran back = copy("--from " + quoted(hub) + " --to " + (folder_ / "again.db"));
    ASSERT_EQ(back.status, 0) << back.text;
    for (unsigned i = 0; i < said->getArray("tables")->size(); ++i) {
        const auto table = said->getArray("tables")->getObject(i);
        EXPECT_NE(back.text.find("  " + table->getValue<std::string>("checksum") + '\n'),
                  std::string::npos)
            << table->getValue<std::string>("name");
    }
    EXPECT_NE(back.text.find(" rows and 1 bodies (293k). Both were read back, and are the same.\n"),
              std::string::npos)
        << back.text;
    EXPECT_EQ(back.text.rfind("alarm_callers ", 0), 0u)
        << "a line for each table, and nothing before";

    store::Store again = open("again.db");
    const auto row = again.read([](store::Tables& t) { return t.messages.find(1); });
    ASSERT_TRUE(row.ok() && row->has_value());
    EXPECT_EQ((*row)->message.subject, "caf\xc3\xa9");
    EXPECT_TRUE(again.bodies().open((*row)->message.body).ok());

    const Ran twice = copy("--to " + quoted(hub));
    EXPECT_EQ(twice.status, 1);
    EXPECT_NE(twice.text.find("waypost: the database to copy to is not empty"), std::string::npos);
}

TEST_F(StoreCopyCommand, SaysWhatIsInTheWay) {
    const Ran none = copy("--from nowhere.db --to " + (folder_ / "again.db"));
    EXPECT_EQ(none.status, 1);
    EXPECT_EQ(none.text, "waypost: there is no store nowhere.db\n");
    EXPECT_EQ(copy("--from nowhere.db").status, 2);
    EXPECT_EQ(copy("--from a.db --to a.db").text, "waypost: --from and --to are the same store\n");
    fill("waypost.db");
    const Ran far = copy("--to postgresql://nobody@127.0.0.1:1/none");
    EXPECT_EQ(far.status, 1);
    EXPECT_NE(far.text.find("waypost: cannot open the database: "), std::string::npos) << far.text;
    const store::Store running = open("waypost.db");
    const Ran locked = copy("--json --to " + (folder_ / "again.db"));
    EXPECT_EQ(locked.status, 1);
    EXPECT_NE(json(locked.text)
                  ->getObject("error")
                  ->getValue<std::string>("text")
                  .find("another gateway runs on this store"),
              std::string::npos);
}

}  // namespace
}  // namespace waypost
