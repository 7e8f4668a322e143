// SPDX-License-Identifier: Apache-2.0
#include "bridges/activitypub/client/mastodon_json.h"

#include <algorithm>

#include "bridges/activitypub/client/pkce.h"
#include "bridges/activitypub/vocab/json_read.h"
#include "bridges/activitypub/vocab/no_bridge.h"
#include "gateway/message/text.h"

namespace waypost::activitypub::client {
namespace {

constexpr std::size_t kLongestId = 200;
constexpr std::size_t kLongestSecret = 4096;
constexpr std::size_t kNameBytes = 60;
constexpr std::size_t kRefusalBytes = 200;
constexpr std::size_t kMostMedia = 16;
constexpr std::int64_t kFewestLetters = 50;
constexpr std::int64_t kMostLetters = 1'000'000;

// Of printable ASCII.
bool is_one_word(std::string_view text, std::size_t most) {
    return !text.empty() && text.size() <= most &&
           std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

std::string id_at(const Json& json, const std::string& key) {
    std::string id = string_at(json, key);
    return is_client_id(id) ? id : std::string();
}

// Goes into a header and a file.
bool is_secret(std::string_view text) { return is_one_word(text, kLongestSecret); }

std::optional<Account> account_of(const Json& json) {
    Account account;
    account.id = id_at(json, "id");
    account.acct = string_at(json, "acct");
    account.name = one_line(clean_name(string_at(json, "display_name")), kNameBytes);
    account.url = string_at(json, "url");
    if (!is_id(account.url)) account.url.clear();
    if (account.id.empty() || account.acct.empty() || account.acct.size() > kLongestId)
        return std::nullopt;
    return account;
}

std::optional<Profile> profile_of(const Json& json) {
    auto account = account_of(json);
    if (!account) return std::nullopt;
    Profile profile{std::move(*account), has_no_bridge(string_at(json, "display_name")) ||
                                             html_has_no_bridge(string_at(json, "note"))};
    for (const JsonValue& value : values_at(json, "fields")) {
        const Json::Ptr field = object_of(value);
        if (field && (has_no_bridge(string_at(*field, "name")) ||
                      html_has_no_bridge(string_at(*field, "value"))))
            profile.no_bridge = true;
    }
    return profile;
}

std::string media_type(const std::string& type) {
    if (type == "gifv") return "video/*";
    if (type == "image" || type == "video" || type == "audio") return type + "/*";
    return "application/octet-stream";
}

void read_media(const Json& json, Note& note) {
    for (const JsonValue& value : values_at(json, "media_attachments")) {
        const Json::Ptr one = object_of(value);
        if (!one || note.media.size() >= kMostMedia) continue;
        note.media.push_back({string_at(*one, "url"), media_type(string_at(*one, "type")),
                              clean_utf8(string_at(*one, "description"))});
    }
}

void read_poll(const Json& json, Note& note) {
    const Json::Ptr poll = object_at(json, "poll");
    if (!poll) return;
    note.several = is_true_at(*poll, "multiple");
    note.ends = time_at(*poll, "expires_at");
    note.closed = is_true_at(*poll, "expired");
    for (const JsonValue& value : values_at(*poll, "options")) {
        if (const Json::Ptr one = object_of(value))
            note.choices.push_back(
                {clean_utf8(string_at(*one, "title")), integer_at(*one, "votes_count", -1)});
    }
}

std::optional<Status> status_of(const Json& json) {
    Status status;
    status.id = id_at(json, "id");
    status.uri = string_at(json, "uri");
    const Json::Ptr by = object_at(json, "account");
    const auto account = by ? account_of(*by) : std::nullopt;
    if (status.id.empty() || !is_id(status.uri) || !account) return std::nullopt;
    status.account = *account;
    status.in_reply_to_id = id_at(json, "in_reply_to_id");
    status.visibility = clean_name(cut_bytes(string_at(json, "visibility"), kNameBytes));
    for (const JsonValue& value : values_at(json, "mentions")) {
        const Json::Ptr one = object_of(value);
        if (auto mentioned = one ? account_of(*one) : std::nullopt)
            status.mentions.push_back(std::move(*mentioned));
    }
    Note& note = status.note;
    note.type = "Note";
    note.id = status.uri;
    note.content = string_at(json, "content");
    note.warning = clean_utf8(string_at(json, "spoiler_text"));
    note.published = time_at(json, "created_at");
    read_media(json, note);
    read_poll(json, note);
    return status;
}

// A list has no place of its own in what vocab/ reads.
Result<std::vector<JsonValue>> read_list(std::string_view text) {
    const auto json = read_json("{\"list\":" + std::string(text) + '}');
    if (!json.ok()) return json.error();
    if (!(*json)->isArray("list")) return bad_input("the answer is no list");
    return values_at(**json, "list");
}

// "wss://streaming.social.example": the same place is asked by HTTP.
std::string streaming_of(std::string url) {
    if (url.rfind("wss://", 0) == 0 || url.rfind("ws://", 0) == 0) url.replace(0, 2, "http");
    while (!url.empty() && url.back() == '/') url.pop_back();
    return is_id(url) ? url : std::string();
}

template <class Read>
auto read_one(std::string_view text, const char* what, Read read)
    -> Result<typename decltype(read(std::declval<const Json&>()))::value_type> {
    const auto json = read_json(text);
    if (!json.ok()) return json.error();
    auto one = read(**json);
    if (!one) return bad_input(std::string("the answer is no ") + what);
    return std::move(*one);
}

std::size_t letters(std::int64_t said) {
    return static_cast<std::size_t>(std::clamp(said, kFewestLetters, kMostLetters));
}

// Some give a URL for a name.
std::string domain_of(std::string text) {
    if (const std::size_t at = text.find("://"); at != std::string::npos) text.erase(0, at + 3);
    return lower_ascii(text.substr(0, text.find('/')));
}

}  // namespace

bool is_client_id(std::string_view text) { return is_one_word(text, kLongestId); }

Result<AppKeys> parse_app(std::string_view json) {
    return read_one(json, "registration", [](const Json& object) -> std::optional<AppKeys> {
        AppKeys keys{string_at(object, "client_id"), string_at(object, "client_secret"),
                     string_at(object, "code_verifier")};
        if (!is_pkce_verifier(keys.verifier)) keys.verifier.clear();
        if (!is_secret(keys.id) || !is_secret(keys.secret)) return std::nullopt;
        return keys;
    });
}

Result<std::string> parse_token(std::string_view json) {
    return read_one(json, "token", [](const Json& object) -> std::optional<std::string> {
        std::string token = string_at(object, "access_token");
        return is_secret(token) ? std::optional(token) : std::nullopt;
    });
}

Result<std::string> parse_media(std::string_view json) {
    return read_one(json, "file", [](const Json& object) -> std::optional<std::string> {
        std::string id = string_at(object, "id");
        return is_client_id(id) ? std::optional(id) : std::nullopt;
    });
}

Result<Account> parse_account(std::string_view json) {
    return read_one(json, "account", account_of);
}

Result<Profile> parse_profile(std::string_view json) {
    return read_one(json, "account", profile_of);
}

Result<std::vector<Profile>> parse_found(std::string_view json) {
    const auto found = read_json(json);
    if (!found.ok()) return found.error();
    if (!(*found)->isArray("accounts")) return bad_input("the answer is no result of a search");
    std::vector<Profile> all;
    for (const JsonValue& value : values_at(**found, "accounts")) {
        const Json::Ptr one = object_of(value);
        if (auto profile = one ? profile_of(*one) : std::nullopt)
            all.push_back(std::move(*profile));
    }
    return all;
}

Result<Instance> parse_instance(std::string_view json) {
    return read_one(json, "instance", [](const Json& object) -> std::optional<Instance> {
        Instance instance;
        const std::string domain = string_at(object, "domain");
        instance.domain = domain_of(domain.empty() ? string_at(object, "uri") : domain);
        if (instance.domain.empty()) return std::nullopt;
        // Pleroma's own place for it.
        std::int64_t most = integer_at(object, "max_toot_chars", 500);
        if (const Json::Ptr urls = object_at(object, "urls"))
            instance.streaming = streaming_of(string_at(*urls, "streaming_api"));
        if (const Json::Ptr all = object_at(object, "configuration")) {
            if (const Json::Ptr statuses = object_at(*all, "statuses"))
                most = integer_at(*statuses, "max_characters", most);
            if (const Json::Ptr urls = object_at(*all, "urls"))
                instance.streaming = streaming_of(string_at(*urls, "streaming"));
        }
        instance.most_letters = letters(most);
        return instance;
    });
}

Result<Status> parse_status(std::string_view json) { return read_one(json, "status", status_of); }

Result<std::vector<Status>> parse_statuses(std::string_view json) {
    const auto list = read_list(json);
    if (!list.ok()) return list.error();
    std::vector<Status> all;
    for (const JsonValue& value : *list) {
        const Json::Ptr one = object_of(value);
        if (auto status = one ? status_of(*one) : std::nullopt) all.push_back(std::move(*status));
    }
    return all;
}

Result<std::vector<Notification>> parse_notifications(std::string_view json) {
    const auto list = read_list(json);
    if (!list.ok()) return list.error();
    std::vector<Notification> all;
    for (const JsonValue& value : *list) {
        const Json::Ptr one = object_of(value);
        if (!one) continue;
        Notification each;
        each.id = id_at(*one, "id");
        if (each.id.empty()) continue;
        each.type = clean_name(cut_bytes(string_at(*one, "type"), kNameBytes));
        if (const Json::Ptr status = object_at(*one, "status")) each.status = status_of(*status);
        all.push_back(std::move(each));
    }
    return all;
}

std::string parse_refusal(std::string_view json) {
    const auto object = read_json(json);
    if (!object.ok()) return {};
    std::string says = string_at(**object, "error_description");
    if (says.empty()) says = string_at(**object, "error");
    return one_line(clean_utf8(says), kRefusalBytes);
}

}  // namespace waypost::activitypub::client
