// SPDX-License-Identifier: Apache-2.0
#include "gateway/conversation/check_ins.h"

#include <algorithm>
#include <sstream>

#include "gateway/conversation/writing.h"
#include "gateway/custody/alarm_text.h"
#include "gateway/custody/check_in.h"
#include "gateway/custody/neighbour_mail.h"
#include "gateway/custody/wording.h"
#include "gateway/message/text.h"

namespace waypost {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kShortest = std::chrono::minutes(10);
constexpr milliseconds kLongest = std::chrono::hours(24 * 14);
constexpr std::size_t kMostContacts = 5;

// "90m", "12h", "3d", as the grammar lets it through: up to four digits.
milliseconds time_of(const std::string& word) {
    const int number = std::stoi(word);
    if (word.back() == 'd') return std::chrono::hours(24 * number);
    return word.back() == 'h' ? milliseconds(std::chrono::hours(number))
                              : milliseconds(std::chrono::minutes(number));
}

}  // namespace

std::string CheckIns::verb(const std::string& argument) {
    if (line_.doubted) return say("key_doubted");
    if (line_.from_stranger()) return say("check_name");
    if (argument.empty()) return show();
    if (argument.find_first_of("0123456789") != 0 || argument == "0") {
        return say(tables().check_ins.remove(line_.owner) ? "check_off" : "check_none");
    }
    return set(argument);
}

std::string CheckIns::show() {
    const auto row = tables().check_ins.find(line_.owner);
    if (!row) return say("check_none");
    const milliseconds left(row->end_box_ms - box().box_ms());
    return say("check_shown",
               {{"names", contact_names(line_.ledger, *row)},
                {"time", clock_time(line_.ledger.now() + left.count(), line_.ledger.now())}});
}

std::string CheckIns::set(const std::string& argument) {
    std::istringstream words(argument);
    std::string word;
    words >> word;
    store::CheckInRow row;
    row.owner = line_.owner;
    row.radio = line_.message.from;
    const milliseconds time = time_of(word);
    if (time < kShortest || time > kLongest) return say("check_bad");
    row.after_ms = time.count();
    while (words >> word) {
        while (!word.empty() && word.back() == ',') word.pop_back();
        if (word.empty()) continue;
        std::string problem;
        const bool plain = word.find('@') == std::string::npos;
        const Address who = Writing(line_).recipient(plain ? '@' + word : word, problem);
        if (!problem.empty()) return problem;
        const auto people = box().directory.get();
        const bool nobody = box().router.route(who, *people).kind == Route::Kind::Nowhere;
        if (nobody || is_door(box().neighbours, who))
            return say("bad_address", {{"address", one_line(word, 60)}});
        if (std::find(row.contacts.begin(), row.contacts.end(), who) == row.contacts.end())
            row.contacts.push_back(who);
        if (row.contacts.size() > kMostContacts) return say("check_bad");
    }
    begin_check(line_.ledger, row);
    return say("check_set", {{"names", contact_names(line_.ledger, row)},
                             {"time", said_time(*line_.words, time)}});
}

}  // namespace waypost
