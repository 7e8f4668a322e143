// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <functional>

#include "bridges/activitypub/vocab/note_read.h"
#include "bridges/html/html_write.h"
#include "gateway/message/text.h"

namespace waypost::activitypub {
namespace {

constexpr std::size_t kTitleBytes = 1000;
constexpr std::size_t kDescriptionBytes = 5000;
constexpr std::size_t kMostLanguages = 20;

std::string plain(std::string_view text, std::size_t most = kTitleBytes) {
    return one_line(clean_title(cut_bytes(text, 4 * most)), most);
}

bool is_language(const std::string& tag) {
    return tag.size() >= 2 && tag.size() <= 35 && tag != "und" &&
           std::all_of(tag.begin(), tag.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                      c == '-';
           });
}

// "content", or else what "contentMap" has first.
std::string text_at(const Json& json, const std::string& key) {
    std::string text = string_at(json, key);
    if (!text.empty()) return text;
    const Json::Ptr map = object_at(json, key + "Map");
    if (!map) return {};
    for (const auto& [language, value] : *map) {
        if (value.isString()) return value.extract<std::string>();
    }
    return {};
}

// Of the languages that it says which belongs to `text`.
std::string language_of(const Json& json, const std::string& text) {
    const Json::Ptr map = object_at(json, "contentMap");
    if (map) {
        for (const auto& [language, value] : *map) {
            const bool same = value.isString() && value.extract<std::string>() == text;
            if ((same || map->size() == 1) && is_language(language)) return language;
        }
    }
    const Json::Ptr named = object_at(json, "language");  // as Lemmy says it
    const std::string tag = named ? string_at(*named, "identifier") : std::string();
    return is_language(tag) ? tag : std::string();
}

// PeerTube writes Markdown, and says so.
std::string html_at(const Json& json, const std::string& text) {
    const std::string type = string_at(json, "mediaType");
    return type == "text/markdown" || type == "text/plain" ? text_to_html(text) : text;
}

// Null: there are enough.
NoteWords* words_in(Note& note, const std::string& language) {
    const auto found =
        std::find_if(note.others.begin(), note.others.end(),
                     [&](const NoteWords& each) { return each.language == language; });
    if (found != note.others.end()) return &*found;
    if (note.others.size() == kMostLanguages) return nullptr;
    return &note.others.emplace_back(NoteWords{language, {}, {}, {}});
}

// Of "contentMap" and its like: each language in which it says the same.
using UseWords = std::function<void(NoteWords&, const std::string&)>;
void each_language(Note& note, const Json& json, const char* key, const UseWords& use) {
    const Json::Ptr map = object_at(json, key);
    if (!map) return;
    for (const auto& [tag, value] : *map) {
        if (!is_language(tag) || !value.isString()) continue;
        if (NoteWords* words = words_in(note, lower_ascii(tag)))
            use(*words, value.extract<std::string>());
    }
}

// A channel and a person may share it: then the person.
std::string author_of(const Json& json) {
    for (const JsonValue& value : values_at(json, "attributedTo")) {
        const Json::Ptr object = object_of(value);
        if (object && type_of(*object) == "Person" && !id_of(*object).empty())
            return id_of(*object);
    }
    const std::string author = id_at(json, "attributedTo");
    return author.empty() ? id_at(json, "actor") : author;  // "actor": messages of Pleroma's chats
}

std::string page_of(const Json& json) {
    const auto links = links_at(json, "url");
    const auto page = std::find_if(links.begin(), links.end(),
                                   [](const JsonLink& link) { return link.type == "text/html"; });
    if (page != links.end()) return page->href;
    return links.empty() ? std::string() : links.front().href;
}

// It may be no URL: "tag:social.example,2026-05-03:objectId=12:objectType=Conversation".
std::string conversation_of(const Json& json) {
    for (const char* key : {"conversation", "context"}) {
        std::string text = string_at(json, key);
        if (text.empty()) text = id_at(json, key);
        if (!text.empty() && text.size() <= 2048 && clean_name(text) == text) return text;
    }
    return {};
}

std::vector<Mention> mentions_of(const Json& json) {
    std::vector<Mention> mentions;
    for (const JsonValue& value : values_at(json, "tag")) {
        const Json::Ptr tag = object_of(value);
        if (!tag || type_of(*tag) != "Mention") continue;
        const std::string href = string_at(*tag, "href");
        if (is_id(href)) mentions.push_back({href, plain(string_at(*tag, "name"), 320)});
    }
    return mentions;
}

std::string media_type(const Json& json, const std::string& of_link) {
    std::string type = string_at(json, "mediaType");
    if (type.empty()) type = of_link;
    type = clean_name(cut_bytes(type.substr(0, type.find(';')), 100));
    if (!type.empty()) return lower_ascii(type);
    const std::string kind = type_of(json);
    if (kind == "Image") return "image/*";
    if (kind == "Video") return "video/*";
    if (kind == "Audio") return "audio/*";
    return kind == "Link" ? "text/html" : "";
}

MediaLink media_of(const JsonValue& value) {
    const Json::Ptr object = object_of(value);
    auto links = links_of(value);
    if (object && links.empty()) links = links_at(*object, "url");
    if (links.empty()) return {};
    if (!object) return {links.front().href, {}, {}};
    std::string description = plain(text_at(*object, "name"), kDescriptionBytes);
    if (description.empty()) description = plain(text_at(*object, "summary"), kDescriptionBytes);
    return {links.front().href, media_type(*object, links.front().type), std::move(description)};
}

std::vector<MediaLink> all_media_of(const Json& json) {
    std::vector<MediaLink> media;
    for (const JsonValue& value : values_at(json, "attachment")) {
        MediaLink one = media_of(value);
        if (!one.url.empty()) media.push_back(std::move(one));
    }
    return media;
}

void read_choices(Note& note, const Json& json) {
    note.several = json.has("anyOf") && !json.isNull("anyOf");
    note.ends = time_at(json, "endTime");
    note.closed = is_true_at(json, "closed") || time_at(json, "closed") > 0;
    for (const JsonValue& value : values_at(json, note.several ? "anyOf" : "oneOf")) {
        const Json::Ptr choice = object_of(value);
        if (!choice) continue;
        const std::string name = plain(text_at(*choice, "name"), 300);
        if (name.empty()) continue;
        const Json::Ptr replies = object_at(*choice, "replies");
        const auto votes = replies ? integer_at(*replies, "totalItems", -1) : -1;
        note.choices.push_back({name, std::max<std::int64_t>(votes, -1)});
    }
}

void read_words(Note& note, const Json& json) {
    const std::string content = text_at(json, "content");
    const std::string summary = text_at(json, "summary");
    note.language = language_of(json, content);
    note.content = html_at(json, content);
    note.title = plain(text_at(json, "name"));
    note.sensitive = is_true_at(json, "sensitive");
    each_language(note, json, "contentMap", [&](NoteWords& words, const std::string& text) {
        words.content = html_at(json, text);
    });
    each_language(note, json, "nameMap",
                  [](NoteWords& words, const std::string& text) { words.title = plain(text); });
    // The summary of an Article is one: what it is about.
    if (note.sensitive || note.type == "Note" || note.type == "Question") {
        note.warning = plain(summary);
        each_language(note, json, "summaryMap", [](NoteWords& words, const std::string& text) {
            words.warning = plain(text);
        });
    } else if (content.empty()) {
        note.content = summary;
    }
}

}  // namespace

