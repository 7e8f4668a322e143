// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <memory>

#include "app/cli/cli.h"
#include "app/gateway.h"
#include "app/restore.h"

namespace waypost::cli {

void add_store(CLI::App& app, Context& context) {
    auto path = std::make_shared<std::string>();
    auto* backup = app.add_subcommand(
        "backup", "copy the whole state into a new folder while the gateway runs");
    backup->add_option("FOLDER", *path)->required();
    backup->callback([&context, path] {
        Json::Ptr body = new Json;
        body->set("path", std::filesystem::absolute(*path).string());
        finish(context, ask(context, "POST", "/backup", body),
               "Backup is in " + *path + ". It holds mail and keys in clear: keep it locked away.");
    });
    auto* restore = app.add_subcommand(
        "restore", "put a backup in the store's place; the gateway must be stopped");
    restore->add_option("FOLDER", *path)->required();
    restore->callback([&context, path] {
        const auto config = config_of(context);
        if (!config.ok()) return fail(context, config.error());
        const auto held = restore_backup(*config, *path);
        if (!held.ok()) return fail(context, held.error());
        if (context.json) {
            Json o;
            o.set("ok", true);
            o.set("held", Poco::UInt64(*held));
            return print_json(o);
        }
        print("Restored. " + std::to_string(*held) +
              " deliveries were waiting then and are held now: waypost queue list held, then "
              "release or cancel.");
    });
}

}  // namespace waypost::cli
