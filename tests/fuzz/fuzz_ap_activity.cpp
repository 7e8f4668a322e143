// SPDX-License-Identifier: Apache-2.0
// Whatever comes as a document of the fediverse: what is taken from it is text and web addresses,
// and what is composed of it can be read again.
#include <cstdint>
#include <cstdlib>

#include "bridges/activitypub/vocab/documents.h"
#include "bridges/activitypub/vocab/note_text.h"
#include "gateway/message/text.h"

namespace {

using namespace waypost::activitypub;

void check(bool right) {
    if (!right) std::abort();
}

void check_id(const std::string& id) {
    check(id.rfind("https://", 0) == 0 || id.rfind("http://", 0) == 0);
    check(id.size() <= 2048 && id.find_first_of(std::string(" \t\r\n\"<>\0", 8)) == id.npos);
}

void check_if_any(const std::string& id) {
    if (!id.empty()) check_id(id);
}

void check_words(const std::string& text) {
    check(waypost::is_utf8(text) && waypost::clean_utf8(text) == text);
}

void check_line(const std::string& text) {
    check_words(text);
    check(text.find('\n') == text.npos);
}

void check_note(const Note& note) {
    check_id(note.id);
    check_id(note.attributed_to);
    for (const auto* id : {&note.url, &note.in_reply_to}) check_if_any(*id);
    for (const auto* list : {&note.to, &note.cc}) {
        for (const std::string& id : *list) check_id(id);
    }
    for (const auto* line : {&note.type, &note.title, &note.warning, &note.language})
        check_line(*line);
    for (const Mention& mention : note.mentions) check_id(mention.href);
    for (const MediaLink& media : note.media) check_id(media.url);
    check(waypost::is_utf8(note.content));
    check(note.published >= 0 && note.updated >= 0 && note.ends >= 0);
    for (const NoteWords& words : note.others) {
        for (const auto* line : {&words.language, &words.title, &words.warning}) check_line(*line);
        check(waypost::is_utf8(words.content));
    }
    (void)visibility(note);
    NoteTextOptions options;
    options.most = 2000;
    options.known_mentions = note.to;
    for (const auto form : {waypost::LinkForm::Short, waypost::LinkForm::Whole}) {
        options.links = form;
        options.words = &waypost::catalogue(form == waypost::LinkForm::Short ? "en" : "ar");
        const std::string text = note_text(note, options);
        check_words(text);
        check(text.size() <= options.most);
    }
}

// What it says goes out again as ours.
void check_again(const Note& note) {
    OwnNote own;
    own.author = {"https://hill.example", "hill.example", "ana"};
    own.id = note.id;
    own.content = note.content;
    own.warning = note.warning;
    own.mentions = note.mentions;
    own.to = note.to;
    own.published = note.published;
    const std::string json = create_json(own);
    const auto read = parse_activity(json);
    if (json.size() > kMostActivityBytes) return;
    check(read.ok() && read->note.has_value());
    check(read->note->content == waypost::clean_utf8(note.content) && read->to == note.to);
}

void check_actor(const Actor& actor) {
    check_id(actor.id);
    for (const auto* id : {&actor.inbox, &actor.outbox, &actor.shared_inbox, &actor.followers,
                           &actor.key_id, &actor.ed25519_id, &actor.moved_to, &actor.url}) {
        check_if_any(*id);
    }
    check_line(actor.name);
    check_line(actor.preferred_username);
    check(actor.preferred_username.find_first_of("@/ ") == std::string::npos);
}

void check_activity(const Activity& activity) {
    check_id(activity.id);
    check_id(activity.actor);
    for (const auto* id :
         {&activity.object, &activity.object_actor, &activity.object_of_object, &activity.target}) {
        check_if_any(*id);
    }
    check_line(activity.type);
    check_line(activity.content);
    const OwnActor ana{"https://hill.example", "hill.example", "ana"};
    const auto answer =
        parse_activity(answer_follow_json(ana, true, "https://hill.example/1", activity));
    check(answer.ok() && answer->object == activity.id && answer->object_actor == activity.actor);
    if (!activity.note) return;
    check_note(*activity.note);
    check_again(*activity.note);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    if (const auto activity = parse_activity(bytes); activity.ok()) check_activity(*activity);
    if (const auto actor = parse_actor(bytes); actor.ok()) check_actor(*actor);
    if (const auto note = parse_note(bytes); note.ok()) check_note(*note);
    if (const auto key = parse_key(bytes, "https://social.example/users/bob#main-key"); key.ok())
        check_id(key->owner);
    return 0;
}
