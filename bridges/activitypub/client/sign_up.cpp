// SPDX-License-Identifier: Apache-2.0
#include "bridges/activitypub/client/sign_up.h"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "bridges/activitypub/client/mastodon_api.h"
#include "bridges/activitypub/vocab/json_write.h"
#include "gateway/base/durable_file.h"
#include "gateway/base/secret.h"
#include "gateway/message/text.h"

namespace waypost::activitypub {
namespace {

using client::MastodonApi;
using client::Problem;

constexpr std::size_t kLongestCode = 1000;

Error of_problem(const Problem& problem) {
    return {Code::Refused, problem.text, problem.kind == Problem::Kind::Later};
}

std::string app_file(const ClientOptions& options) { return options.token_file + ".app"; }

// The gateway reads it under the user whose the folder is.
Result<void> write_secret(const std::string& path, const std::string& text) {
    const auto parent = std::filesystem::path(path).parent_path();
    const std::string folder = parent.empty() ? "." : parent.string();
    std::error_code failed;
    std::filesystem::create_directories(folder, failed);
    if (auto wrote = write_durably({path, text + '\n', 0600, {}}); !wrote.ok()) return wrote;
    struct stat info {};
    if (::geteuid() == 0 && ::stat(folder.c_str(), &info) == 0 &&
        ::chown(path.c_str(), info.st_uid, info.st_gid) != 0)
        return Error{Code::Refused, "cannot give " + path + " to the owner of its folder", false};
    return {};
}

}  // namespace

Result<std::string> authorise(const ClientOptions& options) {
    const Fetcher fetcher(options.fetch);
    const MastodonApi api(fetcher, options.server);
    const auto app = api.register_app();
    if (!app.ok()) return of_problem(app.problem());
    JsonWriter kept;
    kept.set("client_id", app->id).set("client_secret", app->secret);
    if (auto wrote = write_secret(app_file(options), kept.text()); !wrote.ok())
        return wrote.error();
    return api.authorise_url(*app);
}

Result<std::string> keep_token(const ClientOptions& options, const std::string& code) {
    const std::string given = squeeze(code);
    if (given.empty() || given.size() > kLongestCode || given.find(' ') != std::string::npos)
        return bad_input("a code is one word, as the server's page shows it");
    const auto kept = read_secret_file(app_file(options));
    if (!kept.ok())
        return kept.error().code == Code::NotFound
                   ? Error{Code::NotFound, "authorise first: there is no " + app_file(options),
                           false}
                   : kept.error();
    const auto app = client::parse_app(kept->reveal());
    if (!app.ok()) return bad_input(app_file(options) + " is damaged: authorise again");
    const Fetcher fetcher(options.fetch);
    const MastodonApi api(fetcher, options.server);
    const auto token = api.token_for(*app, given);
    if (!token.ok()) return of_problem(token.problem());
    const auto own = api.verify_credentials(*token);
    if (!own.ok()) return of_problem(own.problem());
    if (auto wrote = write_secret(options.token_file, *token); !wrote.ok()) return wrote.error();
    return own->acct;
}

}  // namespace waypost::activitypub
