// SPDX-License-Identifier: Apache-2.0
#include "bridges/activitypub/client/letters.h"

#include <algorithm>

#include "bridges/html/html_text.h"
#include "gateway/base/log.h"
#include "gateway/message/text.h"

namespace waypost::activitypub::client {
namespace {

constexpr std::int64_t kClocksDiffer = 3600;  // seconds, between the server and the box
constexpr char kUploadName[] = "picture.jpg";
constexpr std::string_view kNoWidth = "\xE2\x80\x8B";

bool is_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           static_cast<unsigned char>(c) >= 0x80;
}

// Neither punctuation, which servers take for their marks, nor white space.
std::string bones(std::string_view text) {
    std::string out;
    each_code_point(text, [&](std::int32_t value, std::string_view bytes) {
        if (bytes == kNoWidth) return;
        if (value >= 0x80 || (bytes.front() != '_' && is_word(bytes.front()))) out += bytes;
    });
    return out;
}

std::size_t letters_of(std::string_view text) {
    std::size_t count = 0;
    each_code_point(text, [&](std::int32_t, std::string_view) { ++count; });
    return count;
}

// As the account's server says it.
Outcome reported(Outcome::Kind kind, std::string code, std::string detail) {
    return outcome(kind, std::move(code), std::move(detail), ProofClass::Reported);
}

bool mentions(const SignedIn& in, const Status& status, const std::string& to) {
    return std::any_of(status.mentions.begin(), status.mentions.end(), [&](const Account& each) {
        return lower_ascii(in.whole(each.acct)) == lower_ascii(to);
    });
}

}  // namespace

std::string letter_text(const Delivery& delivery) {
    std::string text = delivery.text;
    if (!delivery.subject.empty() && !delivery.report) text = delivery.subject + "\n\n" + text;
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        out += text[i];
        const bool begins = text[i] == '@' && (i == 0 || !is_word(text[i - 1]));
        if (begins && i + 1 < text.size() && is_word(text[i + 1])) out += kNoWidth;
    }
    return out;
}

bool says_the_same(const Status& post, std::string_view text, const std::string& to) {
    HtmlPostOptions options;
    options.links = LinkForm::Whole;
    const std::string there = bones(html_post_to_text(post.note.content, options));
    const std::string wanted = bones(text);
    return there == bones(to) + wanted || there == bones(to.substr(0, to.find('@'))) + wanted;
}

Letters::Post Letters::post_of(const Delivery& delivery) const {
    const bool to_all = delivery.to == public_address(gate_.office.domain());
    Post post{to_all ? std::string() : delivery.to.value, letter_text(delivery),
              to_ms(delivery.written) / 1000 - kClocksDiffer};
    if (files_ == nullptr) return post;
    Attached attached = files_->of(delivery);
    const std::string language = gate_.language();
    const auto behind = [&](const std::string& said) {
        return post.text.empty() || said.empty() ? post.text + said : post.text + "\n\n" + said;
    };
    std::vector<Attachment> all = attached.left_out;
    for (const AttachedPicture& each : attached.pictures)
        all.push_back({each.file_name, "image/jpeg", each.picture.jpeg.size()});
    post.text_alone = behind(said_left_out(all, language));
    post.text = behind(said_left_out(attached.left_out, language));
    post.pictures = std::move(attached.pictures);
    return post;
}

NewStatus Letters::status_of(const Delivery& delivery, const Post& post, const WireId& wire) const {
    const bool to_all = post.to.empty();
    return {to_all ? post.text : '@' + post.to + ' ' + post.text, to_all, answered_by(delivery),
            wire};
}

// A server that takes none, or a token from before there were any: then its text names them.
std::optional<Problem> Letters::upload(const SignedIn& in, const Post& post, NewStatus& status) {
    for (const AttachedPicture& each : post.pictures) {
        const auto id = gate_.api.upload(
            in.token, {kUploadName, "image/jpeg", each.description, each.picture.jpeg});
        if (id.ok()) {
            status.media_ids.push_back(*id);
            continue;
        }
        const auto kind = id.problem().kind;
        if (kind != Problem::Kind::Refused && kind != Problem::Kind::NotThere) return id.problem();
        log(Level::Info, "fediverse-account", "picture-refused",
            {{"transport", gate_.transport}, {"why", id.problem().text}});
        status.media_ids.clear();
        status.text.replace(status.text.size() - post.text.size(), post.text.size(),
                            post.text_alone);
        return std::nullopt;
    }
    return std::nullopt;
}

