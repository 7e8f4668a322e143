// SPDX-License-Identifier: Apache-2.0
#include "gateway/delivery/durable_state.h"

#include <stdexcept>

namespace waypost {
namespace {

void write(store::Tables& tables, const TransportId& id, const std::string& key,
           const std::optional<std::string>& value) {
    if (value)
        tables.state.put(id, key, *value);
    else
        tables.state.erase(id, key);
}

}  // namespace

// What is not on disk, as far as is known.
class DurableState::Unwritten {
  public:
    std::uint64_t add(const std::string& key, const Value& value) {
        const std::lock_guard lock(mutex_);
        Change& change = changes_[key];
        change.value = value;
        return change.number = ++last_;
    }
    // The store wrote this change, or would not take it.
    void ended(const std::string& key, std::uint64_t number, bool on_disk) {
        const std::lock_guard lock(mutex_);
        const auto found = changes_.find(key);
        if (found == changes_.end()) return;
        if (!on_disk)
            found->second.refused = true;
        else if (found->second.number == number)
            changes_.erase(found);
    }
    std::optional<Value> find(const std::string& key) const {
        const std::lock_guard lock(mutex_);
        const auto found = changes_.find(key);
        if (found == changes_.end()) return std::nullopt;
        return std::optional<Value>(std::in_place, found->second.value);
    }
    Changes with_prefix(const std::string& prefix) const {
        const std::lock_guard lock(mutex_);
        Changes some;
        for (auto each = changes_.lower_bound(prefix);
             each != changes_.end() && each->first.compare(0, prefix.size(), prefix) == 0; ++each)
            some.insert(*each);
        return some;
    }
    Changes refused() const {
        const std::lock_guard lock(mutex_);
        Changes some;
        for (const auto& each : changes_)
            if (each.second.refused) some.insert(each);
        return some;
    }

  private:
    mutable std::mutex mutex_;
    Changes changes_;
    std::uint64_t last_ = 0;
};

DurableState::DurableState(store::Store& store, TransportId id)
    : store_(store), id_(std::move(id)), unwritten_(std::make_shared<Unwritten>()) {}
DurableState::~DurableState() = default;

// Memory is looked at before the store: a change is in one of them.
std::optional<std::string> DurableState::get(const std::string& key) const {
    if (const auto value = unwritten_->find(key)) return *value;
    auto stored = store_.read([&](store::Tables& t) { return t.state.get(id_, key); });
    return stored.ok() ? stored.value() : std::nullopt;
}

std::map<std::string, std::string> DurableState::with_prefix(const std::string& prefix) const {
    const auto changes = unwritten_->with_prefix(prefix);
    auto stored = store_.read([&](store::Tables& t) { return t.state.with_prefix(id_, prefix); });
    if (!stored.ok())
        throw std::runtime_error("cannot read the state of " + id_ + ": " + stored.error().text);
    std::map<std::string, std::string> all = std::move(*stored);
    for (const auto& [key, change] : changes) {
        if (change.value)
            all[key] = *change.value;
        else
            all.erase(key);
    }
    return all;
}

void DurableState::put(const std::string& key, std::string value) { change(key, std::move(value)); }
void DurableState::erase(const std::string& key) { change(key, std::nullopt); }

// Numbered in the order of submission, whichever threads it comes from.
void DurableState::change(const std::string& key, Value value) {
    const std::lock_guard order(order_);
    const std::uint64_t number = unwritten_->add(key, value);
    store_.writer().submit(
        [id = id_, key, value = std::move(value)](store::Tables& t) { write(t, id, key, value); },
        [unwritten = unwritten_, key, number](const Result<void>& stored) {
            unwritten->ended(key, number, stored.ok());
        });
}

// Its job runs behind those of the changes: by then it is known which of them the store would not
// take, and they are written again with this.
void DurableState::when_durable(std::function<void(bool)> on_disk) {
    auto again = std::make_shared<Changes>();
    store_.writer().submit(
        [id = id_, unwritten = unwritten_, again](store::Tables& t) {
            *again = unwritten->refused();
            for (const auto& [key, change] : *again) write(t, id, key, change.value);
        },
        [unwritten = unwritten_, again, on_disk = std::move(on_disk)](const Result<void>& stored) {
            for (const auto& [key, change] : *again)
                unwritten->ended(key, change.number, stored.ok());
            on_disk(stored.ok());
        });
}

}  // namespace waypost
