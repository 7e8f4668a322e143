// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "app/check_settings.h"
#include "app/cli/cli.h"
#include "app/transports.h"

namespace waypost::cli {
namespace {

void check(Context& context) {
    auto loaded = load_config(context.config_file, all_sections());
    if (!loaded.ok()) return fail(context, loaded.error());
    if (loaded->problems.empty()) loaded->problems = check_settings(loaded->config);
    Poco::JSON::Array problems;
    for (const auto& problem : loaded->problems) {
        Json o;
        o.set("at", problem.place);
        o.set("section", problem.section);
        o.set("key", problem.key);
        o.set("text", problem.text);
        problems.add(o);
        if (!context.json) print(problem.place + ": " + problem.text);
    }
    if (context.json) {
        Json all;
        all.set("ok", loaded->problems.empty());
        all.set("problems", problems);
        print_json(all);
    } else if (loaded->problems.empty()) {
        print("The configuration is right.");
    }
    context.status = loaded->problems.empty() ? 0 : 1;
}

void show(Context& context, bool all) {
    const auto config = config_of(context);
    if (!config.ok()) return fail(context, config.error());
    Json object;
    std::string section;
    for (const auto& each : config->effective()) {
        if (!all && each.from_default) continue;
        object.set(each.section + '.' + each.key, each.value);
        if (context.json) continue;
        if (each.section != section) print("[" + (section = each.section) + "]");
        print(each.key + " = " + each.value + (each.from_default ? "   (default)" : ""));
    }
    if (context.json) print_json(object);
}

}  // namespace

void add_config(CLI::App& app, Context& context) {
    auto* config = app.add_subcommand("config", "check and show the configuration");
    config->require_subcommand(1);
    config->add_subcommand("check", "say what is wrong in the file, and where")->callback([&] {
        check(context);
    });
    auto* shown = config->add_subcommand("show", "print the settings that are set");
    auto effective = std::make_shared<bool>(false);
    shown->add_flag("--effective", *effective, "print the defaults too");
    shown->callback([&context, effective] { show(context, *effective); });
    config->add_subcommand("reference", "print every setting as Markdown")->callback([] {
        print(settings_reference(all_sections()));
    });
}

}  // namespace waypost::cli
