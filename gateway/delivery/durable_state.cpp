// SPDX-License-Identifier: Apache-2.0
#include "gateway/delivery/durable_state.h"

#include <mutex>
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
    struct Change {
        Value value;
        std::uint64_t number = 0;
    };
    using Changes = std::map<std::string, Change>;

    std::uint64_t add(const std::string& key, const Value& value) {
        const std::lock_guard lock(mutex_);
        changes_[key] = {value, ++last_};
        return last_;
    }
    void written(const std::string& key, std::uint64_t number) {
        const std::lock_guard lock(mutex_);
        const auto found = changes_.find(key);
        if (found != changes_.end() && found->second.number == number) changes_.erase(found);
    }
    std::optional<Value> find(const std::string& key) const {
        const std::lock_guard lock(mutex_);
        const auto found = changes_.find(key);
        if (found == changes_.end()) return std::nullopt;
        return std::optional<Value>(std::in_place, found->second.value);
    }
    Changes up_to(std::uint64_t number) const {
        const std::lock_guard lock(mutex_);
        Changes some = changes_;
        std::erase_if(some, [&](const auto& each) { return each.second.number > number; });
        return some;
    }
    std::uint64_t last() const {
        const std::lock_guard lock(mutex_);
        return last_;
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
    const auto changes = unwritten_->up_to(UINT64_MAX);
    auto stored = store_.read([&](store::Tables& t) { return t.state.with_prefix(id_, prefix); });
    if (!stored.ok())
        throw std::runtime_error("cannot read the state of " + id_ + ": " + stored.error().text);
    std::map<std::string, std::string> all = std::move(*stored);
    for (const auto& [key, change] : changes) {
        if (key.compare(0, prefix.size(), prefix) != 0) continue;
        if (change.value)
            all[key] = *change.value;
        else
            all.erase(key);
    }
    return all;
}

void DurableState::put(const std::string& key, std::string value) { change(key, std::move(value)); }
void DurableState::erase(const std::string& key) { change(key, std::nullopt); }

void DurableState::change(const std::string& key, Value value) {
    const std::uint64_t number = unwritten_->add(key, value);
    store_.writer().submit(
        [id = id_, key, value = std::move(value)](store::Tables& t) { write(t, id, key, value); },
        [unwritten = unwritten_, key, number](const Result<void>& stored) {
            if (stored.ok()) unwritten->written(key, number);
        });
}

// Its job runs behind those of the changes: what is still unwritten then may be what the store
// would not take, and is written again with this.
void DurableState::when_durable(std::function<void(bool)> on_disk) {
    auto again = std::make_shared<Unwritten::Changes>();
    store_.writer().submit(
        [id = id_, unwritten = unwritten_, again, last = unwritten_->last()](store::Tables& t) {
            *again = unwritten->up_to(last);
            for (const auto& [key, change] : *again) write(t, id, key, change.value);
        },
        [unwritten = unwritten_, again, on_disk = std::move(on_disk)](const Result<void>& stored) {
            if (stored.ok()) {
                for (const auto& [key, change] : *again) unwritten->written(key, change.number);
            }
            on_disk(stored.ok());
        });
}

}  // namespace waypost
