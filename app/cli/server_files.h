// SPDX-License-Identifier: Apache-2.0
// What the commands that write files for programs beside the gateway have in common.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "app/cli/cli.h"
#include "gateway/base/own_file.h"

namespace waypost::cli {

inline constexpr long kRenewDays = 60;  // an own certificate with less left is made anew

// Only root may give folders away; else the commands that root has to give are put to `left_to_do`.
Result<void> make_server_folders(const std::vector<OwnFolder>& folders,
                                 std::vector<std::string>& left_to_do);
// Each as write_own_file.
Result<void> write_own_files(const std::vector<DurableFile>& files);

// Whether certificate and key are there, for these names and addresses, and last for a while.
bool certificate_lasts(const std::string& certificate, const std::string& key,
                       std::vector<std::string> names, const std::vector<std::string>& addresses);

void print_commands(const std::string& what, const std::vector<std::string>& commands);

struct ServerCertificate {
    std::string host;
    std::string file;
    bool own = false;      // made by the box
    std::string programs;  // whose users are warned of it: "mail program"
};
void print_certificate(const ServerCertificate& certificate);

void print_written_json(const std::vector<std::string>& left_to_do, const std::string& certificate);

// `write DIR [--check]`, of a command for one such server.
void add_write_command(
    CLI::App& server, Context& context, const std::string& help,
    std::function<void(const Config&, const std::string& folder, bool check)> write);

// Says which files are not as the settings want them, and sets the status.
void compare_files(Context& context, const std::vector<DurableFile>& files);

}  // namespace waypost::cli
