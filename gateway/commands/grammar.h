// SPDX-License-Identifier: Apache-2.0
// What a person types on a small radio, as one of these commands. A pure function: no clock, no
// store. The order of the rules is the contract (architecture, "The person on the radio"): alarm,
// the radio's own reply, symbols, address first, a number alone, a word that is the whole text,
// anything else.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace waypost {

namespace command {

struct Nothing {};  // a tapback, or nothing left after cleaning
struct Help {
    std::string topic;
};
struct WhereIs {
    int item;
};
struct Ask {
    std::string what;
};
struct List {};
struct Read {
    int item;
};
struct Answer {
    int item;
    std::string text;
};
struct More {};
struct Cancel {
    int item;
};
struct ShowBook {};
struct SaveContact {
    std::string nick, address;
};
struct Write {
    std::vector<std::string> to;  // address URIs, or "@nick"
    std::string subject, text;
};
struct OpenTalk {
    std::string nick;
};
struct AcceptSender {
    int item;
};
struct RefuseSender {
    int item;
};
struct Group {
    enum class Act { Write, Join, Leave, List };
    Act act;
    std::string name, text;  // both empty for List; for Join `text` is how: "digest"
};
struct PublicPost {
    std::string text;
};
struct Alarm {
    enum class How { Now, Ask, AllClear, Drill };
    How how;
    std::string text;
};
struct Choice {
    int number;
};
struct Verb {
    std::string name;  // as the catalogue calls it: "stop"
    std::string argument;
};
struct Say {
    std::string text;
    bool distress;
    // What follows a word for posting, "post The dam is dry": meant for all the world, where no
    // talk is open. May be empty.
    std::string to_all{};
};

}  // namespace command

using Command =
    std::variant<command::Nothing, command::Help, command::WhereIs, command::Ask, command::List,
                 command::Read, command::Answer, command::More, command::Cancel, command::ShowBook,
                 command::SaveContact, command::Write, command::OpenTalk, command::AcceptSender,
                 command::RefuseSender, command::Group, command::PublicPost, command::Alarm,
                 command::Choice, command::Verb, command::Say>;

// What the gateway knows about the moment.
struct Hints {
    bool reaction = false;
    bool choice_offered = false;
    std::optional<int> reply_item;  // the radio's own reply to a message that we numbered
    // Of networks, beside mail, chat and the fediverse, whose addresses are typed with it:
    // "sms:+491701234567". Null: there is none.
    const std::set<std::string>* schemes = nullptr;
};

Command parse_command(std::string_view typed, const Hints& hints = {});

// A verb with one word behind it: "name ana". Two words behind it are talk.
bool takes_a_word(std::string_view verb);

// Plain and folded, as an address book keeps it: a nickname, a handle, or handle.box.
bool is_nickname(std::string_view text);

// "write mailto:bob@x.org subject='..' text='..'": for tests and the debug log without bodies.
std::string describe(const Command& command);

}  // namespace waypost
