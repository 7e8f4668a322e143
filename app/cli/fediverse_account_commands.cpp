// SPDX-License-Identifier: Apache-2.0
// `waypost fediverse-account`: how the box gets the token of somebody's account, and gives it back.
#include <memory>
#include <stdexcept>

#include "app/cli/cli.h"
#include "bridges/activitypub/client/sign_up.h"

namespace waypost::cli {
namespace {

using activitypub::ClientOptions;

Result<ClientOptions> options_of(const Context& context, const std::string& name) {
    const auto config = config_of(context);
    if (!config.ok()) return config.error();
    for (const SectionValues* each : config->instances(activitypub::kClientSection)) {
        if (each->instance() != name) continue;
        try {
            ClientOptions options = activitypub::client_options(*each);
            options.token_file = config->path(options.token_file);
            options.fetch.ca_file = config->path(options.fetch.ca_file);
            return options;
        } catch (const std::runtime_error& e) {
            return bad_input(e.what());
        }
    }
    return Error{Code::NotFound,
                 "there is no [fediverse_account." + name + "] in " + context.config_file, false};
}

void authorise(Context& context, const std::string& name) {
    const auto options = options_of(context, name);
    if (!options.ok()) return fail(context, options.error());
    const auto url = activitypub::authorise(*options);
    if (!url.ok()) return fail(context, url.error());
    if (context.json) {
        Json said;
        said.set("url", *url);
        return print_json(said);
    }
    print("Whose account it is opens this in any browser, agrees, and is shown a code:");
    print("    " + *url);
    print("Then: waypost fediverse-account code " + name + " CODE");
}

void code(Context& context, const std::string& name, const std::string& shown) {
    const auto options = options_of(context, name);
    if (!options.ok()) return fail(context, options.error());
    const auto account = activitypub::keep_token(*options, shown);
    if (!account.ok()) return fail(context, account.error());
    if (context.json) {
        Json said;
        said.set("account", *account);
        said.set("token_file", options->token_file);
        return print_json(said);
    }
    print("The box reads and writes by the account " + *account + " on " + options->server +
          " for " + options->person + ". Its token is in " + options->token_file + '.');
}

void revoke(Context& context, const std::string& name) {
    const auto options = options_of(context, name);
    if (!options.ok()) return fail(context, options.error());
    const auto revoked = activitypub::revoke_token(*options);
    if (!revoked.ok()) return fail(context, revoked.error());
    if (context.json) {
        Json said;
        said.set("removed", options->token_file);
        return print_json(said);
    }
    print(options->server + " does not take the box's token any more, and " + options->token_file +
          " is removed.");
}

}  // namespace

void add_fediverse_account(CLI::App& app, Context& context) {
    auto* account = app.add_subcommand("fediverse-account", "somebody's account on a server");
    account->require_subcommand(1);
    const auto name = std::make_shared<std::string>();
    const auto shown = std::make_shared<std::string>();
    auto* first = account->add_subcommand("authorise", "where its owner lets the box in");
    first->add_option("name", *name, "of [fediverse_account.NAME]")->required();
    first->callback([&context, name] { authorise(context, *name); });
    auto* second = account->add_subcommand("code", "keep the token that a code stands for");
    second->add_option("name", *name, "of [fediverse_account.NAME]")->required();
    second->add_option("code", *shown, "as the server showed it")->required();
    second->callback([&context, name, shown] { code(context, *name, *shown); });
    auto* third = account->add_subcommand("revoke", "end the token, and forget it");
    third->add_option("name", *name, "of [fediverse_account.NAME]")->required();
    third->callback([&context, name] { revoke(context, *name); });
}

}  // namespace waypost::cli
