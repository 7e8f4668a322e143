// SPDX-License-Identifier: Apache-2.0
#include "bridges/activitypub/vocab/note_text.h"

#include <algorithm>
#include <array>
#include <ctime>

#include "bridges/html/link_text.h"
#include "gateway/base/time_parts.h"
#include "gateway/message/text.h"

namespace waypost::activitypub {
namespace {

constexpr std::size_t kMostDescribed = 16;  // of each kind

struct Kind {
    std::string_view type;  // how its media type begins; empty: any other
    std::string_view name;  // in the catalogues
};
constexpr std::array<Kind, 4> kKinds = {Kind{"image/", "post_pictures"},
                                        Kind{"video/", "post_films"},
                                        Kind{"audio/", "post_recordings"}, Kind{"", "post_files"}};

const Catalogue& words_of(const NoteTextOptions& options) {
    return options.words != nullptr ? *options.words : catalogue("en");
}

bool is_link(const MediaLink& media) { return media.type == "text/html"; }

const Kind& kind_of(const MediaLink& media) {
    return *std::find_if(kKinds.begin(), kKinds.end(), [&](const Kind& kind) {
        return media.type.compare(0, kind.type.size(), kind.type) == 0;
    });
}

std::string address(const std::string& url, LinkForm form) {
    return form == LinkForm::Whole && is_web_url(url) ? url : short_link(url);
}

// "[2 pictures: a cat; (no description)]", "[film]"
std::string of_one_kind(const Note& note, const Kind& kind, const NoteTextOptions& options) {
    const Catalogue& words = words_of(options);
    std::size_t count = 0;
    bool described = false;
    std::string descriptions;
    for (const MediaLink& media : note.media) {
        if (is_link(media) || &kind_of(media) != &kind || ++count > kMostDescribed) continue;
        described = described || !media.description.empty();
        descriptions += count == 1 ? "" : "; ";
        descriptions += media.description.empty()
                            ? words.say("post_undescribed")
                            : one_line(media.description, options.description);
    }
    if (count == 0) return {};
    std::string text = '[' + words.say(kind.name, {{"count", std::to_string(count)}});
    if (described) text += ": " + descriptions;
    if (described && count > kMostDescribed) text += "; \u2026";
    return text + ']';
}

void add_word(std::string& line, const std::string& word) {
    if (!line.empty() && !word.empty()) line += ' ';
    line += word;
}

std::string media_line(const Note& note, const NoteTextOptions& options) {
    std::string line;
    for (const Kind& kind : kKinds) add_word(line, of_one_kind(note, kind, options));
    std::size_t links = 0;
    for (const MediaLink& media : note.media) {
        if (!is_link(media) || ++links > kMostDescribed) continue;
        const std::string where = address(media.url, options.links);
        if (!where.empty()) add_word(line, '<' + where + '>');
    }
    return line;
}

std::string day_and_time(std::int64_t unix_seconds) {
    const std::tm at = local_parts(unix_seconds);
    char text[24];
    return std::string(text, std::strftime(text, sizeof text, "%d.%m. %H:%M", &at));
}

std::string poll_line(const Note& note, const NoteTextOptions& options) {
    if (note.choices.empty()) return {};
    const Catalogue& words = words_of(options);
    const bool over = is_over(note, options.now);
    std::string line = words.say(over           ? "post_poll_over"
                                 : note.several ? "post_poll_several"
                                                : "post_poll") +
                       ':';
    std::size_t number = 0;
    for (const PollChoice& choice : note.choices) {
        line += ' ' + std::to_string(++number) + ' ' + choice.name;
        if (over && choice.votes >= 0) line += " (" + std::to_string(choice.votes) + ')';
    }
    if (over || note.ends == 0) return line;
    return line + ", " + words.say("post_poll_until", {{"until", day_and_time(note.ends)}});
}

// Of what is more than its text: an article, a film, an event.
std::string page_line(const Note& note, const NoteTextOptions& options) {
    if (note.type == "Note" || note.type == "Question" || note.type == "ChatMessage") return {};
    const std::string where = address(note.url.empty() ? note.id : note.url, options.links);
    return where.empty() ? where : '<' + where + '>';
}

void add_line(std::string& text, const std::string& line) {
    if (!text.empty() && !line.empty()) text += '\n';
    text += line;
}

std::string warning(const std::string& text, const Catalogue& words) {
    if (text.empty()) return {};
    const bool ended = std::string_view(".!?:").find(text.back()) != std::string_view::npos;
    return words.say("post_warning", {{"what", text}}) + (ended ? " " : ". ");
}

// What it says in this language ("sw"), or in a kind of it ("pt-br" for "pt"); null: nothing.
const NoteWords* in_language(const Note& note, const std::string& language) {
    const NoteWords* kin = nullptr;
    for (const NoteWords& each : note.others) {
        if (each.language == language) return &each;
        if (each.language.rfind(language + '-', 0) == 0 && kin == nullptr) kin = &each;
    }
    return kin;
}

std::string taken(const NoteWords* own, std::string NoteWords::*part, const std::string& usual) {
    return own != nullptr && !(own->*part).empty() ? own->*part : usual;
}

}  // namespace

bool is_over(const Note& poll, std::int64_t now) {
    return !poll.choices.empty() && (poll.closed || (poll.ends > 0 && poll.ends <= now));
}

std::string note_text(const Note& note, const NoteTextOptions& options) {
    const Catalogue& words = words_of(options);
    const NoteWords* own = in_language(note, words.language());
    HtmlPostOptions post;
    post.most = options.most;
    post.links = options.links;
    post.known_mentions = options.known_mentions;
    std::string text = taken(own, &NoteWords::title, note.title);
    add_line(text, html_post_to_text(taken(own, &NoteWords::content, note.content), post));
    add_line(text, page_line(note, options));
    add_line(text, poll_line(note, options));
    add_line(text, media_line(note, options));
    text.insert(0, warning(taken(own, &NoteWords::warning, note.warning), words));
    text.erase(text.find_last_not_of(" \n") + 1);
    return std::string(cut_bytes(clean_utf8(text), options.most));
}

}  // namespace waypost::activitypub
