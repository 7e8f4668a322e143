// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>

#include "app/cli/cli.h"
#include "app/gateway.h"
#include "app/open_copy.h"
#include "app/restore.h"
#include "gateway/store/store.h"

namespace waypost::cli {
namespace {

namespace fs = std::filesystem;

// "-" is standard input.
Result<Secret> read_key(const std::string& file) {
    std::ifstream named;
    if (file != "-") named.open(file);
    std::istream& in = file == "-" ? std::cin : named;
    if (!in) return Error{Code::NotFound, "cannot read " + file, false};
    std::string text(std::size_t{32} * 1024, '\0');  // more than is looked at
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(in.gcount()));
    const Secret read(std::move(text));
    return find_key(read.reveal());
}

// Of the encrypted copy, which is opened beside the store meanwhile.
Result<std::size_t> restore_sealed(const Config& config, const std::string& file,
                                   const std::string& key_file) {
    const auto key = read_key(key_file);
    if (!key.ok()) return key.error();
    if (const auto refused = not_of_a_hub(config)) return *refused;
    const std::string folder = opened_folder(store_file(config));
    try {
        (void)store::open_sqlite(store_file(config));  // refuses while a gateway runs
    } catch (const std::exception& e) {
        return Error{Code::Conflict, e.what(), false};
    }
    const auto opened = open_sealed_copy(fs::absolute(file), *key, folder, keep_free(config));
    if (!opened.ok()) return opened.error();
    auto held = restore_backup(config, folder);
    std::error_code none;
    fs::remove_all(folder, none);
    return held;
}

Result<std::size_t> put_back(const Config& config, const std::string& path,
                             const std::string& key_file) {
    const bool sealed = fs::is_regular_file(path);
    if (!sealed && key_file.empty()) return restore_backup(config, path);
    if (!sealed)
        return Error{Code::BadInput, path + " is no file: a key is for an encrypted copy", false};
    if (key_file.empty())
        return Error{Code::BadInput,
                     path + " is encrypted: give the file with its secret key, --key FILE", false};
    return restore_sealed(config, path, key_file);
}

}  // namespace

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
    restore->add_option("FOLDER", *path, "or the file of an encrypted copy")->required();
    auto key_file = std::make_shared<std::string>();
    restore->add_option("--key", *key_file,
                        "file with the secret key of an encrypted copy; -: standard input");
    restore->callback([&context, path, key_file] {
        const auto config = config_of(context);
        if (!config.ok()) return fail(context, config.error());
        const auto held = put_back(*config, *path, *key_file);
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
