// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/mailbox/sent_copies.h"

#include <charconv>

namespace waypost::email {
namespace {

constexpr char kBounds[] = "copies";

}  // namespace

void SentCopies::load(TransportState& state) {
    const std::lock_guard lock(mutex_);
    state_ = &state;
    const std::string bounds = state.get(kBounds).value_or("0 0");
    const char* const last = bounds.data() + bounds.size();
    const auto first = std::from_chars(bounds.data(), last, first_);
    if (first.ptr != last) std::from_chars(first.ptr + 1, last, end_);
    if (end_ < first_ || end_ - first_ > kMost) end_ = first_;
}

void SentCopies::put_bounds() {
    state_->put(kBounds, std::to_string(first_) + ' ' + std::to_string(end_));
}

bool SentCopies::add(std::string mail) {
    const std::lock_guard lock(mutex_);
    const bool large = mail.size() > kMostDurable;
    if (end_ - first_ >= kMost || (large && large_bytes_ + mail.size() > kMostInMemory))
        return false;
    if (large) {
        large_bytes_ += mail.size();
        // A kill may have left another mail there, and a restart forgets this one.
        if (state_->get(slot(end_))) state_->erase(slot(end_));
        large_[end_++] = std::move(mail);
    } else {
        state_->put(slot(end_++), std::move(mail));
    }
    put_bounds();
    return true;
}

std::optional<std::string> SentCopies::front() const {
    const std::lock_guard lock(mutex_);
    if (first_ == end_) return std::nullopt;
    const auto large = large_.find(first_);
    if (large != large_.end()) return large->second;
    return state_->get(slot(first_)).value_or("");
}

void SentCopies::pop() {
    const std::lock_guard lock(mutex_);
    if (first_ == end_) return;
    const auto large = large_.find(first_);
    if (large != large_.end()) {
        large_bytes_ -= large->second.size();
        large_.erase(large);
    } else {
        state_->erase(slot(first_));
    }
    ++first_;
    put_bounds();
}

std::size_t SentCopies::size() const {
    const std::lock_guard lock(mutex_);
    return end_ - first_;
}

}  // namespace waypost::email
