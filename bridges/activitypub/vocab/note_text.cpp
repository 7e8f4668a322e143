// SPDX-License-Identifier: Apache-2.0
#include "bridges/activitypub/vocab/note_text.h"

#include <algorithm>
#include <array>

#include "bridges/html/link_text.h"
#include "gateway/message/text.h"

namespace waypost::activitypub {
namespace {

constexpr std::size_t kMostDescribed = 16;  // of each kind

struct Kind {
    std::string_view type;  // how its media type begins; empty: any other
    std::string_view one, several;
};
constexpr std::array<Kind, 4> kKinds = {
    Kind{"image/", "picture", "pictures"}, Kind{"video/", "film", "films"},
    Kind{"audio/", "recording", "recordings"}, Kind{"", "file", "files"}};

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
std::string of_one_kind(const Note& note, const Kind& kind, std::size_t description) {
    std::size_t count = 0;
    bool described = false;
    std::string descriptions;
    for (const MediaLink& media : note.media) {
        if (is_link(media) || &kind_of(media) != &kind || ++count > kMostDescribed) continue;
        described = described || !media.description.empty();
        descriptions += count == 1 ? "" : "; ";
        descriptions += media.description.empty() ? "(no description)"
                                                  : one_line(media.description, description);
    }
    if (count == 0) return {};
    std::string text = count == 1 ? "[" : "[" + std::to_string(count) + ' ';
    text.append(count == 1 ? kind.one : kind.several);
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
    for (const Kind& kind : kKinds) add_word(line, of_one_kind(note, kind, options.description));
    std::size_t links = 0;
    for (const MediaLink& media : note.media) {
        if (!is_link(media) || ++links > kMostDescribed) continue;
        const std::string where = address(media.url, options.links);
        if (!where.empty()) add_word(line, '<' + where + '>');
    }
    return line;
}

std::string poll_line(const Note& note) {
    if (note.choices.empty()) return {};
    std::string line = note.several ? "poll, several answers:" : "poll:";
    std::size_t number = 0;
    for (const PollChoice& choice : note.choices) {
        line += ' ' + std::to_string(++number) + ' ' + choice.name;
        if (choice.votes >= 0) line += " (" + std::to_string(choice.votes) + ')';
    }
    return line;
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

std::string warning(const std::string& text) {
    if (text.empty()) return {};
    const bool ended = std::string_view(".!?:").find(text.back()) != std::string_view::npos;
    return "CW: " + text + (ended ? " " : ". ");
}

}  // namespace

std::string note_text(const Note& note, const NoteTextOptions& options) {
    HtmlPostOptions post;
    post.most = options.most;
    post.links = options.links;
    post.known_mentions = options.known_mentions;
    std::string text = note.title;
    add_line(text, html_post_to_text(note.content, post));
    add_line(text, page_line(note, options));
    add_line(text, poll_line(note));
    add_line(text, media_line(note, options));
    text.insert(0, warning(note.warning));
    text.erase(text.find_last_not_of(" \n") + 1);
    return std::string(cut_bytes(clean_utf8(text), options.most));
}

}  // namespace waypost::activitypub
