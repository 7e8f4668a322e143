// SPDX-License-Identifier: Apache-2.0
// Makes a module as the operator wants it: each value is read, set where it differs, and read
// back; flash is written only if something did differ. Then all that the driver needs is read.
#pragma once

#include <functional>

#include "radio/xbee/at_dialogue.h"
#include "radio/xbee/module.h"
#include "radio/xbee/settings.h"

namespace waypost::xbee {

class Setup {
  public:
    enum class State { Idle, Running, Done, Refused, NoAnswer };
    // Called when the module has changed how it speaks, before the next question goes out.
    struct Changes {
        std::function<void(ApiMode)> mode;
        std::function<void(int)> speed;
    };

    Setup(const Settings& settings, AtDialogue& at, Module& module, Changes changes);

    void start(ApiMode now_in);
    void stop() { state_ = State::Idle; }
    State state() const { return state_; }
    const std::string& trouble() const { return trouble_; }  // a sentence, unless Done
    int written() const { return written_; }                 // values that differed, since start()

  private:
    void make(const std::string& name, const std::string& value,
              std::function<void()> changed = {});
    void set(const std::string& name, const std::string& value, std::function<void()> changed);
    void read_back(const std::string& name, const std::string& value);
    void line(const AtLine& line);
    void finish_values();
    void read_all();
    void check();
    bool good(const AtAnswer& answer, const std::string& value = {});
    void give_up(State state, std::string trouble);

    const Settings& settings_;
    AtDialogue& at_;
    Module& module_;
    Changes changes_;
    State state_ = State::Idle;
    std::string trouble_;
    int written_ = 0;
    int open_values_ = 0;  // that are not as wanted yet
};

}  // namespace waypost::xbee