Outcome Letters::send(const Delivery& delivery, const WireId& wire) {
    const auto in = session_.current();
    if (!in) return outcome(Outcome::Kind::NotTried, "account", session_.why());
    if (const auto pause = session_.pause(); pause.count() > 0) {
        Outcome later = outcome(Outcome::Kind::Retry, "429", "the server wants a pause");
        later.retry_after = pause;
        return later;
    }
    const Post post = post_of(delivery);
    const NewStatus status = status_of(delivery, post, wire);
    if (const std::size_t letters = letters_of(status.text); letters > in->most_letters)
        return outcome(Outcome::Kind::Failed, "552 5.3.4",
                       "too long: that server takes at most " + std::to_string(in->most_letters) +
                           " letters, it has " + std::to_string(letters));
    if (delivery.wire_id) {
        const auto before = sent_before(*in, post, wire);
        if (!before.ok()) return of_problem(before.problem());
        if (!before->empty()) {
            gate_.went.put(*before, wire);
            Outcome there = sent(post);
            there.detail = "it was there already";
            return there;
        }
    }
    return send_new(*in, post, status);
}

Outcome Letters::send_new(const SignedIn& in, const Post& post, NewStatus status) {
    if (!post.to.empty()) {
        const auto takes = readers_.takes_letters(in, post.to);
        if (!takes.ok()) return of_problem(takes.problem());
        if (!*takes)
            return outcome(Outcome::Kind::Failed, "550 5.7.1",
                           "wants no messages from other networks, its profile says");
    }
    if (const auto problem = upload(in, post, status)) return of_problem(*problem);
    const auto posted = gate_.api.post_status(in.token, status);
    if (!posted.ok()) return of_problem(posted.problem());
    gate_.went.put(posted->id, status.key);
    session_.went_well();
    if (!post.to.empty() && !mentions(in, *posted, post.to))
        return reported(Outcome::Kind::Failed, "550 5.1.1",
                        "the account's server finds nobody of that name");
    if (post.to.empty()) ++posts_;
    return sent(post);
}

Outcome Letters::sent(const Post& post) const {
    if (post.to.empty())
        return reported(Outcome::Kind::Sent, "published", "on the account's server");
    Outcome sent = reported(Outcome::Kind::Sent, "200", {});
    if (gate_.api.over_tls()) sent.privacy = Privacy::TlsVerified;
    return sent;
}

// The id of the status that it became; empty: none.
Asked<std::string> Letters::sent_before(const SignedIn& in, const Post& post, const WireId& wire) {
    if (std::string known = gate_.went.key_of(wire); !known.empty()) return known;
    for (const bool at_home : {false, true}) {
        // The first list of snac has no direct statuses, the second of Mastodon may have none.
        const auto list =
            at_home ? gate_.api.home(in.token) : gate_.api.statuses_of(in.token, in.own.id);
        if (!list.ok() && list.problem().kind == Problem::Kind::Refused) continue;
        if (!list.ok() && list.problem().kind == Problem::Kind::NotThere) continue;
        if (!list.ok()) return list.problem();
        for (const Status& each : *list) {
            const bool ours = each.account.id == in.own.id && each.note.published >= post.since &&
                              gate_.went.value_of(each.id).empty();
            const bool same_readers =
                post.to.empty() ? each.visibility == "public" : mentions(in, each, post.to);
            const bool same_text =
                says_the_same(each, post.text, post.to) ||
                (!post.pictures.empty() && says_the_same(each, post.text_alone, post.to));
            if (ours && same_readers && same_text) return each.id;
        }
    }
    return std::string();
}

// On this server; empty: it answers nothing there.
std::string Letters::answered_by(const Delivery& delivery) const {
    for (const std::string& reference : delivery.references) {
        if (std::string id = gate_.came.value_of(reference); !id.empty()) return id;
        if (std::string id = gate_.went.key_of(reference); !id.empty()) return id;
    }
    return {};
}

Outcome Letters::of_problem(const Problem& problem) {
    if (problem.kind != Problem::Kind::NotThere && problem.kind != Problem::Kind::Refused)
        session_.trouble(problem);
    const std::string code =
        problem.status == 0 ? std::string("network") : std::to_string(problem.status);
    switch (problem.kind) {
        case Problem::Kind::Later: {
            Outcome later = reported(Outcome::Kind::Retry, code, problem.text);
            later.retry_after = problem.retry_after;
            return later;
        }
        case Problem::Kind::NoToken:
            return outcome(Outcome::Kind::NotTried, "account", session_.why());
        case Problem::Kind::NotThere:
        case Problem::Kind::Refused:
            break;
    }
    // It has taken it, and said of it what makes no sense: looked for the next time.
    if (problem.status >= 200 && problem.status < 300)
        return reported(Outcome::Kind::Retry, code, problem.text);
    return reported(Outcome::Kind::Failed, code + " 5.7.1", problem.text);
}

}  // namespace waypost::activitypub::client
