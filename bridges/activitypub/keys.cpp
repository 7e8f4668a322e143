// SPDX-License-Identifier: Apache-2.0
#include "bridges/activitypub/keys.h"

#include <stdexcept>

namespace waypost::activitypub {
namespace {

constexpr char kKey[] = "key/";  // "SECONDS PEM", the seconds at which it was made
constexpr std::size_t kMostKnown = 64;

}  // namespace

std::shared_ptr<const SigningKey> Keys::of(const std::string& name) {
    const std::lock_guard lock(mutex_);
    if (const auto known = known_.find(name); known != known_.end()) return known->second;
    const std::int64_t now = to_ms(clock_.wall()) / 1000;
    std::shared_ptr<const SigningKey> key;
    if (const auto kept = state_.get(kKey + name)) {
        const std::int64_t made = std::strtoll(kept->c_str(), nullptr, 10);
        const std::int64_t age = now - made;
        const bool old = rotate_.count() > 0 && age > std::chrono::seconds(rotate_).count();
        auto read = SigningKey::from_pem(kept->substr(kept->find(' ') + 1));
        if (read.ok() && !old) key = std::make_shared<const SigningKey>(std::move(*read));
    }
    if (!key) {
        auto made = SigningKey::make();
        if (!made.ok()) throw std::runtime_error(made.error().text);
        state_.put(kKey + name, std::to_string(now) + ' ' + made->private_pem());
        key = std::make_shared<const SigningKey>(std::move(*made));
    }
    if (known_.size() >= kMostKnown) known_.erase(known_.begin());
    known_[name] = key;
    return key;
}

}  // namespace waypost::activitypub
