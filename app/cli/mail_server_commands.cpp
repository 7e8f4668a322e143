// SPDX-License-Identifier: Apache-2.0
// `waypost mail-server write`: the files of the box's own Postfix and Dovecot.
#include "app/cli/cli.h"
#include "app/cli/server_files.h"
#include "app/mail_server.h"
#include "bridges/email/mailserver/certificate.h"

namespace waypost::cli {
namespace {

using email::MailServer;

std::vector<DurableFile> files_of(const MailServer& server) {
    auto files = postfix_files(server);
    for (DurableFile& file : dovecot_files(server)) files.push_back(std::move(file));
    return files;
}

bool own_certificate(const MailServer& server) {
    return server.certificate == server.folder + "/certificate.pem";
}

Result<void> make_own_certificate(const MailServer& server) {
    const std::vector<std::string> names{server.host, server.domain};
    std::vector<std::string> addresses = server.addresses;
    if (!server.listen.empty()) addresses.push_back(server.listen);
    if (certificate_lasts(server.certificate, server.private_key, names, addresses)) return {};
    return email::make_certificate(names, addresses, server.certificate, server.private_key);
}

// Nothing is written before everything may be.
Result<std::vector<std::string>> write_all(const MailServer& server) {
    const auto files = files_of(server);
    for (const DurableFile& file : files) {
        if (auto may = may_write(file.path); !may.ok()) return may.error();
    }
    std::vector<std::string> left_to_do;
    if (auto made = make_server_folders(folders(server), left_to_do); !made.ok())
        return made.error();
    if (own_certificate(server)) {
        if (auto made = make_own_certificate(server); !made.ok()) return made.error();
    }
    if (auto wrote = write_own_files(files); !wrote.ok()) return wrote.error();
    return left_to_do;
}

void say_what_next(const MailServer& server, const std::vector<std::string>& left_to_do) {
    print("Written: Postfix and Dovecot for " + server.domain + " in " + server.folder + '.');
    print_commands("Still to do, as root:", left_to_do);
    print_commands("To start them by hand, as root:", start_commands(server));
    print_commands("If they run already:", reload_commands(server));
    print_commands("To stop them:", stop_commands(server));
    print_certificate({server.host, server.certificate, own_certificate(server), "mail program"});
}

void write(Context& context, const MailServer& server) {
    const auto wrote = write_all(server);
    if (!wrote.ok()) return fail(context, wrote.error());
    if (!context.json) return say_what_next(server, *wrote);
    print_written_json(*wrote, server.certificate);
}

}  // namespace

void add_mail_server(CLI::App& app, Context& context) {
    auto* server = app.add_subcommand("mail-server", "the box's own mail server");
    server->require_subcommand(1);
    add_write_command(*server, context, "write instances of Postfix and Dovecot into a folder",
                      [&context](const Config& config, const std::string& folder, bool check) {
                          const auto planned = mail_server_of(config, folder);
                          if (!planned.ok()) return fail(context, planned.error());
                          check ? compare_files(context, files_of(*planned))
                                : write(context, *planned);
                      });
}

}  // namespace waypost::cli
