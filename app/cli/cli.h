// SPDX-License-Identifier: Apache-2.0
// What the commands of `waypost` share: the configuration, the way to the daemon, output for
// people and for programs. One file per group of commands adds itself to the parser.
#pragma once

#include <Poco/JSON/Array.h>
#include <Poco/JSON/Object.h>

#include <CLI/CLI.hpp>
#include <functional>
#include <ostream>
#include <string>

#include "gateway/base/result.h"
#include "gateway/config/config.h"

namespace waypost::cli {

using Json = Poco::JSON::Object;

struct Context {
    std::string config_file = "/etc/waypost/waypost.toml";
    bool json = false;
    int status = 0;  // of the process: 0, 1 failed, 2 usage
};

Result<Config> config_of(const Context& context);
// Asks the daemon. An error reply of the API becomes an Error.
Result<Json::Ptr> ask(const Context& context, const std::string& method, const std::string& path,
                      const Json::Ptr& body = nullptr);

// Asks for bytes. `open` gives where they go, and is called only when they are coming. How many
// there were: all of them, or it is an error.
Result<std::uint64_t> fetch(const Context& context, const std::string& path,
                            const std::function<Result<std::ostream*>()>& open);

// Asks for a list, GET: each of its rows as a line (or all as JSON); `none`, if there is no row.
// False: it failed, or was printed as JSON.
bool print_list(Context& context, const std::string& path, const std::string& name,
                const std::string& none, const std::function<std::string(const Json&)>& line_of);

void print(const std::string& line);
void print_json(const Json& object);
// Says why on standard error (or as JSON) and sets the status.
void fail(Context& context, const Error& error, int status = 1);
// Prints {"ok": true} or `line`, or fails.
void finish(Context& context, const Result<Json::Ptr>& reply, const std::string& line);

// Parses and does what was asked for. The status of the process.
int run(CLI::App& app, const Context& context, int argc, char** argv);

// "3 min ago", "in 2 h", "just now".
std::string ago(std::int64_t then_ms);
std::string encode(const std::string& part);  // for a path

void add_config(CLI::App& app, Context& context);
void add_status(CLI::App& app, Context& context);
void add_console(CLI::App& app, Context& context);
void add_messages(CLI::App& app, Context& context);
void add_attachments(CLI::App& app, Context& context);
void add_people(CLI::App& app, Context& context);
void add_persons(CLI::App& people, Context& context);  // of them
void list_matters(Context& context);
void add_neighbours(CLI::App& app, Context& context);
void add_care(CLI::App& app, Context& context);
void add_groups(CLI::App& app, Context& context);
void add_quiet(CLI::App& people, Context& context);
void add_turns(CLI::App& app, Context& context);
void add_mail_server(CLI::App& app, Context& context);
void add_chat_server(CLI::App& app, Context& context);
void add_fediverse_account(CLI::App& app, Context& context);
void add_alarms(CLI::App& app, Context& context);
void add_store(CLI::App& app, Context& context);
void add_store_copy(CLI::App& app, Context& context);
void add_tools(CLI::App& app, Context& context);
void add_trunk(CLI::App& app, Context& context);
void add_decode(CLI::App& app, Context& context);

}  // namespace waypost::cli
