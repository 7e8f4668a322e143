// SPDX-License-Identifier: Apache-2.0
#include <Poco/Exception.h>

#include "bridges/activitypub/vocab/documents.h"
#include "bridges/activitypub/vocab/json_read.h"
#include "bridges/activitypub/vocab/json_write.h"

namespace waypost::activitypub {
namespace {

constexpr const char* kVocabulary = "https://www.w3.org/ns/activitystreams";

// With the words of notes that the vocabulary itself does not have.
void set_note_context(JsonWriter& json) {
    JsonWriter terms;
    terms.set("ostatus", "http://ostatus.org#")
        .set("conversation", "ostatus:conversation")
        .set("sensitive", "as:sensitive");
    Poco::JSON::Array::Ptr context = new Poco::JSON::Array;
    context->add(std::string(kVocabulary));
    context->add(terms.object());
    json.set("@context", context);
}

std::vector<JsonWriter> tags_of(const OwnNote& note) {
    std::vector<JsonWriter> tags;
    for (const Mention& mention : note.mentions) {
        JsonWriter tag;
        tag.set("type", "Mention").set("href", mention.href).set_if("name", mention.name);
        tags.push_back(std::move(tag));
    }
    return tags;
}

// As Mastodon writes them: "name" is the description.
std::vector<JsonWriter> attachments_of(const OwnNote& note) {
    std::vector<JsonWriter> all;
    for (const OwnMedia& media : note.media) {
        JsonWriter one;
        one.set("type", "Document")
            .set("mediaType", media.type)
            .set("url", media.url)
            .set_if("name", media.description)
            .set("width", static_cast<std::uint64_t>(media.width))
            .set("height", static_cast<std::uint64_t>(media.height));
        all.push_back(std::move(one));
    }
    return all;
}

void set_words(JsonWriter& json, const OwnNote& note) {
    if (!note.warning.empty()) json.set("summary", note.warning);
    json.set("sensitive", !note.warning.empty()).set("content", note.content);
    if (!note.language.empty()) {
        JsonWriter languages;
        languages.set(note.language, note.content);
        json.set("contentMap", languages);
    }
    if (note.source.empty()) return;
    JsonWriter source;
    source.set("content", note.source).set("mediaType", "text/plain");
    json.set("source", source);
}

JsonWriter note_object(const OwnNote& note, JsonWriter json) {
    json.set("id", note.id)
        .set("type", "Note")
        .set("attributedTo", note.author.id())
        .set_if("inReplyTo", note.in_reply_to)
        .set_if("conversation", note.conversation)
        .set_time("published", note.published)
        .set("url", note.id)
        .set("to", note.to)
        .set("cc", note.cc);
    set_words(json, note);
    json.set("tag", tags_of(note));
    if (!note.media.empty()) json.set("attachment", attachments_of(note));
    return json;
}

JsonWriter activity(const std::string& id, const char* type, const std::string& actor) {
    JsonWriter json;
    json.set("@context", kVocabulary).set("id", id).set("type", type).set("actor", actor);
    return json;
}

JsonWriter follow(const std::string& id, const std::string& who, const std::string& whom) {
    JsonWriter json;
    return json.set("id", id).set("type", "Follow").set("actor", who).set("object", whom);
}

JsonWriter tombstone(const std::string& id, std::int64_t at) {
    JsonWriter json;
    return json.set("id", id).set("type", "Tombstone").set_time("deleted", at);
}

}  // namespace

std::string note_json(const OwnNote& note, bool with_context) {
    JsonWriter json;
    if (with_context) set_note_context(json);
    return note_object(note, std::move(json)).text();
}

std::string create_json(const OwnNote& note) {
    JsonWriter json;
    set_note_context(json);
    json.set("id", note.id + "#create").set("type", "Create").set("actor", note.author.id());
    json.set_time("published", note.published).set("to", note.to).set("cc", note.cc);
    return json.set("object", note_object(note, {})).text();
}

std::string delete_json(const OwnActor& actor, const std::string& note_id,
                        const std::vector<std::string>& to, std::int64_t at) {
    return activity(note_id + "#delete", "Delete", actor.id())
        .set_time("published", at)
        .set("to", to)
        .set("object", tombstone(note_id, at))
        .text();
}

std::string tombstone_json(const std::string& note_id, std::int64_t at) {
    JsonWriter json;
    json.set("@context", kVocabulary);
    return json.set("id", note_id).set("type", "Tombstone").set_time("deleted", at).text();
}

std::string follow_json(const OwnActor& actor, const std::string& id, const std::string& whom) {
    return activity(id, "Follow", actor.id())
        .set("object", whom)
        .set("to", std::vector<std::string>{whom})
        .text();
}

std::string undo_follow_json(const OwnActor& actor, const std::string& id,
                             const std::string& whom) {
    return activity(id + "#undo", "Undo", actor.id())
        .set("to", std::vector<std::string>{whom})
        .set("object", follow(id, actor.id(), whom))
        .text();
}

std::string answer_follow_json(const OwnActor& actor, bool accept, const std::string& id,
                               const Activity& asked) {
    return activity(id, accept ? "Accept" : "Reject", actor.id())
        .set("to", std::vector<std::string>{asked.actor})
        .set("object", follow(asked.id, asked.actor, asked.object))
        .text();
}

std::string collection_json(const std::string& id, std::size_t total,
                            const std::vector<std::string>& items, bool links) {
    Poco::JSON::Array::Ptr list = new Poco::JSON::Array;
    for (const std::string& item : items) {
        if (links) {
            list->add(item);
        } else if (auto json = read_json(item); json.ok()) {
            (*json)->remove("@context");  // stands above
            list->add(*json);
        }
    }
    JsonWriter json;
    set_note_context(json);
    json.set("id", id).set("type", "OrderedCollection").set("totalItems", std::uint64_t{total});
    if (total == 0 || !items.empty()) json.set("orderedItems", list);
    return json.text();
}

}  // namespace waypost::activitypub
