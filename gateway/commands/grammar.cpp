// SPDX-License-Identifier: Apache-2.0
#include "gateway/commands/grammar.h"

#include <algorithm>

#include "gateway/commands/catalogue.h"
#include "gateway/commands/plain.h"
#include "gateway/message/address.h"
#include "gateway/message/text.h"

namespace waypost {

bool is_nickname(std::string_view text) {
    return !text.empty() && text.size() <= 40 &&
           text.find_first_of("@=:/#*?+\" ") == std::string_view::npos;
}

bool takes_a_word(std::string_view verb) {
    return verb == "name" || verb == "lang" || verb == "quiet" || verb == "vouch" || verb == "help";
}

namespace {

using Found = std::optional<Command>;
using Schemes = std::set<std::string>;

constexpr std::string_view kSpaces = " \t\n\r";
constexpr std::string_view kEndSigns = ".,;:!? ";  // French writes a space before them
constexpr std::size_t kMostRecipients = 10;

std::string trim(std::string_view text) {
    const std::size_t first = text.find_first_not_of(kSpaces);
    if (first == std::string_view::npos) return {};
    return std::string(text.substr(first, text.find_last_not_of(kSpaces) - first + 1));
}

std::string without_end_signs(std::string text) {
    while (!text.empty() && kEndSigns.find(text.back()) != std::string_view::npos) text.pop_back();
    return text;
}

// Up to four digits and nothing else.
std::optional<int> number(std::string_view text) {
    if (text.empty() || text.size() > 4 ||
        !std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; })) {
        return std::nullopt;
    }
    return std::stoi(std::string(text));
}

// What was typed, word by word: each word comes out plain, the rest stays as typed.
class Words {
  public:
    explicit Words(std::string_view typed) : text_(clean_utf8(typed)), rest_(text_) { skip(); }
    Words(const Words&) = delete;
    Words& operator=(const Words&) = delete;

    bool empty() const { return rest_.empty(); }
    std::string take() {
        const std::size_t end = std::min(rest_.find_first_of(kSpaces), rest_.size());
        std::string word = make_plain(rest_.substr(0, end));
        rest_.remove_prefix(end);
        skip();
        return word;
    }
    std::string_view mark() const { return rest_; }
    void back_to(std::string_view mark) { rest_ = mark; }
    std::string rest() const { return trim(rest_); }

  private:
    void skip() {
        const std::size_t first = rest_.find_first_not_of(kSpaces);
        rest_.remove_prefix(std::min(first, rest_.size()));
    }
    std::string text_;
    std::string_view rest_;
};

// "*2 text" and "* 2 text" are the same: phone keyboards put the space there.
std::string take_with_symbol(Words& words) {
    std::string word = words.take();
    if (word.size() == 1 && std::string_view("@*?#-").find(word[0]) != std::string_view::npos &&
        !words.empty()) {
        const auto mark = words.mark();
        const std::string follower = words.take();
        const bool joins =
            word == "@" || word == "#" || number(without_end_signs(follower)).has_value();
        if (joins) return word + follower;
        words.back_to(mark);
    }
    return word;
}

Found alarm(const std::string& plain, const std::string& typed) {
    using command::Alarm;
    const std::string whole = without_end_signs(plain);
    if (whole == "SOS OK") return Alarm{Alarm::How::AllClear, {}};
    if (whole == "SOS TEST") return Alarm{Alarm::How::Drill, {}};
    Words words(typed);
    const std::string first = without_end_signs(words.take());
    if (first == "SOS" || first == "\u0421\u041e\u0421")
        return Alarm{Alarm::How::Now, words.rest()};
    const std::string folded = fold(whole);
    const std::string key = word_key(whole);
    for (const Catalogue* language : catalogues()) {
        if (language->is_alarm(key)) return Alarm{Alarm::How::Now, {}};
    }
    static const std::vector<std::string> kMaybe = {"sos", "s.o.s", "s o s", "\u0441\u043e\u0441",
                                                    "112", "911"};
    if (std::find(kMaybe.begin(), kMaybe.end(), folded) != kMaybe.end()) {
        return Alarm{Alarm::How::Ask, {}};
    }
    return std::nullopt;
}

