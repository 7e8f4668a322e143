// SPDX-License-Identifier: Apache-2.0
// `waypost chat-server write`: the files of the box's own Prosody.
#include <grp.h>

#include <filesystem>

#include "app/chat_server.h"
#include "app/cli/cli.h"
#include "app/cli/server_files.h"
#include "gateway/base/random.h"
#include "gateway/certificates/certificate.h"

namespace waypost::cli {
namespace {

using xmpp::ChatServer;

constexpr int kSecretBytes = 32;

Result<gid_t> prosody_group() {
    const struct group* found = ::getgrnam(xmpp::kProsody);  // NOLINT: one thread
    if (found == nullptr)
        return Error{Code::NotFound, "no group prosody here: is Prosody installed?", false};
    return found->gr_gid;
}

// The one that is there, or a new one. The gateway reads it too.
Result<Secret> component_secret(const std::string& file) {
    auto there = read_secret_file(file);
    if (there.ok() || there.error().code != Code::NotFound) return there;
    const auto wrote = write_secret_file(file, system_random()->hex(kSecretBytes));
    if (!wrote.ok()) return wrote.error();
    return read_secret_file(file);
}

// Prosody, which does not start as root, reads the key by its group.
Result<void> make_own_certificate(const ChatServer& server, gid_t prosody) {
    const auto names = certificate_names(server), addresses = certificate_addresses(server);
    if (certificate_lasts(server.certificate, server.private_key, names, addresses)) return {};
    const auto made = make_certificate(names, addresses);
    if (!made.ok()) return made.error();
    const std::string mark = std::string("# ") + kOursMark + ": of its own chat server\n";
    std::error_code failed;
    const auto folder = std::filesystem::path(server.private_key).parent_path();
    std::filesystem::create_directories(folder, failed);
    const auto wrote =
        write_own_file({server.private_key, mark + std::string(made->key.reveal()), 0640, prosody});
    if (!wrote.ok()) return wrote;
    return write_own_file({server.certificate, mark + made->text, 0644, {}});
}

// Nothing is written before everything may be.
Result<std::vector<std::string>> write_all(const PlannedChatServer& planned) {
    const ChatServer& server = planned.server;
    const auto group = prosody_group();
    if (!group.ok()) return group.error();
    std::vector<std::string> may_be{server.folder + "/prosody.cfg.lua"};
    if (server.own_certificate) {
        may_be.push_back(server.certificate);
        may_be.push_back(server.private_key);
    }
    for (const std::string& path : may_be) {
        if (auto may = may_write(path); !may.ok()) return may.error();
    }
    const auto secret = component_secret(planned.secret_file);
    if (!secret.ok()) return secret.error();
    std::vector<std::string> left_to_do;
    if (auto made = make_server_folders(folders(server), left_to_do); !made.ok())
        return made.error();
    if (server.own_certificate) {
        if (auto made = make_own_certificate(server, *group); !made.ok()) return made.error();
    }
    if (auto wrote = write_own_files(prosody_files(server, *secret, *group)); !wrote.ok())
        return wrote.error();
    return left_to_do;
}

void say_passwords(const ChatServer& server) {
    if (!server.sign_in.empty()) {
        return print(
            "Passwords are those of the mail server (`waypost people password`): write it anew "
            "too and reload Dovecot, so that it answers Prosody.");
    }
    print(
        "There is no [mailserver.NAME], so Prosody keeps passwords of its own; nobody registers "
        "himself. An account has the name of its person here:");
    print("    " + add_command(server));
}

void say_what_next(const PlannedChatServer& planned, const std::vector<std::string>& left_to_do) {
    const ChatServer& server = planned.server;
    print("Written: Prosody for " + server.domain + " in " + server.folder + ", the gateway at " +
          server.component + '.');
    print_commands("Still to do, as root:", left_to_do);
    say_passwords(server);
    print_commands("To start it by hand, as root:", {start_command(server)});
    print_commands("If it runs already:", {reload_command(server)});
    print_commands("To stop it:", {stop_command(server)});
    print("Then restart the gateway, which reads the secret and the certificate when it starts.");
    print_certificate({server.domain, server.certificate, server.own_certificate, "chat program"});
}

void write(Context& context, const PlannedChatServer& planned) {
    const auto wrote = write_all(planned);
    if (!wrote.ok()) return fail(context, wrote.error());
    if (!context.json) return say_what_next(planned, *wrote);
    print_written_json(*wrote, planned.server.certificate);
}

// Says which files are not as the settings want them.
void compare(Context& context, const PlannedChatServer& planned) {
    auto secret = read_secret_file(planned.secret_file);
    if (!secret.ok()) return fail(context, secret.error());
    compare_files(context, prosody_files(planned.server, *secret, {}));
}

}  // namespace

void add_chat_server(CLI::App& app, Context& context) {
    auto* server = app.add_subcommand("chat-server", "the box's own chat server");
    server->require_subcommand(1);
    add_write_command(*server, context, "write an instance of Prosody into a folder",
                      [&context](const Config& config, const std::string& folder, bool check) {
                          const auto planned = chat_server_of(config, folder);
                          if (!planned.ok()) return fail(context, planned.error());
                          check ? compare(context, *planned) : write(context, *planned);
                      });
}

}  // namespace waypost::cli
