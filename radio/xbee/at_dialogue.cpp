// SPDX-License-Identifier: Apache-2.0
#include "radio/xbee/at_dialogue.h"

namespace waypost::xbee {

std::uint8_t FrameIds::take() {
    for (int i = 0; i < 255; ++i) {
        last_ = static_cast<std::uint8_t>(last_ % 255 + 1);
        if (open_.test(last_)) continue;
        open_.set(last_);
        return last_;
    }
    return 0;
}

void AtDialogue::ask(std::string name, std::string value, Done done) {
    waiting_.push_back({{0, std::move(name), std::move(value), false}, std::move(done)});
}

void AtDialogue::ask_first(std::string name, Done done) {
    std::erase_if(waiting_,
                  [&](const Question& q) { return q.command.name == name && q.tries == 1; });
    waiting_.push_front({{0, std::move(name), {}, false}, std::move(done), 1, milliseconds(300)});
}

void AtDialogue::clear() {
    if (open_) ids_.give_back(open_->command.id);
    open_.reset();
    waiting_.clear();
}

std::optional<AtCommand> AtDialogue::due(BoxTime now) {
    if (open_ && now < open_->deadline) return std::nullopt;
    if (open_ && open_->tries == 0) {
        end({open_->command.id, open_->command.name, kNoAnswer, {}});
        if (open_) return std::nullopt;
    }
    if (!open_) {
        if (waiting_.empty()) return std::nullopt;
        const std::uint8_t id = ids_.take();
        if (id == 0) return std::nullopt;
        open_ = std::move(waiting_.front());
        waiting_.pop_front();
        open_->command.id = id;
    }
    --open_->tries;
    open_->deadline = now + open_->wait;
    return open_->command;
}

bool AtDialogue::answered(const AtAnswer& answer) {
    if (!open_ || open_->command.id != answer.id || open_->command.name != answer.name)
        return false;
    end(answer);
    return true;
}

void AtDialogue::end(const AtAnswer& answer) {
    const Question ended = std::move(*open_);
    open_.reset();
    ids_.give_back(ended.command.id);
    ended.done(answer);
}

}  // namespace waypost::xbee