Found question(const std::string& word, const Words& words) {
    const std::string what = without_end_signs(word.substr(1));
    if (what.empty() && words.empty()) return command::Help{};
    if (!words.empty()) return std::nullopt;  // "?what do you mean" is talk
    if (const auto item = number(what)) return command::WhereIs{*item};
    return command::Ask{fold(what)};
}

Found star(const std::string& word, const Words& words) {
    const std::size_t end = std::min(word.find_first_not_of("0123456789", 1), word.size());
    const auto item = number(std::string_view(word).substr(1, end - 1));
    if (word.size() == 1 && words.empty()) return command::List{};
    if (!item) return std::nullopt;
    const std::string tail = without_end_signs(word.substr(end)).empty() ? "" : word.substr(end);
    const std::string text = trim(tail + (tail.empty() || words.empty() ? "" : " ") + words.rest());
    if (text.empty()) return command::Read{*item};
    return command::Answer{*item, text};
}

std::pair<std::string, std::string> subject_and_text(const std::string& text) {
    const std::size_t mark = text.find(" // ");
    if (mark == std::string::npos) return {{}, text};
    return {trim(text.substr(0, mark)), trim(text.substr(mark + 4))};
}

Command write(std::vector<std::string> to, const std::string& rest) {
    auto [subject, text] = subject_and_text(rest);
    return command::Write{std::move(to), std::move(subject), std::move(text)};
}

// "@bob@social.example", "xmpp:bob@x.org", "bob@x.org", "sms:+491701234567": the URI, or empty.
std::string address_uri(std::string word, const Schemes* schemes) {
    word = without_end_signs(std::move(word));
    if (word.rfind('@', 0) == 0) word = "acct:" + word.substr(1);
    const auto address = parse_address(word);
    if (!address.ok()) return {};
    const bool typed_so = schemes != nullptr && schemes->count(address->scheme) > 0;
    if (!typed_so && address->domain().find('.') == std::string_view::npos) return {};
    return address->uri();
}

std::string nick_word(const std::string& word) {
    if (word.size() < 2 || word[0] != '@' || word.find('@', 1) != std::string::npos) return {};
    const std::string nick = fold(without_end_signs(word.substr(1)));
    return is_nickname(nick) ? '@' + nick : std::string();
}

// One recipient from the next words, with the spaces that keyboards add inside an address:
// "bob @x.org", "bob@x. org". Empty, and nothing taken, if it is none.
std::string take_recipient(Words& words, const Schemes* schemes, bool& comma) {
    const auto mark = words.mark();
    std::string word = take_with_symbol(words);
    const auto joined = [&](const std::string& glue) {
        const auto before = words.mark();
        const std::string uri = address_uri(word + glue + words.take(), schemes);
        if (uri.empty()) words.back_to(before);
        return uri;
    };
    comma = !word.empty() && word.back() == ',';
    std::string found = address_uri(word, schemes);
    if (found.empty()) found = nick_word(word);
    const std::size_t at = word.find('@');
    if (!words.empty() && at != std::string::npos && at > 0 && word.back() == '.' &&
        address_uri(word, schemes).empty()) {
        found = joined("");
    } else if (found.empty() && !words.empty() && at == std::string::npos &&
               words.mark().front() == '@') {
        found = joined("");
    }
    if (found.empty()) words.back_to(mark);
    return found;
}

