// SPDX-License-Identifier: Apache-2.0
#include "radio/lora_modem/dialogue.h"

namespace waypost::lora_modem {
namespace {

constexpr int kTries = 3;
constexpr milliseconds kWait{700};
constexpr std::size_t kMostQuoted = 40;

std::string quoted(std::string_view text) {
    std::string out = "`";
    for (const char c : text.substr(0, kMostQuoted)) out += c >= ' ' && c <= '~' ? c : '?';
    return out + '`';
}

}  // namespace

std::string Dialogue::begin(std::vector<Question> questions, BoxTime now) {
    questions_ = std::move(questions);
    at_ = 0;
    tries_ = 0;
    state_ = questions_.empty() ? State::Done : State::Asking;
    return state_ == State::Done ? std::string() : ask(now);
}

std::string Dialogue::ask(BoxTime now) {
    ++tries_;
    due_ = now + kWait;
    return questions_[at_].command + "\r\n";
}

std::string Dialogue::ask_again(BoxTime now, State else_state) {
    if (tries_ < kTries) return ask(now);
    state_ = else_state;
    return {};
}

std::string Dialogue::take(std::string_view line, BoxTime now) {
    if (state_ != State::Asking) return {};
    switch (questions_[at_].judge(line)) {
        case Verdict::NotMine:
            return {};
        case Verdict::Refused:
            refusal_ = line;
            return ask_again(now, State::Refused);
        case Verdict::Answered:
            break;
    }
    tries_ = 0;
    if (++at_ < questions_.size()) return ask(now);
    state_ = State::Done;
    return {};
}

std::string Dialogue::tick(BoxTime now) {
    if (state_ != State::Asking || now < due_) return {};
    return ask_again(now, State::Silent);
}

std::string Dialogue::problem() const {
    if (state_ == State::Silent) return "no answer to " + quoted(questions_[at_].command);
    if (state_ == State::Refused)
        return "the modem answers " + quoted(refusal_) + " to " + quoted(questions_[at_].command);
    return {};
}

}  // namespace waypost::lora_modem
