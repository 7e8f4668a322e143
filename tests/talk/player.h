// SPDX-License-Identifier: Apache-2.0
// Plays one talk on a stage of its own.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "app/demo/stage.h"
#include "script.h"

namespace waypost::talk {

class Player {
  public:
    // `bin`: the folder of the programs. Throws if there is no such file.
    Player(std::string file, const std::string& bin);

    // Empty if all went as written; else where it did not, what came instead, and the logs' ends.
    std::string play();

  private:
    struct Failure : std::runtime_error {
        using std::runtime_error::runtime_error;
    };
    struct Line {
        std::string text;
        bool expected = false;  // a step of the talk named it
    };

    void start();
    void step(const Step& step);
    bool of_handheld(const std::string& name, const Step& step);
    bool of_outsider(const std::string& name, const Step& step);
    bool of_box(const Step& step);
    void sees(const std::string& name, const std::string& text, std::size_t most_bytes);
    void sees_nothing(const std::string& name);
    void gets(const std::string& name, const std::string& text);
    void gets_nothing(const std::string& name);
    void it_says(const std::string& text);
    void answers(const std::string& name, const std::string& text);
    void writes(const std::string& name, const std::string& to, const std::string& text);
    void is_refused(const std::string& name, const std::string& text);
    void says(const std::string& text);
    void nothing_left();

    // Takes what the village prints, until `done` or the time is over.
    bool watch(const std::function<bool()>& done, std::chrono::milliseconds within);
    void take(const std::string& printed);
    bool is_handheld(const std::string& name) const;
    std::vector<std::string> lines_of(const demo::BobsMail& mail) const;
    std::size_t unexpected_mail(const std::string& name) const;  // npos: none
    std::string seen_by(const std::string& name) const;

    std::string file_;
    std::vector<Step> steps_;
    demo::Stage stage_;
    std::map<std::string, std::vector<Line>> seen_;  // what the box said, by handheld
    std::vector<bool> mail_expected_;                // by place in the mailbox
    std::size_t mail_ = std::string::npos;           // of the last `gets`
    std::string refused_;                            // what the box said to the last mail
    bool was_refused_ = false;
    std::string ran_;        // the arguments of the last `run`
    std::string printed_;    // and what it printed
    std::string complaint_;  // of the village about a line
};

}  // namespace waypost::talk
