// SPDX-License-Identifier: Apache-2.0
#include "bridges/activitypub/pages.h"

#include <algorithm>

#include "bridges/activitypub/pictures/media.h"
#include "bridges/activitypub/signer.h"
#include "bridges/html/html_write.h"
#include "gateway/base/encoding.h"
#include "gateway/message/text.h"

namespace waypost::activitypub {
namespace {

constexpr std::string_view kActors = "/ap/";
constexpr std::string_view kNotes = "notes/";
constexpr std::string_view kMedia = "/ap/media/";
constexpr char kJson[] = "application/activity+json; charset=utf-8";
constexpr char kJrd[] = "application/jrd+json";
constexpr std::size_t kOutboxItems = 20;

Answer answer(int status, std::string type, std::string body) {
    Answer a;
    a.status = status;
    a.type = std::move(type);
    a.body = std::move(body);
    a.headers["Vary"] = "Accept";
    return a;
}

Answer missing() { return plain_answer(404, "not here"); }

Answer json(std::string body, int status = 200) { return answer(status, kJson, std::move(body)); }

bool wants_page(const Request& request) {
    const std::string accept = lower_ascii(request.header("accept"));
    return accept.find("json") == std::string::npos && accept.find("html") != std::string::npos;
}

// What nobody asked to be searched says so to machines that look at pages for browsers.
Answer page(const std::string& title, const std::string& body, bool listed) {
    Answer a = answer(200, "text/html; charset=utf-8",
                      "<!doctype html><html><head><meta charset=\"utf-8\"><title>" +
                          escape_html(title) + "</title></head><body>" + body + "</body></html>\n");
    a.headers["Content-Security-Policy"] = "default-src 'none'";
    a.headers["X-Content-Type-Options"] = "nosniff";
    if (!listed) a.headers["X-Robots-Tag"] = "noindex, nofollow";
    return a;
}

}  // namespace

Answer Pages::get(const Request& request) {
    const std::string& path = request.path;
    if (path == "/.well-known/webfinger") return webfinger(request);
    if (path == "/.well-known/host-meta")
        return answer(200, "application/xrd+xml; charset=utf-8", host_meta_xml(gate_.site.base()));
    if (path == "/.well-known/nodeinfo")
        return answer(200, "application/json", nodeinfo_links_json(gate_.site.base()));
    if (path == "/nodeinfo/2.1" || path == "/nodeinfo/2.0")
        return answer(
            200, "application/json",
            nodeinfo_json(path.substr(path.size() - 3), gate_.people.persons().size(), 0));
    if (path.rfind(kMedia, 0) == 0 && Media::is_name(path.substr(kMedia.size())))
        return media(path.substr(kMedia.size()));
    if (path.substr(0, kActors.size()) != kActors) return missing();
    const std::string rest = path.substr(kActors.size());
    const std::size_t slash = rest.find('/');
    const std::string name = rest.substr(0, slash);
    if (!gate_.is_actor(name)) return missing();
    if (slash == std::string::npos) return actor(request, name);
    const std::string below = rest.substr(slash + 1);
    if (below.rfind(kNotes, 0) == 0) return note(request, gate_.site.url_of_path(path));
    return collection(request, name, below);
}

// To whoever knows the name: servers fetch pictures unsigned, also those of letters. What it shows
// never changes.
Answer Pages::media(const std::string& name) const {
    auto bytes = Media(gate_.state).find(name);
    if (!bytes) return missing();
    Answer a;
    a.type = kMediaType;
    a.body = std::move(*bytes);
    a.headers["Cache-Control"] = "public, max-age=31536000, immutable";
    a.headers["Content-Security-Policy"] = "default-src 'none'";
    a.headers["Access-Control-Allow-Origin"] = "*";
    return a;
}

Answer Pages::webfinger(const Request& request) const {
    const auto found = request.query.find("resource");
    if (found == request.query.end()) return plain_answer(400, "ask ?resource=acct:NAME@DOMAIN");
    std::string name = gate_.site.name_of(found->second);
    if (found->second.rfind("acct:", 0) == 0) {
        const std::string account = lower_ascii(found->second.substr(5));
        const std::size_t at = account.rfind('@');
        const std::string domain = at == std::string::npos ? "" : account.substr(at + 1);
        if (domain == gate_.site.domain() || domain == gate_.site.host())
            name = account.substr(account[0] == '@' ? 1 : 0, at - (account[0] == '@' ? 1 : 0));
    }
    if (name.empty() || !gate_.is_actor(name)) return missing();
    Answer a = answer(200, kJrd, webfinger_json(gate_.site.actor(name)));
    a.headers["Access-Control-Allow-Origin"] = "*";
    return a;
}

std::string Pages::signer(const Request& request) const {
    if (request.header("signature").empty()) return {};
    Remote::Visit visit;
    const auto actor = signer_of(gate_, request, visit);
    return actor.ok() && gate_.allowed(actor->id) ? actor->id : std::string();
}

bool Pages::may_look(const Request& request) const {
    return !gate_.policy.authorised_fetch || !signer(request).empty();
}

// The box's own is open to all, or two servers that ask for signatures would never meet.
Answer Pages::actor(const Request& request, const std::string& name) const {
    const OwnProfile profile = gate_.profile(name);
    if (wants_page(request))
        return page(profile.display_name,
                    "<h1>" + escape_html(profile.display_name) + "</h1><p>@" +
                        escape_html(gate_.site.actor(name).acct()) + "</p><p>" +
                        escape_html(profile.summary) + "</p>",
                    profile.indexable);
    if (name != gate_.site.domain() && !may_look(request))
        return plain_answer(401, "sign your request");
    return json(actor_json(gate_.site.actor(name), profile));
}

Answer Pages::note(const Request& request, const std::string& id) const {
    const auto post = gate_.posts.find(id);
    if (!post) return missing();
    if (post->gone != 0) return json(tombstone_json(id, post->gone), 410);
    if (!post->open || gate_.policy.authorised_fetch) {
        const std::string who = signer(request);
        const auto& readers = post->readers;
        const bool may = post->open
                             ? !who.empty()
                             : std::find(readers.begin(), readers.end(), who) != readers.end();
        if (!may && post->open) return plain_answer(401, "sign your request");
        if (!may) return missing();
    }
    if (wants_page(request)) {
        const auto read = parse_note(post->json);
        const bool listed = gate_.profile(gate_.site.author_of(id)).indexable;
        return read.ok() ? page("Note", clean_html(read->content), listed) : missing();
    }
    return json(post->json);
}

Answer Pages::collection(const Request& request, const std::string& name,
                         const std::string& which) const {
    const OwnActor ours = gate_.site.actor(name);
    if (!may_look(request)) return plain_answer(401, "sign your request");
    if (which == "followers")
        return json(collection_json(ours.followers(), gate_.followers.count(name), {}, true));
    if (which == "following") return json(collection_json(ours.following(), 0, {}, true));
    if (which != "outbox") return missing();
    std::vector<std::string> items = gate_.posts.open(name);
    const std::size_t total = items.size();
    items.resize(std::min(total, kOutboxItems));
    return json(collection_json(ours.outbox(), total, items, true));
}

}  // namespace waypost::activitypub
