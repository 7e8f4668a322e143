// SPDX-License-Identifier: Apache-2.0
// A prepared statement that stays open: parameters in, rows out, both as plain tuples, so that the
// tables below read as SQL and types, nothing else. On PostgreSQL it is a statement of Poco::Data,
// on SQLite one of sqlite_statement.h on Poco's session.
//
//   Prepared<Params<std::int64_t>, Row<std::string, int>> by_id{session, "SELECT a, b FROM t WHERE
//   id=?"}; for (auto& [a, b] : by_id.all(7)) ...
//
// One object belongs to one session and so to one thread at a time. Throws Poco::Data exceptions:
// the store catches them where a job runs (Writer, Store::read).
#pragma once

#include <Poco/Data/Session.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "gateway/store/poco_statement.h"
#include "gateway/store/sqlite_statement.h"

namespace waypost::store {

template <class... T>
using Params = std::tuple<T...>;
template <class... T>
using Row = std::tuple<T...>;

// "?" reads well; "$1" is what both engines take.
std::string numbered(const std::string& sql);
bool on_sqlite(Poco::Data::Session& session);

// PostgreSQL takes no NUL in a text, nor what is no UTF-8, and Poco would cut it at the NUL: U+FFFD
// takes the place of each.
bool fits_postgresql(const std::string& text);
void fit_for_postgresql(std::string& text);
template <class T>
void fit_for_postgresql(T&) {}

template <class In, class Out = Row<>>
class Prepared;

template <class... I, class... O>
class Prepared<std::tuple<I...>, std::tuple<O...>> {
    using In = std::tuple<I...>;
    using Out = std::tuple<O...>;
    using Places = std::index_sequence_for<I...>;
    using Columns = std::index_sequence_for<O...>;

  public:
    Prepared(Poco::Data::Session& session, const std::string& sql) {
        if (on_sqlite(session)) {
            sqlite_ = std::make_unique<SqliteStatement>(session, numbered(sql));
        } else {
            poco_ = std::make_unique<ByPoco>(session, numbered(sql));
        }
    }
    Prepared(const Prepared&) = delete;
    Prepared& operator=(const Prepared&) = delete;

    // Runs it; the number of rows changed or returned.
    std::size_t run(I... in) {
        rows_.clear();
        const In bound(std::move(in)...);
        return sqlite_ ? run_sqlite(bound) : poco_->run(bound, rows_);
    }
    std::vector<Out> all(I... in) {
        run(std::move(in)...);
        return std::move(rows_);
    }
    std::optional<Out> one(I... in) {
        run(std::move(in)...);
        if (rows_.empty()) return std::nullopt;
        return std::move(rows_.front());
    }

  private:
    std::size_t run_sqlite(const In& in) {
        sqlite_->reset();
        bind(in, Places{});
        while (sqlite_->step()) {
            rows_.emplace_back();
            read(rows_.back(), Columns{});
        }
        return sizeof...(O) > 0 ? rows_.size() : sqlite_->changed();
    }
    template <std::size_t... N>
    void bind([[maybe_unused]] const In& in, std::index_sequence<N...>) {
        (sqlite_->bind(static_cast<int>(N) + 1, std::get<N>(in)), ...);
    }
    template <std::size_t... N>
    void read([[maybe_unused]] Out& row, std::index_sequence<N...>) {
        (sqlite_->column(static_cast<int>(N), std::get<N>(row)), ...);
    }

    // Poco's statements bind and fill variables that they were given once.
    class ByPoco {
      public:
        ByPoco(Poco::Data::Session& session, const std::string& sql) : statement_(session, sql) {
            bind(Places{});
            extract(Columns{});
        }
        std::size_t run(const In& in, std::vector<Out>& rows) {
            in_ = in;
            std::apply([](auto&... each) { (fit_for_postgresql(each), ...); }, in_);
            clear(Columns{});
            const std::size_t count = statement_.execute();
            take(rows, Columns{});
            return count;
        }

      private:
        template <std::size_t... N>
        void bind(std::index_sequence<N...>) {
            ((*statement_).addBind(Poco::Data::Keywords::use(std::get<N>(in_))), ...);
        }
        template <std::size_t... N>
        void extract(std::index_sequence<N...>) {
            ((*statement_).addExtract(Poco::Data::Keywords::into(std::get<N>(out_))), ...);
        }
        template <std::size_t... N>
        void clear(std::index_sequence<N...>) {
            (std::get<N>(out_).clear(), ...);
        }
        template <std::size_t... N>
        void take([[maybe_unused]] std::vector<Out>& rows, std::index_sequence<N...>) {
            if constexpr (sizeof...(O) > 0) {
                for (std::size_t i = 0; i < std::get<0>(out_).size(); ++i)
                    rows.emplace_back(std::move(std::get<N>(out_)[i])...);
            }
        }
        In in_;
        std::tuple<std::vector<O>...> out_;
        PocoStatement statement_;
    };

    std::vector<Out> rows_;
    std::unique_ptr<SqliteStatement> sqlite_;  // one of the two
    std::unique_ptr<ByPoco> poco_;
};

}  // namespace waypost::store
