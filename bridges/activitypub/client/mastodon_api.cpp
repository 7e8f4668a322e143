// SPDX-License-Identifier: Apache-2.0
#include "bridges/activitypub/client/mastodon_api.h"

#include <Poco/URI.h>

#include "bridges/activitypub/client/pkce.h"
#include "gateway/base/encoding.h"
#include "gateway/message/text.h"

namespace waypost::activitypub::client {
namespace {

constexpr char kOutOfBand[] = "urn:ietf:wg:oauth:2.0:oob";
constexpr char kScopes[] =
    "read:accounts read:notifications read:search read:statuses write:media write:statuses";
constexpr char kStatusesAtOnce[] = "40";
// A list is read in an object of its own, which takes some bytes more.
constexpr std::size_t kMostBytes = kMostActivityBytes - 100;
constexpr std::chrono::seconds kTooManyPause{300};  // Mastodon's own window

// All but what RFC 3986 2.3 leaves as it is.
std::string encoded(const std::string& text) {
    std::string out;
    Poco::URI::encode(text, "!\"#$%&'()*+,/:;<=>?@[\\]^`{|}", out);
    return out;
}

std::string form_of(const std::vector<std::pair<std::string, std::string>>& fields) {
    std::string out;
    for (const auto& [name, value] : fields)
        out += (out.empty() ? "" : "&") + encoded(name) + '=' + encoded(value);
    return out;
}

Problem of_error(const Error& error) { return {Problem::Kind::Later, 0, error.text, {}}; }

Problem of_status(const FetchAnswer& answer) {
    Problem problem;
    problem.status = answer.status;
    problem.retry_after = answer.retry_after;
    const std::string says = parse_refusal(answer.body);
    problem.text = "the server says " + std::to_string(answer.status) +
                   (says.empty() ? std::string() : ": " + says);
    const int status = answer.status;
    if (status == 401) {
        problem.kind = Problem::Kind::NoToken;
    } else if (status == 404 || status == 410) {
        problem.kind = Problem::Kind::NotThere;
    } else if (is_passing_status(status)) {
        problem.kind = Problem::Kind::Later;
        if (status == 429 && !problem.retry_after) problem.retry_after = kTooManyPause;
    } else {
        problem.kind = Problem::Kind::Refused;
    }
    return problem;
}

template <class Parse>
auto read(const Asked<std::string>& answer, Parse parse)
    -> Asked<std::decay_t<decltype(*parse(std::string_view()))>> {
    if (!answer.ok()) return answer.problem();
    auto parsed = parse(*answer);
    if (!parsed.ok()) return Problem{Problem::Kind::Refused, 200, parsed.error().text, {}};
    return std::move(*parsed);
}

}  // namespace

Asked<std::string> MastodonApi::ask(const std::string& path, const std::string& token,
                                    const std::optional<std::string>& form,
                                    const std::string& key) const {
    AskRequest request;
    request.url = server_ + path;
    request.header = {"Accept: application/json"};
    if (!token.empty()) request.header.push_back("Authorization: Bearer " + token);
    if (form) request.header.emplace_back("Content-Type: application/x-www-form-urlencoded");
    if (!key.empty()) request.header.push_back("Idempotency-Key: " + key);
    request.body = form;
    return answer_to(request);
}

Asked<std::string> MastodonApi::answer_to(const AskRequest& asked) const {
    AskRequest request = asked;
    request.most_bytes = kMostBytes;
    auto answer = fetcher_.ask(request);
    if (!answer.ok()) return of_error(answer.error());
    if (answer->status < 200 || answer->status >= 300) return of_status(*answer);
    if (answer->cut)
        return Problem{Problem::Kind::Refused,
                       answer->status,
                       "the server says more than " + short_size(kMostBytes) + " at once",
                       {}};
    return std::move(answer->body);
}

Asked<std::string> MastodonApi::get(const std::string& path, const std::string& token,
                                    const Fields& query) const {
    return ask(query.empty() ? path : path + '?' + form_of(query), token, {}, {});
}

Asked<std::string> MastodonApi::post(const std::string& path, const std::string& token,
                                     const Fields& form, const std::string& key) const {
    return ask(path, token, form_of(form), key);
}

Asked<AppKeys> MastodonApi::register_app() const {
    return read(
        post("/api/v1/apps", {},
             {{"client_name", "Waypost"}, {"redirect_uris", kOutOfBand}, {"scopes", kScopes}}),
        parse_app);
}

std::string MastodonApi::authorise_url(const AppKeys& app) const {
    Fields query = {{"response_type", "code"},
                    {"client_id", app.id},
                    {"redirect_uri", kOutOfBand},
                    {"scope", kScopes}};
    if (!app.verifier.empty()) {
        query.emplace_back("code_challenge", pkce_challenge(app.verifier));
        query.emplace_back("code_challenge_method", "S256");
    }
    return server_ + "/oauth/authorize?" + form_of(query);
}

Asked<std::string> MastodonApi::token_for(const AppKeys& app, const std::string& code) const {
    Fields form = {{"grant_type", "authorization_code"},
                   {"code", code},
                   {"client_id", app.id},
                   {"client_secret", app.secret},
                   {"redirect_uri", kOutOfBand},
                   {"scope", kScopes}};
    if (!app.verifier.empty()) form.emplace_back("code_verifier", app.verifier);
    return read(post("/oauth/token", {}, form), parse_token);
}

Asked<bool> MastodonApi::revoke(const AppKeys& app, const std::string& token) const {
    const auto said =
        post("/oauth/revoke", {},
             {{"client_id", app.id}, {"client_secret", app.secret}, {"token", token}});
    if (!said.ok()) return said.problem();
    return true;
}

Asked<Account> MastodonApi::verify_credentials(const std::string& token) const {
    return read(get("/api/v1/accounts/verify_credentials", token), parse_account);
}

// Not every server has the second version; one that does not is asked for the first.
Asked<Instance> MastodonApi::instance(const std::string& token) const {
    auto second = read(get("/api/v2/instance", token), parse_instance);
    if (second.ok() || second.problem().kind == Problem::Kind::Later) return second;
    return read(get("/api/v1/instance", token), parse_instance);
}

Asked<std::vector<Notification>> MastodonApi::notifications(const std::string& token,
                                                            const std::string& since,
                                                            const std::string& before) const {
    Fields query = {{"limit", std::to_string(kPage)}, {"types[]", "mention"}};
    if (!since.empty()) query.emplace_back("since_id", since);
    if (!before.empty()) query.emplace_back("max_id", before);
    return read(get("/api/v1/notifications", token, query), parse_notifications);
}

Asked<Status> MastodonApi::status(const std::string& token, const std::string& id) const {
    return read(get("/api/v1/statuses/" + encoded(id), token), parse_status);
}

Asked<std::vector<Status>> MastodonApi::statuses_of(const std::string& token,
                                                    const std::string& account_id) const {
    return read(get("/api/v1/accounts/" + encoded(account_id) + "/statuses", token,
                    {{"limit", kStatusesAtOnce}}),
                parse_statuses);
}

Asked<std::vector<Status>> MastodonApi::home(const std::string& token) const {
    return read(get("/api/v1/timelines/home", token, {{"limit", kStatusesAtOnce}}), parse_statuses);
}

Asked<Profile> MastodonApi::lookup(const std::string& token, const std::string& acct) const {
    return read(get("/api/v1/accounts/lookup", token, {{"acct", acct}}), parse_profile);
}

Asked<std::vector<Profile>> MastodonApi::search(const std::string& token,
                                                const std::string& acct) const {
    return read(get("/api/v2/search", token,
                    {{"q", '@' + acct}, {"type", "accounts"}, {"resolve", "true"}, {"limit", "5"}}),
                parse_found);
}

Asked<Status> MastodonApi::post_status(const std::string& token, const NewStatus& status) const {
    Fields form = {{"status", status.text}, {"visibility", status.to_all ? "public" : "direct"}};
    if (!status.in_reply_to_id.empty()) form.emplace_back("in_reply_to_id", status.in_reply_to_id);
    for (const std::string& id : status.media_ids) form.emplace_back("media_ids[]", id);
    return read(post("/api/v1/statuses", token, form, status.key), parse_status);
}

Asked<std::string> MastodonApi::upload(const std::string& token, const NewMedia& media) const {
    const std::string mark = "waypost" + short_hash(media.bytes);
    const std::string part = "--" + mark + "\r\nContent-Disposition: form-data; name=\"";
    AskRequest request;
    request.url = server_ + "/api/v2/media";
    request.header = {"Accept: application/json", "Authorization: Bearer " + token,
                      "Content-Type: multipart/form-data; boundary=" + mark};
    std::string body;
    if (!media.description.empty())
        body = part + "description\"\r\n\r\n" + media.description + "\r\n";
    body += part + "file\"; filename=\"" + media.name + "\"\r\nContent-Type: " + media.type +
            "\r\n\r\n" + media.bytes + "\r\n--" + mark + "--\r\n";
    request.body = std::move(body);
    return read(answer_to(request), parse_media);
}

}  // namespace waypost::activitypub::client
