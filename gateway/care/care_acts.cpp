// SPDX-License-Identifier: Apache-2.0
#include "gateway/care/care_acts.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <sstream>
#include <vector>

namespace waypost {
namespace {

constexpr std::array<std::string_view, 5> kVerbs = {"status", "log", "restart", "update", "stolen"};
constexpr char kUsage[] =
    "commands are status, log [LINES] [COMPONENT], restart TRANSPORT, "
    "update [NAME], stolen NEIGHBOUR";
constexpr std::size_t kLines = 5, kMostLines = 30;

Error wrong(const std::string& what) { return {Code::BadInput, what + ": " + kUsage, false}; }

Result<CareCommand> log_command(const std::vector<std::string>& words) {
    CareCommand command{"log", {}, kLines};
    std::size_t next = 1;
    if (next < words.size() && words[next].find_first_not_of("0123456789") == std::string::npos) {
        const std::string& number = words[next++];
        const auto read =
            std::from_chars(number.data(), number.data() + number.size(), command.lines);
        if (read.ec != std::errc() || command.lines == 0 || command.lines > kMostLines)
            return wrong("log gives 1 to " + std::to_string(kMostLines) + " lines");
    }
    if (next < words.size()) command.argument = words[next++];
    if (next < words.size()) return wrong("too many words");
    return command;
}

}  // namespace

bool is_care_verb(const std::string& verb) {
    return std::find(kVerbs.begin(), kVerbs.end(), verb) != kVerbs.end();
}

Result<CareCommand> parse_care_command(const std::string& text) {
    std::istringstream in(text);
    std::vector<std::string> words;
    for (std::string word; in >> word;) words.push_back(word);
    if (words.empty()) return wrong("no command");
    const std::string& verb = words.front();
    if (!is_care_verb(verb)) return wrong("there is no command " + verb);
    if (verb == "log") return log_command(words);
    const bool needs_one = verb == "restart" || verb == "stolen";
    const std::size_t most = verb == "status" ? 1 : 2;
    if (words.size() > most) return wrong("too many words");
    if (needs_one && words.size() < 2) return wrong(verb + " of what");
    return CareCommand{verb, words.size() > 1 ? words[1] : std::string(), 0};
}

Result<CareActs::Done> do_care_command(CareActs& acts, const CareCommand& command,
                                       const std::string& who) {
    if (command.verb == "status") return CareActs::Done{acts.status()};
    if (command.verb == "log") return CareActs::Done{acts.log(command.lines, command.argument)};
    if (command.verb == "restart") return acts.restart(command.argument);
    if (command.verb == "update") return acts.update(command.argument);
    return acts.stolen(command.argument, who);
}

}  // namespace waypost
