// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/mailbox/sent_memory.h"

#include <algorithm>
#include <charconv>
#include <utility>

namespace waypost::email {
namespace {

constexpr char kNext[] = "sent-next";

std::string key(std::size_t slot) { return "sent-" + std::to_string(slot); }

bool one_word(const std::string& text) {
    return text.find_first_of(" \t\r\n") == std::string::npos;
}

}  // namespace

std::string encode(const SentMail& mail) {
    return mail.id + ' ' + mail.answer_to + ' ' + std::to_string(mail.day) + ' ' + mail.token;
}

std::optional<SentMail> parse_sent_mail(std::string_view text) {
    const std::size_t first = text.find(' ');
    const std::size_t second = first == std::string_view::npos ? first : text.find(' ', first + 1);
    const std::size_t third =
        second == std::string_view::npos ? second : text.find(' ', second + 1);
    if (third == std::string_view::npos) return std::nullopt;
    SentMail mail{std::string(text.substr(0, first)),
                  std::string(text.substr(first + 1, second - first - 1)),
                  std::string(text.substr(third + 1)), 0};
    const std::string_view day = text.substr(second + 1, third - second - 1);
    const auto read = std::from_chars(day.data(), day.data() + day.size(), mail.day);
    if (read.ec != std::errc() || read.ptr != day.data() + day.size()) return std::nullopt;
    if (std::to_string(mail.day) != day) return std::nullopt;
    if (mail.id.empty() || mail.answer_to.empty() || !one_word(mail.token)) return std::nullopt;
    return mail;
}

void SentMemory::load(TransportState& state) {
    state_ = &state;
    const std::string next = state.get(kNext).value_or("0");
    std::size_t count = 0;
    std::from_chars(next.data(), next.data() + next.size(), count);
    next_ = count;
    for (std::size_t slot = 0; slot < std::min(count, kMost); ++slot) {
        const auto text = state.get(key(slot));
        if (auto mail = parse_sent_mail(text.value_or(""))) place(slot, std::move(*mail));
    }
}

void SentMemory::remember(SentMail mail) {
    if (!one_word(mail.id) || !one_word(mail.answer_to) || mail.answer_to.empty()) return;
    const auto known = by_id_.find(mail.id);
    const std::size_t slot = known != by_id_.end() ? known->second : next_++ % kMost;
    if (state_ != nullptr) {
        state_->put(key(slot), encode(mail));
        state_->put(kNext, std::to_string(next_));
    }
    place(slot, std::move(mail));
}

void SentMemory::place(std::size_t slot, SentMail mail) {
    if (slots_.size() <= slot) slots_.resize(slot + 1);
    forget(slot);
    by_id_[mail.id] = slot;
    slots_[slot] = std::move(mail);
    if (!slots_[slot].token.empty()) point(slots_[slot].token, slot);
}

// Another mail of the conversation may have the mark still.
void SentMemory::forget(std::size_t slot) {
    const SentMail old = std::exchange(slots_[slot], {});
    by_id_.erase(old.id);
    const auto token = by_token_.find(old.token);
    if (token == by_token_.end() || token->second != slot) return;
    by_token_.erase(token);
    for (std::size_t other = 0; other < slots_.size(); ++other) {
        if (slots_[other].token == old.token) point(old.token, other);
    }
}

void SentMemory::point(const std::string& token, std::size_t slot) {
    const auto [known, first] = by_token_.emplace(token, slot);
    if (first) return;
    const std::int64_t before = slots_[known->second].day;
    const std::int64_t now = slots_[slot].day;
    if (now < before || now - before >= kMarkDays) known->second = slot;
}

const SentMail* SentMemory::by_id(const WireId& id) const {
    const auto found = by_id_.find(id);
    return found == by_id_.end() ? nullptr : &slots_[found->second];
}

const SentMail* SentMemory::by_token(const std::string& token) const {
    const auto found = by_token_.find(token);
    return found == by_token_.end() ? nullptr : &slots_[found->second];
}

}  // namespace waypost::email
