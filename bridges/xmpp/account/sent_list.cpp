// SPDX-License-Identifier: Apache-2.0
#include "bridges/xmpp/account/sent_list.h"

#include <algorithm>

namespace waypost::xmpp {

void SentList::begin() {
    stanzas_.clear();
    first_ = next_ = 1;
    last_ = bytes_ = on_the_way_ = 0;
    open_ = true;
    refused_ = false;
}

std::vector<BarrierDone> SentList::end() {
    std::vector<BarrierDone> done;
    for (Waiter& each : waiters_) done.push_back(std::move(each.done));
    waiters_.clear();
    begin();
    open_ = false;
    return done;
}

Sent SentList::add(std::string xml, bool anyway) {
    if (!open_) return Sent::Down;
    if (!anyway && bytes_ > 0 && bytes_ + xml.size() > most_) {
        refused_ = true;
        return Sent::Full;
    }
    bytes_ += xml.size();
    stanzas_.push_back(std::move(xml));
    ++last_;
    return Sent::Queued;
}

const std::string* SentList::next() const {
    return next_ > last_ ? nullptr : &stanzas_[static_cast<std::size_t>(next_ - first_)];
}

void SentList::wrote() {
    on_the_way_ += next()->size();
    ++next_;
}

std::size_t SentList::write_again() {
    on_the_way_ = 0;
    const auto written = static_cast<std::size_t>(next_ - first_);
    next_ = first_;
    return written;
}

std::vector<BarrierDone> SentList::acknowledged(std::uint64_t count) {
    for (const std::uint64_t up_to = std::min(count, next_ - 1); first_ <= up_to; ++first_) {
        bytes_ -= stanzas_.front().size();
        on_the_way_ -= stanzas_.front().size();
        stanzas_.pop_front();
    }
    std::vector<BarrierDone> done;
    while (!waiters_.empty() && waiters_.front().behind < first_) {
        done.push_back(std::move(waiters_.front().done));
        waiters_.pop_front();
    }
    return done;
}

bool SentList::has_room() {
    if (!refused_ || bytes_ > most_ / 2) return false;
    refused_ = false;
    return true;
}

}  // namespace waypost::xmpp
