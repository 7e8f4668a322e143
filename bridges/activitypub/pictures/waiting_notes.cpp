// SPDX-License-Identifier: Apache-2.0
#include "bridges/activitypub/pictures/waiting_notes.h"

#include <algorithm>

#include "bridges/activitypub/network.h"
#include "gateway/base/log.h"
#include "gateway/base/numbered_key.h"

namespace waypost::activitypub {
namespace {

constexpr char kPrefix[] = "wait/";
constexpr std::chrono::minutes kAgain{5};

// The note itself, or an edit: its id, # and a time.
bool is_of(const std::string& origin_id, const std::string& note_id) {
    return origin_id.compare(0, note_id.size(), note_id) == 0 &&
           (origin_id.size() == note_id.size() || origin_id[note_id.size()] == '#');
}

}  // namespace

WaitingNotes::WaitingNotes(TransportState& state, const Clock& clock, TransportId transport,
                           Attach attach, WaitingLimits limits)
    : state_(state),
      clock_(clock),
      transport_(std::move(transport)),
      attach_(std::move(attach)),
      limits_(limits) {
    restore();
}

WaitingNotes::~WaitingNotes() { stop(); }

void WaitingNotes::start(Hand hand) {
    hand_ = std::move(hand);
    for (int i = 0; i < limits_.workers; ++i) workers_.emplace_back([this] { work(); });
}

void WaitingNotes::restore() {
    const std::lock_guard lock(mutex_);
    for (const auto& [key, text] : state_.with_prefix(kPrefix)) {
        last_key_ = std::max(last_key_, number_of_key(kPrefix, key));
        auto note = read_waiting_note(text);
        if (note.ok()) {
            note->message.network = kNetwork;
            note->message.transport = transport_;
            note->message.verified_sender = true;
            add(std::make_shared<Item>(Item{key, std::move(*note)}));
            continue;
        }
        log(Level::Error, "activitypub", "kept-unreadable",
            {{"key", key}, {"why", note.error().text}});
        state_.erase(key);
    }
}

void WaitingNotes::stop(const std::function<void()>& cut) {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    if (cut) cut();
    changed_.notify_all();
    for (std::thread& worker : workers_) worker.join();
    workers_.clear();
}

void WaitingNotes::tick() {
    const std::lock_guard lock(mutex_);
    if (count_ > 0) changed_.notify_all();
}

bool WaitingNotes::holds(const Address& author) const {
    const std::lock_guard lock(mutex_);
    return count_ > 0 && authors_.count(author.value) > 0;
}

bool WaitingNotes::has(const std::string& origin_id) const {
    const std::lock_guard lock(mutex_);
    for (const auto& [address, author] : authors_)
        for (const auto& item : author.items)
            if (!item->dropped && item->note.message.origin_id == origin_id) return true;
    return false;
}

std::size_t WaitingNotes::waiting() const {
    const std::lock_guard lock(mutex_);
    return count_;
}

// With the mutex.
void WaitingNotes::add(std::shared_ptr<Item> item) {
    authors_[item->note.message.from.value].items.push_back(std::move(item));
    ++count_;
}

bool WaitingNotes::take(WaitingNote note) {
    {
        const std::lock_guard lock(mutex_);
        const auto known = authors_.find(note.message.from.value);
        const std::size_t his = known == authors_.end() ? 0 : known->second.items.size();
        if (stopping_ || count_ >= limits_.notes || his >= limits_.of_author) return false;
        auto item =
            std::make_shared<Item>(Item{numbered_key(kPrefix, ++last_key_), std::move(note)});
        state_.put(item->key, write_waiting_note(item->note));
        add(std::move(item));
    }
    changed_.notify_all();
    return true;
}

bool WaitingNotes::drop(const std::string& note_id) {
    std::unique_lock lock(mutex_);
    std::vector<std::shared_ptr<Item>> found;
    for (const auto& [address, author] : authors_)
        for (const auto& item : author.items)
            if (is_of(item->note.message.origin_id, note_id)) found.push_back(item);
    bool any = false;
    for (const auto& item : found) {
        changed_.wait(lock, [&] { return !item->handing; });
        if (item->done || item->dropped) continue;
        item->dropped = any = true;
        state_.erase(item->key);
    }
    changed_.notify_all();
    return any;
}

// With the mutex.
WaitingNotes::Authors::iterator WaitingNotes::next() {
    const BoxTime now = clock_.box();
    return std::find_if(authors_.begin(), authors_.end(), [&](const auto& each) {
        return !each.second.at_work && !each.second.items.empty() && each.second.next <= now;
    });
}

void WaitingNotes::work() {
    std::unique_lock lock(mutex_);
    for (;;) {
        Authors::iterator turn;
        changed_.wait(lock, [&] { return stopping_ || (turn = next()) != authors_.end(); });
        if (stopping_) return;
        Author& author = turn->second;
        author.at_work = true;  // and thus stays where he is
        const std::shared_ptr<Item> item = author.items.front();
        pass(lock, author, *item);
        author.at_work = false;
        if (stopping_ && !item->done) return;
        if (item->done || item->dropped) {
            author.items.pop_front();
            --count_;
        }
        if (author.items.empty()) authors_.erase(turn);
        changed_.notify_all();
    }
}

void WaitingNotes::pass(std::unique_lock<std::mutex>& lock, Author& author, Item& item) {
    if (item.dropped) return;
    Message message = item.note.message;
    lock.unlock();
    if (!item.note.pictures.empty()) attach_(message, item.note);
    lock.lock();
    // Cut, or its author took it back.
    if (stopping_ || item.dropped) return;
    item.handing = true;
    lock.unlock();
    const bool done = hand_(std::move(message));
    lock.lock();
    item.handing = false;
    item.done = done;
    if (done) {
        state_.erase(item.key);
    } else {
        author.next = clock_.box() + kAgain;
    }
}

}  // namespace waypost::activitypub
