// SPDX-License-Identifier: Apache-2.0
// Stores to copy: SQLite files in a folder, each with bodies beside it, and a fresh database of the
// engine that the program is built for; PostgreSQL has the bodies too.
#pragma once

#include <Poco/Data/Session.h>
#include <Poco/Data/Statement.h>
#include <gtest/gtest.h>

#include <iterator>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "engine.h"
#include "gateway/store/bodies.h"
#include "gateway/store/catalogue.h"
#include "gateway/store/copy.h"

namespace waypost::store {

// One end of a copy.
struct Side {
    std::unique_ptr<Database> database;
    std::unique_ptr<Bodies> bodies;
    CopyEnd end() const { return {*database, *bodies}; }
    Poco::Data::Session session() const { return database->open_writer(); }
    void run(const std::string& sql) const {
        Poco::Data::Session opened = session();
        opened << sql, Poco::Data::Keywords::now;
    }
    std::vector<std::string> texts(const std::string& sql) const {
        Poco::Data::Session opened = session();
        std::vector<std::string> found;
        opened << sql, Poco::Data::Keywords::into(found), Poco::Data::Keywords::now;
        return found;
    }
    void migrated(int to = newest_version()) const {
        Poco::Data::Session opened = session();
        migrate(opened, database->engine(), to);
    }
    std::vector<TableShape> tables() const {
        Poco::Data::Session opened = session();
        return tables_of(opened, database->engine());
    }
};

class CopyWorld : public ::testing::Test {
  protected:
    Side sqlite(const std::string& name) {
        return {open_sqlite(folder_ / (name + ".db"), false), folder_bodies(name)};
    }
    // Empty; of the engine under test.
    Side fresh() {
        const std::string name = "fresh" + std::to_string(++fresh_);
        auto database = fresh_database();
        if (database->engine() == Engine::Sqlite) return {std::move(database), folder_bodies(name)};
        auto bodies = bodies_in_database(*database, folder_ / (name + ".spool"), *random_);
        return {std::move(database), std::move(bodies)};
    }
    std::unique_ptr<Bodies> folder_bodies(const std::string& name) {
        return bodies_in_folder(folder_ / (name + ".bodies"), *random_, false);
    }
    // A body, and a message that names it. Its name.
    static std::string add_body(const Side& side, std::int64_t message, const std::string& text) {
        const auto writer = side.bodies->make();
        EXPECT_TRUE(writer->write(text).ok());
        const auto body = writer->finish();
        EXPECT_TRUE(body.ok());
        add_message(side, message, "m", body->file);
        return body->file;
    }
    static void add_message(const Side& side, std::int64_t id, std::string subject,
                            std::string body_file = "") {
        using namespace Poco::Data::Keywords;
        Poco::Data::Session session = side.session();
        session << "INSERT INTO messages (id, kind, network, transport, origin_id, sender, owner,"
                   " from_name, subject, text, attachments, refs, message_id, answers, flags,"
                   " privacy, priority, created, ended, body_file, body_size)"
                   " VALUES ($1, 1, 'n', 't', '', '', '', '', $2, '', '', '', '', 0, 0, 0, 1, 1, 0,"
                   " $3, 9)",
            use(id), use(subject), use(body_file), now;
    }
    // It takes the place of the one with that name.
    static void put_body(const Side& side, const std::string& name, const std::string& text) {
        std::istringstream content(text);
        EXPECT_TRUE(side.bodies->put(name, content).ok());
    }
    static std::string body_of(const Side& side, const std::string& name) {
        const auto in = side.bodies->open(Body{{}, name, 0});
        if (!in.ok()) return "gone";
        return {std::istreambuf_iterator<char>(**in), {}};
    }
    // Why a copy failed; "" if it did not.
    static std::string why(const Side& from, const Side& to, const CopyOptions& options = {}) {
        const auto copied = copy_store(from.end(), to.end(), options);
        return copied.ok() ? "" : copied.error().text;
    }

    TempFolder folder_;
    std::unique_ptr<Random> random_ = seeded_random(7);
    int fresh_ = 0;
};

}  // namespace waypost::store
