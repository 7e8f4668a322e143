// SPDX-License-Identifier: Apache-2.0
// By what Poco::Data has for every engine, so that it needs no client library at hand.
#include <Poco/Data/Session.h>
#include <Poco/Nullable.h>

#include <algorithm>

#include "gateway/base/encoding.h"
#include "gateway/store/columns.h"
#include "gateway/store/poco_statement.h"
#include "gateway/store/rows.h"

namespace waypost::store {
namespace {

using namespace Poco::Data::Keywords;

// What one answer or one INSERT holds. A row with a body may have 64 KiB of it, twice that in hex.
constexpr int kRows = 1000, kRowsWithBytes = 100;
constexpr std::size_t kBytes = std::size_t{1} << 20;

int rows_of_answer(const TableShape& table) {
    const auto bytes = [](const Column& column) { return column.type == ColumnType::Bytes; };
    return std::any_of(table.columns.begin(), table.columns.end(), bytes) ? kRowsWithBytes : kRows;
}

void run(Poco::Data::Session& session, const std::string& sql) {
    PocoStatement(session, sql).execute();
}

// One column of the rows that came together.
struct Fetched {
    ColumnType type = ColumnType::Text;
    std::vector<Poco::Nullable<std::int64_t>> numbers;
    std::vector<Poco::Nullable<std::string>> texts;
    std::vector<Poco::Nullable<Blob>> blobs;

    void extract_by(Poco::Data::Statement& statement) {
        if (type == ColumnType::Text) {
            statement.addExtract(into(texts));
        } else if (type == ColumnType::Bytes) {
            statement.addExtract(into(blobs));
        } else {
            statement.addExtract(into(numbers));
        }
    }
    std::size_t size() const { return numbers.size() + texts.size() + blobs.size(); }
    void clear() {
        numbers.clear();
        texts.clear();
        blobs.clear();
    }
    Value take(std::size_t row) {
        if (type == ColumnType::Text) {
            if (texts[row].isNull()) return {};
            return std::move(texts[row].value());
        }
        if (type == ColumnType::Bytes) {
            if (blobs[row].isNull()) return {};
            return text_of(blobs[row].value());
        }
        if (numbers[row].isNull()) return {};
        return numbers[row].value();
    }
};

// A cursor, for libpq keeps the whole of an answer. It needs a transaction: one of its own where
// the session has none.
class PostgresqlReader final : public RowReader {
  public:
    PostgresqlReader(Poco::Data::Session& session, const TableShape& table)
        : session_(session), own_(!session.isTransaction()) {
        if (own_) session_.begin();
        run(session_, "DECLARE copied NO SCROLL CURSOR FOR " + select_all(table));
        fetch_ = std::make_unique<PocoStatement>(
            session_, "FETCH FORWARD " + std::to_string(rows_of_answer(table)) + " FROM copied");
        columns_.resize(table.columns.size());
        for (std::size_t i = 0; i < columns_.size(); ++i) {
            columns_[i].type = table.columns[i].type;
            columns_[i].extract_by(**fetch_);
        }
    }
    PostgresqlReader(const PostgresqlReader&) = delete;
    PostgresqlReader& operator=(const PostgresqlReader&) = delete;
    ~PostgresqlReader() override {
        fetch_.reset();
        try {
            run(session_, "CLOSE copied");
            if (own_) session_.commit();
        } catch (...) {  // NOLINT(bugprone-empty-catch): the connection is broken, and goes
        }
    }

    bool next(Values& row) override {
        if (at_ == there_ && !fetch()) return false;
        row.clear();
        for (Fetched& column : columns_) row.push_back(column.take(at_));
        ++at_;
        return true;
    }

  private:
    bool fetch() {
        for (Fetched& column : columns_) column.clear();
        at_ = there_ = 0;
        fetch_->execute();
        there_ = columns_.front().size();
        return there_ > 0;
    }

    Poco::Data::Session& session_;
    bool own_;
    std::unique_ptr<PocoStatement> fetch_;
    std::vector<Fetched> columns_;
    std::size_t at_ = 0, there_ = 0;
};

// What PostgreSQL reads as an array (manual, 8.15.2).
void append_element(std::string& array, ColumnType type, const Value& value) {
    array += array.empty() ? '{' : ',';
    if (const auto* number = std::get_if<std::int64_t>(&value)) {
        array += std::to_string(*number);
        return;
    }
    const auto* bytes = std::get_if<std::string>(&value);
    if (bytes == nullptr) {
        array += "NULL";
    } else if (type == ColumnType::Bytes) {
        array += "\"\\\\x" + to_hex(*bytes) + '"';
    } else {
        array += '"';
        for (const char c : *bytes) {
            if (c == '"' || c == '\\') array += '\\';
            array += c;
        }
        array += '"';
    }
}

const char* array_type(ColumnType type) {
    switch (type) {
        case ColumnType::Int32:
            return "integer[]";
        case ColumnType::Int64:
            return "bigint[]";
        case ColumnType::Bytes:
            return "bytea[]";
        case ColumnType::Text:
            break;
    }
    return "text[]";
}

// One INSERT for many rows, each column an array: as COPY does it the server plans once and takes
// them by the thousand, and it is a statement like any other.
class PostgresqlWriter final : public RowWriter {
  public:
    PostgresqlWriter(Poco::Data::Session& session, const TableShape& table)
        : arrays_(table.columns.size()) {
        std::string places;
        for (const Column& column : table.columns) {
            types_.push_back(column.type);
            places += (places.empty() ? "$" : ", $") + std::to_string(types_.size()) +
                      "::" + array_type(column.type);
        }
        insert_ = std::make_unique<PocoStatement>(
            session, "INSERT INTO " + quoted(table.name) + " (" + names_of(table.columns) +
                         ") SELECT * FROM unnest(" + places + ")");
        for (std::string& array : arrays_) (**insert_).addBind(use(array));
    }

    void put(const Values& row) override {
        for (std::size_t i = 0; i < types_.size(); ++i) {
            const std::size_t before = arrays_[i].size();
            append_element(arrays_[i], types_[i], row[i]);
            bytes_ += arrays_[i].size() - before;
        }
        if (++rows_ == kRows || bytes_ >= kBytes) flush();
    }

    void flush() override {
        if (rows_ == 0) return;
        for (std::string& array : arrays_) array += '}';
        insert_->execute();
        for (std::string& array : arrays_) array.clear();
        rows_ = 0;
        bytes_ = 0;
    }

  private:
    std::vector<ColumnType> types_;
    std::vector<std::string> arrays_;
    std::unique_ptr<PocoStatement> insert_;
    int rows_ = 0;
    std::size_t bytes_ = 0;
};

}  // namespace

std::unique_ptr<RowReader> read_postgresql(Poco::Data::Session& session, const TableShape& table) {
    return std::make_unique<PostgresqlReader>(session, table);
}

std::unique_ptr<RowWriter> write_postgresql(Poco::Data::Session& session, const TableShape& table) {
    return std::make_unique<PostgresqlWriter>(session, table);
}

}  // namespace waypost::store
