// SPDX-License-Identifier: Apache-2.0
#include "app/cli/server_files.h"

#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "bridges/email/mailserver/certificate.h"
#include "gateway/base/own_file.h"

namespace waypost::cli {

namespace {

Result<void> make_folder(const OwnFolder& folder, std::vector<std::string>& left_to_do) {
    std::error_code failed;
    const bool fresh = std::filesystem::create_directories(folder.path, failed);
    if (failed)
        return Error{Code::Refused, "cannot make " + folder.path + ": " + failed.message(), false};
    if (fresh && ::chmod(folder.path.c_str(), folder.mode) != 0)
        return Error{Code::Refused, "cannot set the mode of " + folder.path, false};
    if (folder.owner.empty()) return {};
    const struct passwd* owner = ::getpwnam(folder.owner.c_str());  // NOLINT: one thread
    struct stat info {};
    const bool his =
        owner != nullptr && ::stat(folder.path.c_str(), &info) == 0 && info.st_uid == owner->pw_uid;
    if (his) return {};
    if (owner == nullptr)
        left_to_do.push_back("useradd --system --shell /usr/sbin/nologin " + folder.owner);
    if (owner == nullptr || ::chown(folder.path.c_str(), owner->pw_uid, owner->pw_gid) != 0)
        left_to_do.push_back("chown " + folder.owner + ": " + folder.path);
    return {};
}

}  // namespace

Result<void> make_server_folders(const std::vector<OwnFolder>& folders,
                                 std::vector<std::string>& left_to_do) {
    for (const OwnFolder& folder : folders) {
        if (auto made = make_folder(folder, left_to_do); !made.ok()) return made;
    }
    return {};
}

Result<void> write_own_files(const std::vector<DurableFile>& files) {
    for (const DurableFile& file : files) {
        if (auto wrote = write_own_file(file); !wrote.ok()) return wrote;
    }
    return {};
}

bool certificate_lasts(const std::string& certificate, const std::string& key,
                       std::vector<std::string> names, const std::vector<std::string>& addresses) {
    const auto there = email::look_at_certificate(certificate);
    if (!there.ok() || !read_file(key).ok()) return false;
    names.insert(names.end(), addresses.begin(), addresses.end());
    return there->days_left >= kRenewDays && lacked_name(*there, names) == nullptr;
}

void print_commands(const std::string& what, const std::vector<std::string>& commands) {
    if (commands.empty()) return;
    print(what);
    for (const std::string& each : commands) print("    " + each);
}

void print_certificate(const ServerCertificate& certificate) {
    const auto known = email::look_at_certificate(certificate.file);
    if (!known.ok()) return print("The certificate: " + known.error().text);
    print("The certificate of " + certificate.host + " ends in " +
          std::to_string(known->days_left) + " days. Its SHA-256 fingerprint:");
    print("    " + known->fingerprint);
    if (!certificate.own) return;
    print("The box made it itself, so each " + certificate.programs +
          " warns once that nobody vouches for it. Its owner compares the fingerprint with this "
          "one, and then accepts it.");
}

void print_written_json(const std::vector<std::string>& left_to_do,
                        const std::string& certificate) {
    Json o;
    o.set("ok", true);
    Poco::JSON::Array to_do;
    for (const std::string& each : left_to_do) to_do.add(each);
    o.set("to_do", to_do);
    const auto known = email::look_at_certificate(certificate);
    if (known.ok()) o.set("fingerprint", known->fingerprint);
    print_json(o);
}

void compare_files(Context& context, const std::vector<DurableFile>& files) {
    Poco::JSON::Array others;
    for (const DurableFile& file : files) {
        const auto text = read_file(file.path);
        if (text.ok() && *text == file.text) continue;
        others.add(file.path);
        if (!context.json)
            print(file.path + (text.ok() ? ": is not as the settings say" : ": is missing"));
    }
    context.status = others.size() == 0 ? 0 : 1;
    if (context.json) {
        Json o;
        o.set("ok", others.size() == 0);
        o.set("differ", others);
        print_json(o);
    } else if (others.size() == 0) {
        print("All files are as the settings say.");
    }
}

void add_write_command(
    CLI::App& server, Context& context, const std::string& help,
    std::function<void(const Config&, const std::string& folder, bool check)> write) {
    auto folder = std::make_shared<std::string>();
    auto check = std::make_shared<bool>(false);
    auto* command = server.add_subcommand("write", help);
    command->add_option("DIR", *folder)->required();
    command->add_flag("--check", *check, "write nothing: say what would change");
    command->callback([&context, folder, check, write = std::move(write)] {
        const auto config = config_of(context);
        if (!config.ok()) return fail(context, config.error());
        write(*config, *folder, *check);
    });
}

}  // namespace waypost::cli
