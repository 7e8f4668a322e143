// SPDX-License-Identifier: Apache-2.0
#include "radio/simulator/console.h"

#include <Poco/JSON/Object.h>

#include <sstream>

namespace waypost::simulator {
namespace {

using namespace waypost::meshtastic;  // NOLINT: the protocol's names, used throughout

std::string why(std::uint32_t error) {
    switch (error) {
        case kMaxRetransmit:
            return "no radio answered";
        case kTooLarge:
            return "too large for one packet";
        case kDutyCycle:
            return "this hour's airtime is used up";
        case kNoPublicKey:
            return "the other radio's key is not known";
        case kPkiUnknownKey:
            return "the other radio does not know our key yet; try again";
        case kNoChannel:
            return "the other radio could not open it";
        default:
            return "routing error " + std::to_string(error);
    }
}

std::pair<std::string, std::string> first_word(const std::string& text) {
    const std::size_t space = text.find(' ');
    if (space == std::string::npos) return {text, ""};
    const std::size_t rest = text.find_first_not_of(' ', space);
    return {text.substr(0, space), rest == std::string::npos ? "" : text.substr(rest)};
}

std::string trimmed(const std::string& text) {
    const std::size_t begin = text.find_first_not_of(" \t\r");
    if (begin == std::string::npos) return {};
    return text.substr(begin, text.find_last_not_of(" \t\r") - begin + 1);
}

}  // namespace

Console::Console(World& world, bool json, std::function<void(const std::string&)> out)
    : world_(world), json_(json), out_(std::move(out)) {
    for (auto& each : world_.inhabitants()) {
        if (each.handheld) watch(each.facts.name, *each.handheld);
    }
}

void Console::watch(const std::string& name, Handheld& handheld) {
    handheld.on_shown = [this, name, &handheld](const Shown& it) {
        shown(name, it, handheld.inbox().size());
    };
    handheld.on_tick = [this, name](std::uint32_t id, const Tick& tick) { ticked(name, id, tick); };
}

std::string Console::first_handheld() {
    for (const auto& each : world_.inhabitants()) {
        if (each.handheld) return each.facts.name;
    }
    return {};
}

void Console::say(const std::string& who, const std::string& what, const std::string& text) {
    emit({who, what, text, "", 0, 0, 0});
}

void Console::emit(const Event& event) {
    if (!json_) return out_(event.who + ' ' + event.what + ": " + event.text);
    Poco::JSON::Object o(Poco::JSON_PRESERVE_KEY_ORDER);
    o.set("at_ms", to_ms(world_.scheduler().now()));
    o.set("who", event.who);
    o.set("what", event.what);
    o.set("text", event.text);
    if (!event.from.empty()) o.set("from", event.from);
    if (event.id != 0) o.set("id", event.id);
    if (event.reply_id != 0) o.set("reply_id", event.reply_id);
    if (event.number != 0) o.set("number", event.number);
    std::ostringstream line;
    o.stringify(line);
    out_(line.str());
}

// The post is who everybody talks with: only others are named before the text.
void Console::shown(const std::string& name, const Shown& it, std::size_t number) {
    const std::string from = world_.name_of(it.from);
    const Device* post = world_.first_device();
    const bool by_post = post != nullptr && world_.first_device()->node().number() == it.from;
    std::string note = by_post ? "" : from;
    if (!it.direct) note += note.empty() ? "to all" : " to all";
    if (it.reaction) note += note.empty() ? "reacts" : " reacts";
    const bool plain = note.empty() || json_;
    emit({name, it.alert ? "ALERT" : "sees", plain ? it.text : '[' + note + "] " + it.text, from,
          it.packet_id, it.reply_id, number});
}

void Console::ticked(const std::string& name, std::uint32_t id, const Tick& tick) {
    Event event{name, "", "", "", id, 0, 0};
    switch (tick.state) {
        case Tick::State::Waiting:
            return;
        case Tick::State::Relayed:
            event.what = "relayed";
            event.text = "another radio passed it on";
            break;
        case Tick::State::Delivered:
            event.what = "tick";
            event.text = "heard by the radio " + world_.name_of(tick.by);
            break;
        case Tick::State::Failed:
            event.what = "no tick";
            event.text = why(tick.error);
            break;
    }
    emit(event);
}

bool Console::line(const std::string& typed, std::string& speaker) {
    const std::string text = trimmed(typed);
    if (text.empty()) return true;
    const std::size_t colon = text.find(':');
    if (colon != std::string::npos &&
        spoken(text.substr(0, colon), trimmed(text.substr(colon + 1)))) {
        return true;
    }
    auto [word, rest] = first_word(text);
    if (!word.empty() && word.back() == '>') word.pop_back();
    if (ordered(word, rest)) return true;
    const bool slash = text.front() == '/';
    if (speaker.empty() || slash) {
        auto [order, argument] = first_word(slash ? text.substr(1) : text);
        return general(order, argument, speaker);
    }
    send(speaker, "", text);
    return true;
}

// "ana", "ana>ben", "ana!", "ana re 2", "ana react 2", each before a colon. False: no such thing.
bool Console::spoken(const std::string& head, const std::string& text) {
    const auto [who, rest] = first_word(head);
    if (!rest.empty()) {
        const auto [verb, number] = first_word(rest);
        if (world_.handheld(who) == nullptr || (verb != "re" && verb != "react")) return false;
        answer(who, verb, number, text);
        return true;
    }
    const std::size_t arrow = who.find('>');
    std::string name = who.substr(0, arrow);
    const bool bell = arrow == std::string::npos && !name.empty() && name.back() == '!';
    if (bell) name.pop_back();
    if (world_.node(name) == nullptr) return false;
    send(name, bell ? "!" : arrow == std::string::npos ? "" : who.substr(arrow + 1), text);
    return true;
}

void Console::send(const std::string& name, const std::string& to, const std::string& text) {
    Handheld* handheld = world_.handheld(name);
    if (handheld == nullptr) return error(name + " is a device: its host speaks for it");
    if (text.empty()) return error("nothing to send");
    Device* post = world_.first_device();
    MeshNode* other = to.empty() && post != nullptr ? &post->node() : world_.node(to);
    Result<std::uint32_t> sent = Error{Code::NotFound, "no radio " + to, false};
    if (to == "!") {
        sent = handheld->alert(text);
    } else if (to == "all") {
        sent = handheld->send_all(text);
    } else if (other != nullptr) {
        sent = handheld->send_dm(other->number(), text);
    }
    if (!sent.ok()) say(name, "error", sent.error().text);
}

void Console::answer(const std::string& name, const std::string& verb, const std::string& number,
                     const std::string& text) {
    Handheld& handheld = *world_.handheld(name);
    const auto& inbox = handheld.inbox();
    const bool digits = !number.empty() && number.size() < 5 &&
                        number.find_first_not_of("0123456789") == std::string::npos;
    const std::size_t which = digits ? static_cast<std::size_t>(std::stoul(number)) : 0;
    if (which == 0 || which > inbox.size()) return error(name + "'s screen has no " + number);
    const Shown& it = inbox[which - 1];
    const auto sent = verb == "re" ? handheld.reply(it, text) : handheld.react(it, text);
    if (!sent.ok()) say(name, "error", sent.error().text);
}

bool Console::ordered(const std::string& name, const std::string& what) {
    MeshNode* node = world_.node(name);
    if (node == nullptr) return false;
    Handheld* handheld = world_.handheld(name);
    if (what == "on" || what == "off") {
        if (handheld != nullptr) {
            handheld->turn(what == "on");
        } else {
            node->turn(what == "on");
        }
        say(name, what, "");
        return true;
    }
    if (what != "list" || handheld == nullptr) return false;
    list(name);
    return true;
}

bool Console::general(const std::string& word, const std::string& rest, std::string& speaker) {
    const bool own = !speaker.empty() && (word == "on" || word == "off" || word == "list");
    if (word == "quit") return false;
    if (own) {
        ordered(speaker, word);
    } else if (word == "nodes") {
        nodes();
    } else if (word == "as" && world_.handheld(rest) != nullptr) {
        speaker = rest;
    } else if (word == "help") {
        help();
    } else {
        error("write NAME: TEXT, NAME>NAME: TEXT, NAME off, NAME on, help or quit");
    }
    return true;
}

void Console::list(const std::string& name) {
    const auto& inbox = world_.handheld(name)->inbox();
    if (inbox.empty()) say(name, "list", "nothing yet");
    for (std::size_t i = 0; i < inbox.size(); ++i) {
        emit({name, "list",
              std::to_string(i + 1) + ' ' + world_.name_of(inbox[i].from) + ": " + inbox[i].text,
              world_.name_of(inbox[i].from), inbox[i].packet_id, inbox[i].reply_id, i + 1});
    }
}

void Console::nodes() {
    for (const auto& each : world_.inhabitants()) {
        std::string text = node_id(each.node->number()) + ' ' + each.facts.long_name;
        text += each.node->on() ? "" : ", off";
        text += each.device ? ", a device" : "";
        say(each.facts.name, "is", text);
    }
    const Air& air = world_.air();
    say("village", "channel",
        std::to_string(air.transmissions()) + " packets on the air, " +
            std::to_string(air.collisions()) + " collisions, " +
            std::to_string(air.used().count() / 1000) + " s of airtime");
}

void Console::help() {
    for (const char* each :
         {"ana: text         Ana writes to the post; with `as ana` just the text",
          "ana>ben: text     ... to Ben; ana>all: on the channel; ana!: text rings every bell",
          "ana list          what her screen shows; ana re 2: text answers 2; ana react 2: 👍",
          "ana off, ana on   out of reach, and back",
          "nodes, as NAME, quit; after `as` they take a slash: /list /off /on /nodes /quit"}) {
        say("village", "help", each);
    }
}

}  // namespace waypost::simulator
