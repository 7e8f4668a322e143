// SPDX-License-Identifier: Apache-2.0
#include "bridges/activitypub/vocab/activity.h"

#include "bridges/activitypub/vocab/actor_read.h"
#include "bridges/activitypub/vocab/json_read.h"
#include "bridges/activitypub/vocab/note_read.h"
#include "gateway/message/text.h"

namespace waypost::activitypub {
namespace {

constexpr std::size_t kContentBytes = 5000;

bool has_words(const std::string& type) {
    return type == "Create" || type == "Update" || type == "Announce";
}

Result<void> read_embedded(Activity& activity, const Json& object) {
    activity.object_type = type_of(object);
    if (!values_at(object, "object").empty()) {
        activity.object_actor = id_at(object, "actor");
        activity.object_of_object = id_at(object, "object");
        return {};
    }
    const bool is_note = has_words(activity.type) && activity.object_type != "Tombstone" &&
                         !is_actor_type(activity.object_type) && !activity.object_type.empty();
    if (!is_note) return {};
    auto note = note_of(object, activity.type == "Announce" ? std::string() : activity.actor);
    if (!note.ok()) {
        // What is announced can be fetched from where it is at home.
        if (activity.type == "Announce") return {};
        return note.error();
    }
    if (note->to.empty() && note->cc.empty()) {
        note->to = activity.to;
        note->cc = activity.cc;
    }
    activity.note = std::move(*note);
    return {};
}

Result<void> read_objects(Activity& activity, const Json& json) {
    const auto values = values_at(json, "object");
    for (const JsonValue& value : values) {
        std::string id = id_of(value);
        if (id.empty()) continue;
        if (activity.object.empty()) {
            activity.object = std::move(id);
        } else if (activity.type == "Flag") {
            activity.more_objects.push_back(std::move(id));
        }
    }
    const Json::Ptr embedded = values.empty() ? Json::Ptr() : object_of(values.front());
    return embedded ? read_embedded(activity, *embedded) : Result<void>();
}

}  // namespace

Result<Activity> parse_activity(std::string_view text) {
    const auto read = read_json(text);
    if (!read.ok()) return read.error();
    const Json& json = **read;
    Activity activity;
    activity.type = type_of(json);
    activity.id = id_of(json);
    activity.actor = id_at(json, "actor");
    if (activity.type.empty()) return bad_input("an activity without a type");
    if (activity.id.empty())
        return bad_input("an activity (" + activity.type + ") without an id that is a web address");
    if (activity.actor.empty())
        return bad_input("an activity (" + activity.type +
                         ") without an actor whose id is a web address");
    for (const char* key : {"to", "bto"}) append_ids(activity.to, json, key);
    for (const char* key : {"cc", "bcc", "audience"}) append_ids(activity.cc, json, key);
    activity.target = id_at(json, "target");
    activity.published = time_at(json, "published");
    std::string content = string_at(json, "content");
    if (content.empty()) content = string_at(json, "summary");  // of Flag, as Lemmy says it
    activity.content = one_line(clean_title(cut_bytes(content, 4 * kContentBytes)), kContentBytes);
    if (const auto objects = read_objects(activity, json); !objects.ok()) return objects.error();
    return activity;
}

}  // namespace waypost::activitypub