Result<Note> note_of(const Json& json, const std::string& author) {
    Note note;
    note.id = id_of(json);
    note.type = type_of(json);
    note.attributed_to = author_of(json);
    if (note.attributed_to.empty()) note.attributed_to = author;
    if (note.id.empty()) return bad_input("an object without an id that is a web address");
    if (note.type.empty()) return bad_input("an object without a type: " + note.id);
    if (note.attributed_to.empty()) return bad_input("an object without an author: " + note.id);
    read_words(note, json);
    note.url = page_of(json);
    note.in_reply_to = id_at(json, "inReplyTo");
    note.conversation = conversation_of(json);
    note.published = time_at(json, "published");
    note.updated = time_at(json, "updated");
    for (const char* key : {"to", "bto"}) append_ids(note.to, json, key);
    for (const char* key : {"cc", "bcc", "audience"}) append_ids(note.cc, json, key);
    note.mentions = mentions_of(json);
    note.media = all_media_of(json);
    read_choices(note, json);
    return note;
}

Result<Note> parse_note(std::string_view text) {
    const auto json = read_json(text);
    if (!json.ok()) return json.error();
    return note_of(**json, {});
}

Visibility visibility(const Note& note, std::string_view followers) {
    const auto has = [](const std::vector<std::string>& ids, std::string_view id) {
        return std::find(ids.begin(), ids.end(), id) != ids.end();
    };
    const auto is_followers = [&](std::string_view id) {
        constexpr std::string_view kEnd = "/followers";
        if (!followers.empty()) return id == followers;
        return id.size() > kEnd.size() && id.substr(id.size() - kEnd.size()) == kEnd;
    };
    if (has(note.to, kPublic)) return Visibility::Public;
    if (has(note.cc, kPublic)) return Visibility::Unlisted;
    const bool to_followers = std::any_of(note.to.begin(), note.to.end(), is_followers) ||
                              std::any_of(note.cc.begin(), note.cc.end(), is_followers);
    return to_followers ? Visibility::FollowersOnly : Visibility::Direct;
}

}  // namespace waypost::activitypub
