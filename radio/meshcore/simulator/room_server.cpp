// SPDX-License-Identifier: Apache-2.0
#include "radio/meshcore/simulator/room_server.h"

#include "radio/meshcore/wire_bytes.h"

namespace waypost::meshcore {
namespace {

constexpr std::size_t kPasswordAt = 8;  // behind the time and since when posts are wanted
constexpr int kMostTries = 4;
constexpr milliseconds kTryAgain{12'000};
constexpr std::uint8_t kLoginOk = 0;

}  // namespace

RoomServer::RoomServer(Scheduler& scheduler, Node& node, std::string password)
    : scheduler_(scheduler), node_(node), password_(std::move(password)) {
    node_.on_login = [this](const std::string& key, const std::string& plain) {
        let_in(key, plain);
    };
    node_.on_text = [this](const GotText& got) { take(got); };
    node_.on_ack = [this](std::uint32_t ack) { acknowledged(ack); };
}

// A wrong password is not answered.
void RoomServer::let_in(const std::string& key, const std::string& plain) {
    if (plain.size() < kPasswordAt) return;
    const std::string given =
        plain.substr(kPasswordAt, plain.find('\0', kPasswordAt) - kPasswordAt);
    if (given != password_) return;
    members_.try_emplace(key);
    std::string answer;
    put32(answer, node_.unique_time());
    put8(answer, kLoginOk);
    answer += std::string(3, '\0');
    node_.answer(key, answer);
}

void RoomServer::take(const GotText& got) {
    const bool member = members_.count(got.from) > 0;
    if (!member || got.channel >= 0 || got.plain.type != kPlain) return;
    if (!taken_.emplace(got.from, got.plain.time).second) return;
    const Post post{got.from, node_.unique_time(), got.plain.text};
    for (auto& [key, waiting] : members_) {
        if (key == got.from) continue;
        waiting.push_back({post, 0, {}});
        if (waiting.size() == 1) push(key);
    }
}

// One at a time to each.
void RoomServer::push(const std::string& member) {
    auto& waiting = members_.at(member);
    while (!waiting.empty() && waiting.front().tries >= kMostTries) waiting.pop_front();
    if (waiting.empty()) return;
    Push& first = waiting.front();
    PlainText text;
    text.time = first.post.time;
    text.type = kSigned;
    text.author = first.post.author.substr(0, kAuthorBytes);
    text.text = first.post.text;
    if (const auto sent = node_.send_text(member, first.tries, text)) first.acks.insert(sent->ack);
    ++first.tries;
    scheduler_.after(kTryAgain, [this, member, time = text.time] {
        const auto& now = members_.at(member);
        if (!now.empty() && now.front().post.time == time) push(member);
    });
}

void RoomServer::acknowledged(std::uint32_t ack) {
    for (auto& [key, waiting] : members_) {
        if (waiting.empty() || waiting.front().acks.count(ack) == 0) continue;
        waiting.pop_front();
        push(key);
    }
}

}  // namespace waypost::meshcore
