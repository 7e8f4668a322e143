// SPDX-License-Identifier: Apache-2.0
// What the commands that write files for programs beside the gateway have in common.
#pragma once

#include <string>
#include <vector>

#include "app/cli/cli.h"
#include "gateway/base/durable_file.h"

namespace waypost::cli {

inline constexpr long kRenewDays = 60;  // an own certificate with less left is made anew

struct ServerFolder {
    std::string path;
    unsigned mode = 0755;
    std::string owner;  // user name; empty: who runs this
};

// Only root may give folders away; else the commands that root has to give are put to `left_to_do`.
Result<void> make_server_folder(const ServerFolder& folder, std::vector<std::string>& left_to_do);

// Whether certificate and key are there and last for a while.
bool certificate_lasts(const std::string& certificate, const std::string& key);

void print_commands(const std::string& what, const std::vector<std::string>& commands);

struct ServerCertificate {
    std::string host;
    std::string file;
    bool own = false;      // made by the box
    std::string programs;  // whose users are warned of it: "mail program"
};
void print_certificate(const ServerCertificate& certificate);

void print_written_json(const std::vector<std::string>& left_to_do, const std::string& certificate);

// Says which files are not as the settings want them, and sets the status.
void compare_files(Context& context, const std::vector<DurableFile>& files);

}  // namespace waypost::cli