// "a@x.org,b@y.org text", "a@x.org, @bob text"
Found addressed(const std::string& typed, const Schemes* schemes) {
    Words words(typed);
    std::vector<std::string> to;
    bool comma = true;
    while (comma && !words.empty() && to.size() < kMostRecipients) {
        const auto mark = words.mark();
        std::string word = words.take();
        words.back_to(mark);
        if (const std::size_t inner = word.find(',');
            inner != std::string::npos && inner + 1 < word.size()) {
            words.take();
            std::vector<std::string> several;
            for (std::size_t from = 0; from <= word.size();) {
                const std::size_t end = std::min(word.find(',', from), word.size());
                const std::string part = word.substr(from, end - from);
                std::string uri = address_uri(part, schemes);
                if (uri.empty()) uri = nick_word(part);
                if (!part.empty() && uri.empty()) return std::nullopt;
                if (!uri.empty()) several.push_back(uri);
                from = end + 1;
            }
            comma = word.back() == ',';
            to.insert(to.end(), several.begin(), several.end());
            continue;
        }
        const std::string one = take_recipient(words, schemes, comma);
        if (one.empty()) break;
        to.push_back(one);
    }
    if (to.empty()) return std::nullopt;
    if (to.size() == 1 && to[0][0] == '@' && words.empty()) {
        return command::OpenTalk{to[0].substr(1)};
    }
    return write(std::move(to), words.rest());
}

Found at_sign(const std::string& word, const std::string& typed, const Words& words,
              const Schemes* schemes) {
    if (word == "@") return command::ShowBook{};
    if (const auto item = number(without_end_signs(word.substr(2))); item && word.size() > 2) {
        if (word[1] == '+') return command::AcceptSender{*item};
        if (word[1] == '-') return command::RefuseSender{*item};
    }
    if (const std::size_t equals = word.find('='); equals != std::string::npos) {
        const std::string nick = fold(word.substr(1, equals - 1));
        std::string address = without_end_signs(word.substr(equals + 1) + make_plain(words.rest()));
        if (is_nickname(nick)) return command::SaveContact{nick, address};
    }
    return addressed(typed, schemes);
}

Found hash_sign(const std::string& word, const Words& words) {
    using command::Group;
    const std::string name = fold(without_end_signs(word.substr(1)));
    if (word == "#" && words.empty()) return Group{Group::Act::List, {}, {}};
    if (name.empty()) return std::nullopt;
    if (name == "public") return command::PublicPost{words.rest()};
    if (name[0] == '+')
        return Group{Group::Act::Join, name.substr(1), fold(make_plain(words.rest()))};
    if (name[0] == '-') return Group{Group::Act::Leave, name.substr(1), {}};
    return Group{Group::Act::Write, name, words.rest()};
}

Found symbol(const std::string& typed, const Schemes* schemes) {
    Words words(typed);
    const std::string word = take_with_symbol(words);
    if (word.empty()) return std::nullopt;
    switch (word[0]) {
        case '?':
            return question(word, words);
        case '*':
            return star(word, words);
        case '@':
            return at_sign(word, typed, words, schemes);
        case '#':
            return hash_sign(word, words);
        case '+':
            if (word == "+" && words.empty()) return command::More{};
            return std::nullopt;
        case '-':
            if (const auto item = number(without_end_signs(word.substr(1)));
                item && words.empty()) {
                return command::Cancel{*item};
            }
            return std::nullopt;
        default:
            return std::nullopt;
    }
}

// "l", "r2", "s7", "x7" and what looks like them on a phone.
Found short_form(std::string folded) {
    if (folded == "i" || folded == "|") return command::List{};
    folded.erase(std::remove(folded.begin(), folded.end(), ' '), folded.end());
    std::string_view rest = folded;
    const auto begins = [&](std::initializer_list<std::string_view> letters) {
        for (const std::string_view letter : letters) {
            if (rest.substr(0, letter.size()) == letter) {
                rest.remove_prefix(letter.size());
                return true;
            }
        }
        return false;
    };
    if (begins({"r", "\u0433"})) {
        if (const auto item = number(rest)) return command::Read{*item};
    } else if (begins({"s", "\u0455"})) {
        if (const auto item = number(rest)) return command::WhereIs{*item};
    } else if (begins({"x", "\u0445", "\u00d7"})) {
        if (const auto item = number(rest)) return command::Cancel{*item};
    }
    return std::nullopt;
}

