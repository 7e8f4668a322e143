// SPDX-License-Identifier: Apache-2.0
#include "gateway/message/file_name.h"

#include <array>

#include "gateway/message/text.h"

namespace waypost {
namespace {

constexpr std::string_view kNameless = "file";
constexpr std::string_view kCut = "…";
constexpr std::size_t kEndingBytes = 16;  // ".jpeg" and the like; longer ones are no endings

// Marks of direction, word joiners, line separators, the byte order mark: nobody sees them, and
// they make one name look like another. Joiners inside words (U+200C, U+200D) are spelling.
constexpr std::array<std::string_view, 11> kUnseen = {"\u061C", "\u200B", "\u200E", "\u200F",
                                                      "\u2028", "\u2029", "\u2060", "\u2061",
                                                      "\u2062", "\u2063", "\uFEFF"};

void remove_all(std::string& text, std::string_view what) {
    for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at)) {
        text.erase(at, what.size());
    }
}

void trim(std::string& name) {
    const std::size_t first = name.find_first_not_of(". ");
    if (first == std::string::npos) return name.clear();
    name.erase(name.find_last_not_of(". ") + 1);
    name.erase(0, first);
}

// Windows takes them for devices in any case and with any ending; its superscript digits count.
bool is_device(std::string_view name) {
    std::string stem = lower_ascii(name.substr(0, name.find('.')));
    while (!stem.empty() && stem.back() == ' ') stem.pop_back();
    for (const char* each : {"con", "prn", "aux", "nul", "conin$", "conout$"}) {
        if (stem == each) return true;
    }
    if (stem.rfind("com", 0) != 0 && stem.rfind("lpt", 0) != 0) return false;
    const std::string number = stem.substr(3);
    return (number.size() == 1 && number[0] >= '0' && number[0] <= '9') || number == "¹" ||
           number == "²" || number == "³";
}

std::string shortened(const std::string& name) {
    if (name.size() <= kFileNameBytes) return name;
    const std::size_t dot = name.rfind('.');
    const bool has_ending = dot != std::string::npos && name.size() - dot <= kEndingBytes;
    const std::string ending = has_ending ? name.substr(dot) : std::string();
    std::string stem(cut_bytes(std::string_view(name).substr(0, name.size() - ending.size()),
                               kFileNameBytes - ending.size() - kCut.size()));
    return stem.append(kCut) + ending;
}

}  // namespace

std::string clean_file_name(std::string_view raw) {
    std::string name = squeeze(clean_utf8(raw));
    const std::size_t slash = name.find_last_of("/\\");
    if (slash != std::string::npos) name.erase(0, slash + 1);
    for (const std::string_view unseen : kUnseen) remove_all(name, unseen);
    for (char& c : name) {
        if (std::string_view("<>:\"|?*").find(c) != std::string_view::npos) c = '_';
    }
    trim(name);
    if (name.empty()) return std::string(kNameless);
    if (is_device(name)) name.insert(0, 1, '_');
    return shortened(name);
}

}  // namespace waypost
