// SPDX-License-Identifier: Apache-2.0
#include <Poco/URI.h>

#include "bridges/activitypub/vocab/documents.h"
#include "bridges/activitypub/vocab/json_write.h"
#include "bridges/html/html_write.h"
#include "gateway/base/encoding.h"

namespace waypost::activitypub {
namespace {

constexpr const char* kVocabulary = "https://www.w3.org/ns/activitystreams";
constexpr const char* kSecurity = "https://w3id.org/security/v1";

Poco::JSON::Array::Ptr actor_context() {
    JsonWriter terms;
    terms.set("toot", "http://joinmastodon.org/ns#")
        .set("manuallyApprovesFollowers", "as:manuallyApprovesFollowers")
        .set("discoverable", "toot:discoverable")
        .set("indexable", "toot:indexable");
    Poco::JSON::Array::Ptr context = new Poco::JSON::Array;
    context->add(std::string(kVocabulary));
    context->add(std::string(kSecurity));
    context->add(terms.object());
    return context;
}

JsonWriter link(const std::string& rel, const std::string& type, const std::string& href) {
    JsonWriter made;
    made.set("rel", rel).set_if("type", type).set("href", href);
    return made;
}

}  // namespace

std::string OwnActor::id() const {
    std::string encoded;
    Poco::URI::encode(name, "/?#@:", encoded);
    return base + "/ap/" + encoded;
}

std::string actor_json(const OwnActor& actor, const OwnProfile& profile) {
    JsonWriter key;
    key.set("id", actor.key_id()).set("owner", actor.id()).set("publicKeyPem", profile.key_pem);
    JsonWriter endpoints;
    endpoints.set("sharedInbox", actor.shared_inbox());
    JsonWriter json;
    json.set("@context", actor_context())
        .set("id", actor.id())
        .set("type", profile.type)
        .set("preferredUsername", actor.name)
        .set("name", profile.display_name)
        .set("summary", text_to_html(profile.summary))
        .set("url", actor.id())
        .set("inbox", actor.inbox())
        .set("outbox", actor.outbox())
        .set("followers", actor.followers())
        .set("following", actor.following())
        .set("endpoints", endpoints)
        .set("manuallyApprovesFollowers", profile.locked)
        .set("discoverable", profile.discoverable)
        .set("indexable", profile.indexable)
        .set_time("published", profile.published)
        .set("publicKey", key);
    return json.text();
}

std::string webfinger_json(const OwnActor& actor) {
    JsonWriter json;
    json.set("subject", "acct:" + actor.acct())
        .set("aliases", std::vector<std::string>{actor.id()})
        .set("links", std::vector<JsonWriter>{
                          link("self", std::string(kActivityJson), actor.id()),
                          link("http://webfinger.net/rel/profile-page", "text/html", actor.id())});
    return json.text();
}

std::string nodeinfo_links_json(const std::string& base) {
    std::vector<JsonWriter> links;
    for (const std::string schema : {"2.0", "2.1"})
        links.push_back(link("http://nodeinfo.diaspora.software/ns/schema/" + schema, {},
                             base + "/nodeinfo/" + schema));
    JsonWriter json;
    json.set("links", links);
    return json.text();
}

std::string nodeinfo_json(const std::string& version, std::size_t users, std::size_t posts) {
    JsonWriter software;
    software.set("name", "waypost").set("version", WAYPOST_VERSION);
    JsonWriter services;
    services.set("inbound", std::vector<std::string>{}).set("outbound", std::vector<std::string>{});
    JsonWriter count;
    count.set("total", std::uint64_t{users});
    JsonWriter usage;
    usage.set("users", count).set("localPosts", std::uint64_t{posts});
    JsonWriter json;
    json.set("version", version)
        .set("software", software)
        .set("protocols", std::vector<std::string>{"activitypub"})
        .set("services", services)
        .set("openRegistrations", false)
        .set("usage", usage)
        .set("metadata", JsonWriter());
    return json.text();
}

std::string host_meta_xml(const std::string& base) {
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
           "<XRD xmlns=\"http://docs.oasis-open.org/ns/xri/xrd-1.0\">\n"
           "  <Link rel=\"lrdd\" type=\"application/jrd+json\" template=\"" +
           escape_html(base) + "/.well-known/webfinger?resource={uri}\"/>\n</XRD>\n";
}

}  // namespace waypost::activitypub
