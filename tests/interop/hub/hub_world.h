// SPDX-License-Identifier: Apache-2.0
// A database of its own for each test, on a server that all tests of the program share.
#pragma once

#include <Poco/Data/Session.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "gateway/hub/worker_fence.h"
#include "gateway/store/postgresql.h"
#include "gateway/store/schema.h"
#include "gateway/store/tables.h"
#include "gateway/store/writer.h"
#include "server.h"

namespace waypost::hub {

class HubWorld : public ::testing::Test {
  protected:
    HubWorld() {
        static int count = 0;
        name_ = "hub" + std::to_string(++count);
        server().make(name_);
        database_ = open();
        auto session = database_->open_writer();
        store::version_of(session);
        store::migrate(session, database_->engine());
    }
    static postgresql::Server& server() {
        static postgresql::Server it;
        return it;
    }
    std::string connection() const { return server().connection(name_); }
    std::unique_ptr<store::Database> open() const {
        return store::open_postgresql(connection(), store::Sharing::Workers);
    }
    std::string ask(const std::string& sql) { return server().ask(name_, sql); }

    std::string name_;
    std::unique_ptr<store::Database> database_;
};

inline store::MessageRow letter(const std::string& text) {
    store::MessageRow row;
    row.message.network = "email";
    row.message.from = {"mailto", "ben@far.example"};
    row.message.text = text;
    return row;
}

}  // namespace waypost::hub
