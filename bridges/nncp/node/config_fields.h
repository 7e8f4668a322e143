// SPDX-License-Identifier: Apache-2.0
// The members of one object of a configuration, each by its kind. The first thing that is wrong
// stays, with line and key; after it nothing is read any more.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <optional>

#include "bridges/nncp/node/hjson.h"
#include "bridges/nncp/packet/ids.h"
#include "gateway/base/secret.h"

namespace waypost::nncp {

class ConfigFields {
  public:
    // Both outlive it. `place`: "neigh.bob", empty at the root.
    ConfigFields(const Hjson& object, std::string place, std::optional<Error>& problem);

    bool good() const { return !problem_; }
    const Hjson& object() const { return object_; }
    const std::string& place() const { return place_; }
    bool has(std::string_view key) const;
    void need(std::string_view key);

    void text(std::string_view key, std::string& into);
    void directory(std::string_view key, std::string& into);  // absolute
    void flag(std::string_view key, bool& into);
    void number(std::string_view key, std::uint64_t most,
                const std::function<void(std::uint64_t)>&);
    void seconds(std::string_view key, std::chrono::seconds& into);
    void kib(std::string_view key, std::uint64_t& bytes);
    void hash(std::string_view key, Hash32& into);
    void hash(std::string_view key, std::optional<Hash32>& into);
    void secret(std::string_view key, std::size_t bytes, Secret& into);
    void texts(std::string_view key, std::vector<std::string>& into);
    void commands(std::string_view key, std::map<std::string, std::vector<std::string>>& into);
    void map(std::string_view key, std::map<std::string, std::string>& into);
    // Calls `each` for the object of this key, for every object in it, or in this list.
    void one(std::string_view key, const std::function<void(ConfigFields&)>& each);
    void each(std::string_view key,
              const std::function<void(const std::string& name, ConfigFields&)>& each);
    void list(std::string_view key, const std::function<void(ConfigFields&)>& each);

    void wrong(const Hjson& where, std::string_view key, const std::string& what);

  private:
    // Null: not there, null, or something is wrong already.
    const Hjson* get(std::string_view key, Hjson::Kind kind, const char* name);
    void strings(const Hjson& list, std::string_view key, std::vector<std::string>& into);
    std::string full(std::string_view key) const;

    const Hjson& object_;
    std::string place_;
    std::optional<Error>& problem_;
};

}  // namespace waypost::nncp
