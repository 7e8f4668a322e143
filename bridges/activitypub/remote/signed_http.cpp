// SPDX-License-Identifier: Apache-2.0
#include "bridges/activitypub/remote/signed_http.h"

#include <algorithm>

#include "gateway/message/text.h"

namespace waypost::activitypub {
namespace {

constexpr int kMostRedirects = 3;
constexpr std::size_t kAnswerBytes = 2048;  // of what is said to a POST
constexpr std::size_t kDetailBytes = 150;

// A signature that it does not know is unauthorised to one, and a bad request to another.
bool may_be_the_signature(int status) { return status == 400 || status == 401; }

bool is_redirect(const FetchAnswer& answer) {
    return answer.status >= 300 && answer.status < 400 && !answer.location.empty();
}

std::string says(const WebUrl& url, const FetchAnswer& answer) {
    return url.host + " says " + std::to_string(answer.status);
}

Error error_of(const WebUrl& url, const FetchAnswer& answer) {
    if (answer.status == 404 || answer.status == 410)
        return {Code::NotFound, says(url, answer), false};
    const bool passing = is_passing_status(answer.status);
    return {passing ? Code::Network : Code::Refused, says(url, answer), passing};
}

// A page for browsers tells nothing in one line.
std::string detail_of(const WebUrl& url, const FetchAnswer& answer) {
    if (answer.status < 300) return {};
    std::string detail = says(url, answer);
    const bool plain = answer.type == "text/plain" || answer.type == "application/json";
    if (plain && !is_blank(answer.body))
        detail += ": " + one_line(clean_title(cut_bytes(answer.body, kAnswerBytes)), kDetailBytes);
    return detail;
}

}  // namespace

Result<FetchAnswer> SignedHttp::ask_in(Flavour flavour, const Question& question,
                                       const Signer& as) const {
    AskRequest request{question.url.text, question.header, question.body, question.most_bytes};
    if (as.key != nullptr) {
        const std::string target = question.url.target();
        SignedMessage message;
        message.method = question.body ? "POST" : "GET";
        message.target = target;
        message.scheme = question.url.scheme;
        message.headers = {{"host", question.url.authority()},
                           {"content-type", std::string(kActivityJson)}};
        if (question.body) message.body = *question.body;
        const std::int64_t now = to_ms(clock_.wall()) / 1000;
        for (const auto& [name, value] : as.key->sign(message, flavour, as.key_id, now))
            request.header.push_back(name + ": " + value);
    }
    return fetcher_.ask(request);
}

Result<FetchAnswer> SignedHttp::ask(const Question& question, const Signer& as) const {
    const std::string host = question.url.authority();
    const Flavour first = hosts_.flavour(host);
    auto answer = ask_in(first, question, as);
    if (as.key == nullptr || !answer.ok() || !may_be_the_signature(answer->status)) return answer;
    const Flavour other = first == Flavour::Cavage ? Flavour::Rfc9421 : Flavour::Cavage;
    auto again = ask_in(other, question, as);
    if (!again.ok()) return answer;
    if (again->status < 400) hosts_.set_flavour(host, other);
    return again;
}

Result<Document> SignedHttp::get(const DocumentRequest& request) const {
    std::string next = request.url;
    for (int hop = 0; hop <= kMostRedirects; ++hop) {
        const auto url = parse_web_url(next);
        if (!url.ok()) return url.error();
        auto answer =
            ask({*url, {"Accept: " + request.accept}, {}, request.most_bytes}, request.as);
        if (!answer.ok()) return answer.error();
        if (is_redirect(*answer)) {
            next = answer->location;
            continue;
        }
        if (answer->status != 200) return error_of(*url, *answer);
        if (answer->cut)
            return Error{Code::TooLarge, "larger than " + short_size(request.most_bytes), false};
        if (std::find(request.types.begin(), request.types.end(), answer->type) ==
            request.types.end())
            return Error{Code::Refused, url->host + " gives " + answer->type + " for it", false};
        return Document{url->text, std::move(answer->body)};
    }
    return Error{Code::Refused, "it is redirected too often", false};
}

Posted SignedHttp::post(const std::string& inbox, const std::string& json, const Signer& as) const {
    Posted posted;
    const auto url = parse_web_url(inbox);
    if (!url.ok()) {
        posted.detail = url.error().text;
        return posted;
    }
    const auto answer =
        ask({*url, {"Content-Type: " + std::string(kActivityJson)}, json, kAnswerBytes}, as);
    if (!answer.ok()) {
        posted.detail = answer.error().text;
        return posted;
    }
    posted.status = answer->status;
    posted.clock_doubted = answer->status == 401 && !clock_.synchronised();
    posted.retry_after = answer->retry_after;
    posted.detail = detail_of(*url, *answer);
    return posted;
}

}  // namespace waypost::activitypub
