// SPDX-License-Identifier: Apache-2.0
#include "bridges/activitypub/pictures/media.h"

#include <algorithm>
#include <cstdlib>

#include "bridges/activitypub/vocab/json_read.h"
#include "bridges/activitypub/vocab/json_write.h"
#include "gateway/base/encoding.h"

namespace waypost::activitypub {
namespace {

constexpr char kEntry[] = "media/";        // name: when, how many bytes, of which note
constexpr char kBytes[] = "media-bytes/";  // name: the bytes, in base64
constexpr char kOf[] = "media-of/";        // id of a note: its pictures
constexpr std::string_view kEnding = ".jpg";
constexpr std::size_t kNameLetters = 32;

std::string write(const std::vector<Media::New>& pictures, const std::string& left_out) {
    std::vector<JsonWriter> list;
    for (const Media::New& each : pictures) {
        JsonWriter picture;
        picture.set("name", each.about.name)
            .set("description", each.about.description)
            .set("width", static_cast<std::uint64_t>(each.about.width))
            .set("height", static_cast<std::uint64_t>(each.about.height));
        list.push_back(std::move(picture));
    }
    JsonWriter json;
    return json.set("pictures", list).set("left_out", left_out).text();
}

NoteMedia read(const std::string& text) {
    NoteMedia media;
    const auto json = read_json(text);
    if (!json.ok()) return media;
    media.left_out = string_at(**json, "left_out");
    for (const JsonValue& value : values_at(**json, "pictures")) {
        const Json::Ptr picture = object_of(value);
        if (!picture) continue;
        media.pictures.push_back({string_at(*picture, "name"), string_at(*picture, "description"),
                                  static_cast<int>(integer_at(*picture, "width", 0)),
                                  static_cast<int>(integer_at(*picture, "height", 0))});
    }
    return media;
}

}  // namespace

struct Media::Entry {
    std::string name, note;
    std::int64_t at = 0;
    std::uint64_t bytes = 0;
};

bool Media::is_name(const std::string& name) {
    return name.size() == kNameLetters + kEnding.size() &&
           name.compare(kNameLetters, kEnding.size(), kEnding) == 0 &&
           name.find_first_not_of("0123456789abcdef") == kNameLetters;
}

std::vector<Media::Entry> Media::entries() const {
    std::vector<Entry> all;
    for (const auto& [key, text] : state_.with_prefix(kEntry)) {
        Entry entry;
        entry.name = key.substr(sizeof kEntry - 1);
        char* rest = nullptr;
        entry.at = std::strtoll(text.c_str(), &rest, 10);
        entry.bytes = std::strtoull(rest, &rest, 10);
        entry.note = *rest == ' ' ? rest + 1 : "";
        all.push_back(std::move(entry));
    }
    std::stable_sort(all.begin(), all.end(),
                     [](const Entry& a, const Entry& b) { return a.at < b.at; });
    return all;
}

void Media::put(const std::string& note_id, const std::vector<New>& pictures, std::int64_t now,
                std::uint64_t room, const std::string& left_out) {
    std::uint64_t sum = 0;
    for (const New& each : pictures) sum += each.bytes.size();
    if (!pictures.empty()) {
        const std::vector<Entry> all = entries();
        for (const Entry& each : all) sum += each.bytes;
        for (auto oldest = all.begin(); sum > room && oldest != all.end(); ++oldest) {
            erase(oldest->name);
            sum -= oldest->bytes;
        }
    }
    for (const New& each : pictures) {
        state_.put(kEntry + each.about.name,
                   std::to_string(now) + ' ' + std::to_string(each.bytes.size()) + ' ' + note_id);
        state_.put(kBytes + each.about.name, to_base64(each.bytes));
    }
    // Last: what is there by then is all of it.
    state_.put(kOf + note_id, write(pictures, left_out));
}

std::optional<NoteMedia> Media::of(const std::string& note_id) const {
    const auto text = state_.get(kOf + note_id);
    return text ? std::optional(read(*text)) : std::nullopt;
}

std::optional<std::string> Media::find(const std::string& name) const {
    if (!is_name(name)) return std::nullopt;
    const auto text = state_.get(kBytes + name);
    if (!text) return std::nullopt;
    auto bytes = from_base64(*text);
    return bytes.ok() ? std::optional(std::move(*bytes)) : std::nullopt;
}

void Media::erase(const std::string& name) {
    state_.erase(kEntry + name);
    state_.erase(kBytes + name);
}

void Media::forget(const std::string& note_id) {
    const auto media = of(note_id);
    if (!media) return;
    for (const OwnPicture& each : media->pictures) erase(each.name);
    state_.erase(kOf + note_id);
}

void Media::forget_unwritten(std::int64_t before,
                             const std::function<bool(const std::string& note_id)>& is_there) {
    for (const Entry& each : entries()) {
        if (each.at >= before || is_there(each.note)) continue;
        erase(each.name);
        state_.erase(kOf + each.note);
    }
}

}  // namespace waypost::activitypub
