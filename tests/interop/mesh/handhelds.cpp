// SPDX-License-Identifier: Apache-2.0
#include "tests/interop/mesh/handhelds.h"

#include <algorithm>

#include "tests/interop/mail/peers.h"

namespace waypost::interop {

void Handhelds::look() {
    for (OnScreen& each : mesh_.look()) shown_.push_back(std::move(each));
}

std::vector<std::string> Handhelds::screen(const std::string& who) {
    look();
    std::vector<std::string> texts;
    for (const OnScreen& each : shown_)
        if (each.who == who) texts.push_back(each.text);
    return texts;
}

bool Handhelds::shows(const std::string& who, const std::string& text) {
    return eventually([&] {
        const auto all = screen(who);
        return std::find(all.begin(), all.end(), text) != all.end();
    });
}

bool Handhelds::shows_some(const std::string& who, const std::string& begin,
                           const std::string& end) {
    return eventually([&] {
        const auto all = screen(who);
        return std::any_of(all.begin(), all.end(), [&](const std::string& text) {
            return text.size() >= begin.size() + end.size() && text.starts_with(begin) &&
                   text.ends_with(end);
        });
    });
}

std::string Handhelds::seen() {
    look();
    std::string all;
    for (const OnScreen& each : shown_) all += each.who + " sees: " + each.text + '\n';
    return all;
}

}  // namespace waypost::interop
