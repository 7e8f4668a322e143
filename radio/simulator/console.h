// SPDX-License-Identifier: Apache-2.0
// What people and tests type into a running village, and what they read back. No I/O. One thread.
//   NAME: text          to the first device (the post)      NAME>OTHER: text   to another radio
//   NAME>all: text      on the channel                      NAME!: text        the critical bell
//   NAME re 2: text     answers what NAME's screen shows as 2
//   NAME react 2: 👍    a tapback
//   NAME list           NAME's screen (also "NAME> list")   NAME off | NAME on
//   nodes               who is there, and how busy the channel is
//   as NAME             a bare text is NAME's from now on   help, quit
// With a speaker the words of the last lines take a slash (/list, /off, /nodes, /quit), so that
// whatever else is typed can be a message.
#pragma once

#include <functional>
#include <string>

#include "radio/simulator/world.h"

namespace waypost::simulator {

class Console {
  public:
    // `out` gets one line at a time, without its end; in JSON an object {who, what, text, ...}.
    Console(World& world, bool json, std::function<void(const std::string& line)> out);

    // Does what one line says. `speaker`: whose a bare text is; empty: nobody's. False: quit.
    bool line(const std::string& typed, std::string& speaker);
    std::string first_handheld();
    void say(const std::string& who, const std::string& what, const std::string& text);

  private:
    struct Event {
        std::string who, what, text;
        std::string from;  // who wrote what is seen
        std::uint32_t id = 0, reply_id = 0;
        std::size_t number = 0;  // on that screen
    };
    void emit(const Event& event);
    void error(const std::string& text) { say("village", "error", text); }
    void watch(const std::string& name, Handheld& handheld);
    void shown(const std::string& name, const Shown& shown, std::size_t number);
    void ticked(const std::string& name, std::uint32_t id, const Tick& tick);
    bool spoken(const std::string& head, const std::string& text);
    bool ordered(const std::string& name, const std::string& what);
    bool general(const std::string& word, const std::string& rest, std::string& speaker);
    void send(const std::string& name, const std::string& to, const std::string& text);
    void answer(const std::string& name, const std::string& verb, const std::string& number,
                const std::string& text);
    void list(const std::string& name);
    void nodes();
    void help();

    World& world_;
    bool json_;
    std::function<void(const std::string&)> out_;
};

}  // namespace waypost::simulator