bool tells_distress(const std::string& plain) {
    const std::string key = word_key(plain);
    return std::any_of(catalogues().begin(), catalogues().end(),
                       [&](const Catalogue* language) { return language->tells_distress(key); });
}

// "ana 12345678", also "ana 1234 5678": a name with the code for another radio. Empty: it is not.
std::string name_and_code(const std::string& argument) {
    const std::size_t space = argument.find(' ');
    if (space == std::string::npos) return {};
    std::string code = argument.substr(space + 1);
    std::erase_if(code, [](char c) { return c == ' ' || c == '-'; });
    const bool digits =
        std::all_of(code.begin(), code.end(), [](char c) { return c >= '0' && c <= '9'; });
    return code.size() == 8 && digits ? argument.substr(0, space + 1) + code : std::string();
}

// "12h @mama @ben", or what ends it: "check it out" is talk.
bool sets_a_check(const std::string& argument) {
    const std::string first = argument.substr(0, argument.find(' '));
    if (first == argument && (first == "0" || is_off(first))) return true;
    return first.size() > 1 && std::string_view("mhd").find(first.back()) != std::string::npos &&
           number(std::string_view(first).substr(0, first.size() - 1)).has_value();
}

// A verb alone, or with what it takes: a word, a name and its code, a time and who is told.
Found verb(const std::string& folded) {
    const std::size_t space = folded.find(' ');
    const std::string first = folded.substr(0, space);
    const std::string argument = space == std::string::npos ? "" : folded.substr(space + 1);
    const std::string whole_key = word_key(folded);
    const std::string first_key = word_key(first);
    for (const Catalogue* language : catalogues()) {
        if (const std::string name = language->verb(whole_key); !name.empty()) {
            if (name == "help") return command::Help{};
            if (name == "list") return command::List{};
            return command::Verb{name, {}};
        }
        const std::string name = language->verb(first_key);
        if (name == "check" && sets_a_check(argument)) return command::Verb{name, argument};
        if (name == "name") {
            if (std::string both = name_and_code(argument); !both.empty())
                return command::Verb{name, std::move(both)};
        }
        // "help me" asks for no topic.
        const bool takes = takes_a_word(name) && !(name == "help" && tells_distress(folded));
        if (takes && !argument.empty() && argument.find(' ') == std::string::npos) {
            if (name == "help") return command::Help{argument};
            return command::Verb{name, argument};
        }
    }
    return std::nullopt;
}

Found word(const std::string& plain) {
    const std::string folded = fold(without_end_signs(plain));
    if (auto found = verb(folded)) return found;
    if (auto found = short_form(folded)) return found;
    const std::string key = word_key(folded);
    for (const Catalogue* language : catalogues()) {
        if (language->is_greeting(key)) return command::Help{};
    }
    return std::nullopt;
}

// "post The dam is dry", "publier: Le pont est ouvert": what follows that word; else empty.
std::string behind_post(const std::string& typed) {
    Words words(typed);
    const std::string key = word_key(fold(without_end_signs(words.take())));
    const bool posts =
        std::any_of(catalogues().begin(), catalogues().end(),
                    [&](const Catalogue* language) { return language->is_post(key); });
    return posts ? words.rest() : std::string();
}

// "@+" and "@-" (with its number or without) in a reply are a word about what it replies to; all
// else is an answer to it.
Command replied(int item, const std::string& typed) {
    const std::string plain = without_end_signs(make_plain(typed));
    const std::string rest = plain.size() > 2 ? plain.substr(2) : std::string();
    const auto named = number(rest);
    const bool alone = rest.empty() || named.has_value();
    if (alone && plain.rfind("@+", 0) == 0) return command::AcceptSender{named.value_or(item)};
    if (alone && plain.rfind("@-", 0) == 0) return command::RefuseSender{named.value_or(item)};
    return command::Answer{item, typed};
}

}  // namespace

