// SPDX-License-Identifier: Apache-2.0
// `waypost mail-server write`: the files of the box's own Postfix and Dovecot.
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "app/cli/cli.h"
#include "app/mail_server.h"
#include "bridges/email/mailserver/certificate.h"

namespace waypost::cli {
namespace {

using email::MailServer;
using email::OwnFile;
using email::OwnFolder;

constexpr long kRenewDays = 60;  // a certificate of its own with less left is made anew

std::vector<OwnFile> files_of(const MailServer& server) {
    auto files = postfix_files(server);
    for (OwnFile& file : dovecot_files(server)) files.push_back(std::move(file));
    return files;
}

bool own_certificate(const MailServer& server) {
    return server.certificate == server.folder + "/certificate.pem";
}

// Only root may give folders away; else the command that root has to give.
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

Result<void> make_own_certificate(const MailServer& server) {
    const auto there = email::look_at_certificate(server.certificate);
    const bool key_there = email::read_file(server.private_key).ok();
    if (there.ok() && key_there && there->days_left >= kRenewDays) return {};
    std::vector<std::string> addresses;
    if (!server.listen.empty()) addresses.push_back(server.listen);
    return email::make_certificate({server.host, server.domain}, addresses, server.certificate,
                                   server.private_key);
}

// Nothing is written before everything may be.
Result<std::vector<std::string>> write_all(const MailServer& server) {
    const auto files = files_of(server);
    for (const OwnFile& file : files) {
        if (auto may = email::may_write(file.path); !may.ok()) return may.error();
    }
    std::vector<std::string> left_to_do;
    for (const OwnFolder& folder : folders(server)) {
        if (auto made = make_folder(folder, left_to_do); !made.ok()) return made.error();
    }
    if (own_certificate(server)) {
        if (auto made = make_own_certificate(server); !made.ok()) return made.error();
    }
    for (const OwnFile& file : files) {
        if (auto wrote = email::write_own_file(file); !wrote.ok()) return wrote.error();
    }
    return left_to_do;
}

void say_commands(const std::string& what, const std::vector<std::string>& commands) {
    if (commands.empty()) return;
    print(what);
    for (const std::string& each : commands) print("    " + each);
}

void say_what_next(const MailServer& server, const std::vector<std::string>& left_to_do) {
    print("Written: Postfix and Dovecot for " + server.domain + " in " + server.folder + '.');
    say_commands("Still to do, as root:", left_to_do);
    say_commands("To start them by hand, as root:", start_commands(server));
    say_commands("If they run already:", reload_commands(server));
    say_commands("To stop them:", stop_commands(server));
    const auto certificate = email::look_at_certificate(server.certificate);
    if (!certificate.ok()) return print("The certificate: " + certificate.error().text);
    print("The certificate of " + server.host + " ends in " +
          std::to_string(certificate->days_left) + " days. Its SHA-256 fingerprint:");
    print("    " + certificate->fingerprint);
    if (!own_certificate(server)) return;
    print(
        "The box made it itself, so each mail program warns once that nobody vouches for it. Its "
        "owner compares the fingerprint with this one, and then accepts it.");
}

void write(Context& context, const MailServer& server) {
    const auto wrote = write_all(server);
    if (!wrote.ok()) return fail(context, wrote.error());
    if (!context.json) return say_what_next(server, *wrote);
    Json o;
    o.set("ok", true);
    Poco::JSON::Array to_do;
    for (const std::string& each : *wrote) to_do.add(each);
    o.set("to_do", to_do);
    const auto certificate = email::look_at_certificate(server.certificate);
    if (certificate.ok()) o.set("fingerprint", certificate->fingerprint);
    print_json(o);
}

// Says which files are not as the settings want them.
void compare(Context& context, const MailServer& server) {
    Poco::JSON::Array others;
    for (const OwnFile& file : files_of(server)) {
        const auto text = email::read_file(file.path);
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

}  // namespace

void add_mail_server(CLI::App& app, Context& context) {
    auto* server = app.add_subcommand("mail-server", "the box's own mail server");
    server->require_subcommand(1);
    auto folder = std::make_shared<std::string>();
    auto check = std::make_shared<bool>(false);
    auto* write_them =
        server->add_subcommand("write", "write instances of Postfix and Dovecot into a folder");
    write_them->add_option("DIR", *folder)->required();
    write_them->add_flag("--check", *check, "write nothing: say what would change");
    write_them->callback([&context, folder, check] {
        const auto config = config_of(context);
        if (!config.ok()) return fail(context, config.error());
        const auto planned = mail_server_of(*config, *folder);
        if (!planned.ok()) return fail(context, planned.error());
        *check ? compare(context, *planned) : write(context, *planned);
    });
}

}  // namespace waypost::cli
