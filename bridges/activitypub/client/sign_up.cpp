// SPDX-License-Identifier: Apache-2.0
#include "bridges/activitypub/client/sign_up.h"

#include <unistd.h>

#include <cerrno>

#include "bridges/activitypub/client/mastodon_api.h"
#include "bridges/activitypub/client/pkce.h"
#include "bridges/activitypub/vocab/json_write.h"
#include "gateway/base/durable_file.h"
#include "gateway/base/secret.h"
#include "gateway/message/text.h"

namespace waypost::activitypub {
namespace {

using client::Asked;
using client::MastodonApi;
using client::Problem;

constexpr std::size_t kLongestCode = 1000;

Error of_problem(const Problem& problem) {
    return {Code::Refused, problem.text, problem.kind == Problem::Kind::Later};
}

std::string app_file(const ClientOptions& options) { return options.token_file + ".app"; }

Result<client::AppKeys> registration_of(const ClientOptions& options) {
    const auto kept = read_secret_file(app_file(options));
    if (!kept.ok() && kept.error().code == Code::NotFound)
        return Error{Code::NotFound, "authorise first: there is no " + app_file(options), false};
    if (!kept.ok()) return kept.error();
    auto app = client::parse_app(kept->reveal());
    if (!app.ok()) return bad_input(app_file(options) + " is damaged: authorise again");
    return app;
}

}  // namespace

Result<std::string> authorise(const ClientOptions& options) {
    const Fetcher fetcher(options.fetch);
    const MastodonApi api(fetcher, options.server);
    auto app = api.register_app();
    if (!app.ok()) return of_problem(app.problem());
    client::AppKeys keys = *app;
    keys.verifier = client::new_pkce_verifier(*system_random());
    JsonWriter kept;
    kept.set("client_id", keys.id)
        .set("client_secret", keys.secret)
        .set("code_verifier", keys.verifier);
    if (auto wrote = write_secret_file(app_file(options), kept.text()); !wrote.ok())
        return wrote.error();
    return api.authorise_url(keys);
}

Result<std::string> keep_token(const ClientOptions& options, const std::string& code) {
    const std::string given = squeeze(code);
    if (given.empty() || given.size() > kLongestCode || given.find(' ') != std::string::npos)
        return bad_input("a code is one word, as the server's page shows it");
    const auto app = registration_of(options);
    if (!app.ok()) return app.error();
    const Fetcher fetcher(options.fetch);
    const MastodonApi api(fetcher, options.server);
    const auto token = api.token_for(*app, given);
    if (!token.ok()) return of_problem(token.problem());
    const auto own = api.verify_credentials(*token);
    if (!own.ok()) return of_problem(own.problem());
    if (auto wrote = write_secret_file(options.token_file, *token); !wrote.ok())
        return wrote.error();
    return own->acct;
}

// A token that the server does not take any more is revoked already.
Result<void> revoke_token(const ClientOptions& options) {
    const auto token = read_secret_file(options.token_file);
    if (!token.ok() && token.error().code == Code::NotFound)
        return Error{Code::NotFound, "there is no token: no " + options.token_file, false};
    if (!token.ok()) return token.error();
    const auto app = registration_of(options);
    const Fetcher fetcher(options.fetch);
    const MastodonApi api(fetcher, options.server);
    const std::string text(token->reveal());
    const auto revoked = app.ok() ? api.revoke(*app, text) : Asked<bool>(false);
    if (!revoked.ok() || !*revoked) {
        // snac says 422 where it is asked whose token it is.
        const auto any = api.notifications(text, {}, {});
        if (any.ok() || any.problem().kind != Problem::Kind::NoToken)
            return Error{Code::Refused,
                         (app.ok() ? revoked.problem().text : app.error().text) +
                             ". The token is as it was: try again, or end it in the settings of "
                             "the account, under its apps",
                         false};
    }
    for (const std::string& file : {options.token_file, app_file(options)})
        if (::unlink(file.c_str()) != 0 && errno != ENOENT)
            return Error{Code::Internal, "it is revoked, but " + file + " cannot be removed",
                         false};
    return {};
}

}  // namespace waypost::activitypub
