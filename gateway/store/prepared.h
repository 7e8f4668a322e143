// SPDX-License-Identifier: Apache-2.0
// A prepared statement that stays open: parameters in, rows out, both as plain tuples. It wraps
// Poco::Data so that the tables below read as SQL and types, nothing else.
//
//   Prepared<Params<std::int64_t>, Row<std::string, int>> by_id{session, "SELECT a, b FROM t WHERE
//   id=?"}; for (auto& [a, b] : by_id.all(7)) ...
//
// One object belongs to one session and so to one thread at a time. Throws Poco::Data exceptions:
// the store catches them where a job runs (Writer, Store::read).
#pragma once

#include <Poco/Data/Session.h>
#include <Poco/Data/Statement.h>

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace waypost::store {

template <class... T>
using Params = std::tuple<T...>;
template <class... T>
using Row = std::tuple<T...>;

template <class In, class Out = Row<>>
class Prepared;

template <class... I, class... O>
class Prepared<std::tuple<I...>, std::tuple<O...>> {
  public:
    Prepared(Poco::Data::Session& session, const std::string& sql) : statement_(session) {
        statement_ << numbered(sql);
        bind(std::index_sequence_for<I...>{});
        extract(std::index_sequence_for<O...>{});
    }
    Prepared(const Prepared&) = delete;
    Prepared& operator=(const Prepared&) = delete;

    // Runs it; the number of rows changed or returned.
    std::size_t run(I... in) {
        in_ = std::tuple<I...>(std::move(in)...);
        clear(std::index_sequence_for<O...>{});
        return statement_.execute();
    }
    std::vector<std::tuple<O...>> all(I... in) {
        run(std::move(in)...);
        return rows(std::index_sequence_for<O...>{});
    }
    std::optional<std::tuple<O...>> one(I... in) {
        auto found = all(std::move(in)...);
        if (found.empty()) return std::nullopt;
        return std::move(found.front());
    }

  private:
    // "?" reads well; "$1" is what both engines take.
    static std::string numbered(const std::string& sql) {
        std::string result;
        int number = 0;
        for (const char c : sql) {
            if (c == '?') {
                result += '$' + std::to_string(++number);
            } else {
                result += c;
            }
        }
        return result;
    }
    template <std::size_t... N>
    void bind(std::index_sequence<N...>) {
        (statement_.addBind(Poco::Data::Keywords::use(std::get<N>(in_))), ...);
    }
    template <std::size_t... N>
    void extract(std::index_sequence<N...>) {
        (statement_.addExtract(Poco::Data::Keywords::into(std::get<N>(out_))), ...);
    }
    template <std::size_t... N>
    void clear(std::index_sequence<N...>) {
        (std::get<N>(out_).clear(), ...);
    }
    template <std::size_t... N>
    std::vector<std::tuple<O...>> rows(std::index_sequence<N...>) {
        std::vector<std::tuple<O...>> result;
        if constexpr (sizeof...(O) > 0) {
            const std::size_t count = std::get<0>(out_).size();
            result.reserve(count);
            for (std::size_t i = 0; i < count; ++i) {
                result.emplace_back(std::move(std::get<N>(out_)[i])...);
            }
        }
        return result;
    }

    std::tuple<I...> in_;
    std::tuple<std::vector<O>...> out_;
    Poco::Data::Statement statement_;
};

}  // namespace waypost::store