Command parse_command(std::string_view typed_bytes, const Hints& hints) {
    if (hints.reaction) return command::Nothing{};
    const std::string typed = trim(clean_utf8(typed_bytes));
    const std::string plain = make_plain(typed);
    if (plain.empty()) return command::Nothing{};
    if (auto found = alarm(plain, typed)) return *found;
    if (hints.reply_item) return replied(*hints.reply_item, typed);
    if (auto found = symbol(typed, hints.schemes)) return *found;
    if (auto found = addressed(typed, hints.schemes)) return *found;
    if (const auto digits = number(without_end_signs(plain))) {
        if (hints.choice_offered) return command::Choice{*digits};
        return command::Read{*digits};
    }
    if (auto found = word(plain)) return *found;
    return command::Say{typed, tells_distress(plain), behind_post(typed)};
}

namespace {

struct Describe {
    static std::string quoted(const char* name, const std::string& text) {
        return text.empty() ? std::string() : ' ' + std::string(name) + "='" + text + '\'';
    }
    static std::string n(int item) { return ' ' + std::to_string(item); }

    std::string operator()(const command::Nothing&) const { return "nothing"; }
    std::string operator()(const command::Help& c) const {
        return c.topic.empty() ? "help" : "help " + c.topic;
    }
    std::string operator()(const command::WhereIs& c) const { return "where" + n(c.item); }
    std::string operator()(const command::Ask& c) const { return "ask " + c.what; }
    std::string operator()(const command::List&) const { return "list"; }
    std::string operator()(const command::Read& c) const { return "read" + n(c.item); }
    std::string operator()(const command::Answer& c) const {
        return "answer" + n(c.item) + quoted("text", c.text);
    }
    std::string operator()(const command::More&) const { return "more"; }
    std::string operator()(const command::Cancel& c) const { return "cancel" + n(c.item); }
    std::string operator()(const command::ShowBook&) const { return "book"; }
    std::string operator()(const command::SaveContact& c) const {
        return "save " + c.nick + ' ' + c.address;
    }
    std::string operator()(const command::Write& c) const {
        std::string out = "write";
        for (const std::string& to : c.to) out += ' ' + to;
        return out + quoted("subject", c.subject) + quoted("text", c.text);
    }
    std::string operator()(const command::OpenTalk& c) const { return "talk " + c.nick; }
    std::string operator()(const command::AcceptSender& c) const { return "accept" + n(c.item); }
    std::string operator()(const command::RefuseSender& c) const { return "refuse" + n(c.item); }
    std::string operator()(const command::Group& c) const {
        static constexpr const char* kActs[] = {"group ", "join ", "leave ", "groups"};
        return kActs[static_cast<int>(c.act)] + c.name + quoted("text", c.text);
    }
    std::string operator()(const command::PublicPost& c) const {
        return "public" + quoted("text", c.text);
    }
    std::string operator()(const command::Alarm& c) const {
        static constexpr const char* kHow[] = {"alarm", "alarm?", "all clear", "drill"};
        return kHow[static_cast<int>(c.how)] + quoted("text", c.text);
    }
    std::string operator()(const command::Choice& c) const { return "choice" + n(c.number); }
    std::string operator()(const command::Verb& c) const {
        return c.argument.empty() ? "verb " + c.name : "verb " + c.name + ' ' + c.argument;
    }
    std::string operator()(const command::Say& c) const {
        return std::string(c.distress ? "say!" : "say") + quoted("text", c.text) +
               quoted("to-all", c.to_all);
    }
};

}  // namespace

std::string describe(const Command& command) { return std::visit(Describe{}, command); }

}  // namespace waypost
