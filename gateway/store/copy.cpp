// SPDX-License-Identifier: Apache-2.0
#include "gateway/store/copy.h"

#include <Poco/Data/Session.h>
#include <Poco/Data/Statement.h>
#include <Poco/Exception.h>

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <stdexcept>

#include "gateway/store/copy_bodies.h"
#include "gateway/store/copy_fit.h"
#include "gateway/store/row_sum.h"
#include "gateway/store/tables.h"

namespace waypost::store {
namespace {

using namespace Poco::Data::Keywords;
using Phase = CopyStep::Phase;

constexpr std::size_t kBytesAtOnce = std::size_t{4} << 20;
constexpr char kMark[] = "unfinished_copy";
constexpr char kMeta[] = "meta";      // says whose tables these are: it is written last
constexpr char kBodies[] = "bodies";  // what stands for them in steps and in the report
constexpr char kEmptyIt[] = "empty the database (or remove its file) and copy again";

struct Refused {
    Error why;
};

[[noreturn]] void refuse(Code code, const std::string& text) {
    throw Refused{Error{code, text, false}};
}

int number_of(const std::optional<std::string>& value) { return value ? std::stoi(*value) : 0; }

const TableShape* find(const std::vector<TableShape>& tables, const std::string& name) {
    const auto found = std::find_if(tables.begin(), tables.end(),
                                    [&name](const TableShape& t) { return t.name == name; });
    return found == tables.end() ? nullptr : &*found;
}

// Bodies are copied as such. Workers of a hub, and who has which work, are programs that have
// ended: a copy has none.
bool is_copied_by_rows(const TableShape& table) {
    return table.name != kMeta && table.name != "body_parts" && table.name != "workers" &&
           table.name != "leases";
}

std::size_t size_of(const Values& row) {
    std::size_t size = 0;
    for (const Value& value : row) {
        const auto* bytes = std::get_if<std::string>(&value);
        size += bytes ? bytes->size() : sizeof(std::int64_t);
    }
    return size;
}

std::string listed(const std::vector<std::string>& all) {
    std::string list;
    for (const std::string& each : all) list += (list.empty() ? "" : "; ") + each;
    return list;
}

class Copy {
  public:
    Copy(const CopyEnd& from, const CopyEnd& to, const CopyOptions& options)
        : from_(from),
          to_(to),
          options_(options),
          source_(from.database.open_reader()),
          target_(to.database.open_writer()) {}

    CopyReport run() {
        look_at_source();
        look_at_target();
        mark_target();
        try {
            read_source();
            refuse_losses();
        } catch (...) {
            target_ << "DROP TABLE meta", now;  // all that was written
            throw;
        }
        prepare_target();
        for (const TableShape& table : tables_) copy_table(table);
        copy_bodies(from_.bodies, to_.bodies, names_, telling(Phase::Writing));
        if (to_postgresql()) target_ << "ANALYZE", now;  // else its first plans are guesses
        check_target();
        finish();
        return report();
    }
    // What it was at when something threw.
    const std::string& at() const { return at_; }

  private:
    void look_at_source();
    void look_at_target();
    void mark_target();
    void read_source();
    void refuse_losses();
    void prepare_target();
    void copy_table(const TableShape& table);
    void check_target();
    void finish();
    CopyReport report();

    bool to_postgresql() const { return to_.database.engine() == Engine::Postgresql; }
    void fit(const TableShape& table, Values& row, Misfits* found) const {
        if (to_postgresql()) fit_for_postgresql(table, row, found);
    }
    RowSum sum_of(Poco::Data::Session& session, Engine engine, const TableShape& table,
                  Misfits* found) const;
    void tell(Phase phase, const std::string& what, std::uint64_t rows) {
        at_ = what;
        if (options_.told) options_.told({phase, what, rows});
    }
    EachBody telling(Phase phase) {
        tell(phase, kBodies, 0);
        return [this, phase](std::uint64_t done) { tell(phase, kBodies, done); };
    }

    const CopyEnd& from_;
    const CopyEnd& to_;
    const CopyOptions& options_;
    Poco::Data::Session source_, target_;
    std::vector<TableShape> tables_;  // whose rows are copied
    TableShape meta_;
    std::map<std::string, RowSum> sums_;  // of the source
    std::vector<std::string> names_;      // of bodies
    BodiesSum bodies_;
    Misfits misfits_;
    std::string at_;
};

void Copy::look_at_source() {
    tables_ = tables_of(source_, from_.database.engine());
    const TableShape* meta = find(tables_, kMeta);
    if (meta == nullptr || !meta_of(source_, "schema"))
        refuse(Code::NotFound,
               "there is no store to copy: the database is empty, or not Waypost's");
    if (meta_of(source_, kMark))
        refuse(Code::Conflict, "what is to be copied is itself an unfinished copy");
    const int version = number_of(meta_of(source_, "schema"));
    if (version != newest_version()) {
        refuse(Code::Conflict,
               "the store to copy is of schema " + std::to_string(version) +
                   ", this release's is " + std::to_string(newest_version()) +
                   (version < newest_version() ? ": start the gateway on it once, and stop it"
                                               : ": copy it with the newer release"));
    }
    meta_ = *meta;
    std::erase_if(tables_, std::not_fn(is_copied_by_rows));
}

void Copy::look_at_target() {
    if (to_postgresql()) {
        target_ << "SET client_min_messages = warning", now;  // what is there already is no news
        // A source may have to sort before it has a first row.
        target_ << "SET idle_in_transaction_session_timeout = 0", now;
        std::vector<std::string> encoding;
        target_ << "SHOW server_encoding", into(encoding), now;
        if (encoding != std::vector<std::string>{"UTF8"})
            refuse(Code::Conflict,
                   "the database to copy to is not of the encoding UTF8: make it "
                   "with createdb -E UTF8 -T template0");
    }
    const auto there = tables_of(target_, to_.database.engine());
    if (find(there, kMeta) != nullptr && meta_of(target_, kMark))
        refuse(Code::Conflict,
               std::string("the database to copy to holds an unfinished copy: ") + kEmptyIt);
    if (!there.empty())
        refuse(Code::Conflict,
               "the database to copy to is not empty: it has the table " + there.front().name);
    // A database without tables has none.
    if (!to_.bodies.folder().empty() && !to_.bodies.empty())
        refuse(Code::Conflict, "there are bodies already where the copy's are to lie");
}

// In one transaction with the first table: there is no moment without it.
void Copy::mark_target() {
    target_.begin();
    version_of(target_);  // makes `meta`
    target_ << std::string("INSERT INTO meta (name, value) VALUES ('") + kMark + "', '1')", now;
    target_.commit();
}

RowSum Copy::sum_of(Poco::Data::Session& session, Engine engine, const TableShape& table,
                    Misfits* found) const {
    RowSum sum;
    const auto reader = read_rows(session, engine, table);
    for (Values row; reader->next(row);) {
        fit(table, row, found);
        sum.add(row);
    }
    return sum;
}

void Copy::read_source() {
    for (const TableShape& table : tables_) {
        tell(Phase::Reading, table.name, 0);
        sums_[table.name] = sum_of(source_, from_.database.engine(), table, &misfits_);
    }
    sums_[kMeta] = sum_of(source_, from_.database.engine(), meta_, nullptr);
    names_ = named_bodies(source_);
    bodies_ = sum_bodies(from_.bodies, names_, telling(Phase::Reading));
}

void Copy::refuse_losses() {
    const std::string nothing = ". Nothing was written";
    if (misfits_.numbers > 0)
        refuse(Code::BadInput, "PostgreSQL has no room for " + std::to_string(misfits_.numbers) +
                                   " numbers of this store: " + listed(misfits_.where) + nothing);
    if (options_.lossy) return;
    if (misfits_.texts > 0) {
        refuse(Code::BadInput, "PostgreSQL cannot hold " + std::to_string(misfits_.texts) +
                                   " texts of this store, with a NUL or bytes that are no UTF-8: " +
                                   listed(misfits_.where) + nothing +
                                   ". With --lossy they are copied with U+FFFD in these places");
    }
    if (!bodies_.gone.empty()) {
        refuse(Code::NotFound, std::to_string(bodies_.gone.size()) +
                                   " bodies that messages name are gone, the first is " +
                                   bodies_.gone.front() + nothing +
                                   ". With --lossy all else is copied");
    }
}

void Copy::prepare_target() {
    const Engine engine = to_.database.engine();
    migrate(target_, engine);
    const auto taken = static_cast<std::size_t>(number_of(meta_of(source_, "taken_away")));
    if (taken > options_.takings.size())
        refuse(Code::Conflict, "a newer release used the store to copy: copy it with that one");
    if (taken > 0) {
        StateTable state(target_);
        mark_good(state);
        take_away(target_, engine,
                  {options_.takings.begin(),
                   options_.takings.begin() + static_cast<std::ptrdiff_t>(taken)});
    }
    auto there = tables_of(target_, engine);
    std::erase_if(there, std::not_fn(is_copied_by_rows));
    for (const TableShape& table : there) {
        const TableShape* same = find(tables_, table.name);
        if (same == nullptr || !(*same == table))
            refuse(Code::Conflict, "the table " + table.name +
                                       " of the store to copy is not as this release makes it");
        target_ << "DELETE FROM " + quoted(table.name), now;
    }
    for (const TableShape& table : tables_) {
        if (find(there, table.name) == nullptr)
            refuse(Code::Conflict, "the store to copy has the table " + table.name +
                                       ", which this release does not know");
    }
}

void Copy::copy_table(const TableShape& table) {
    tell(Phase::Writing, table.name, 0);
    const auto reader = read_rows(source_, from_.database.engine(), table);
    const auto writer = write_rows(target_, to_.database.engine(), table);
    std::uint64_t done = 0;
    std::size_t rows = 0, bytes = 0;
    const auto commit = [&] {
        writer->flush();
        target_.commit();
        tell(Phase::Writing, table.name, done);
        rows = bytes = 0;
    };
    target_.begin();
    for (Values row; reader->next(row);) {
        fit(table, row, nullptr);
        writer->put(row);
        ++done;
        bytes += size_of(row);
        if (++rows < options_.rows_at_once && bytes < kBytesAtOnce) continue;
        commit();
        target_.begin();
    }
    commit();
}

void Copy::check_target() {
    std::vector<std::string> different;
    const auto compare = [&different](const std::string& name, const RowSum& source,
                                      const RowSum& target) {
        if (source == target) return;
        different.push_back(name + " (" + std::to_string(source.rows()) + " and " +
                            std::to_string(target.rows()) + " rows, " + source.hex() + " and " +
                            target.hex() + ")");
    };
    Poco::Data::Session session = to_.database.open_reader();
    for (const TableShape& table : tables_) {
        tell(Phase::Checking, table.name, 0);
        compare(table.name, sums_[table.name],
                sum_of(session, to_.database.engine(), table, nullptr));
    }
    compare(kBodies, bodies_.sum,
            sum_bodies(to_.bodies, named_bodies(session), telling(Phase::Checking)).sum);
    if (!different.empty()) {
        refuse(Code::Internal,
               "the copy is not what was copied: " + listed(different) + ": " + kEmptyIt);
    }
}

// The mark goes with the transaction that makes it a store.
void Copy::finish() {
    target_.begin();
    target_ << "DELETE FROM meta", now;
    {
        const auto reader = read_rows(source_, from_.database.engine(), meta_);
        const auto writer = write_rows(target_, to_.database.engine(), meta_);
        for (Values row; reader->next(row);) writer->put(row);
        writer->flush();
    }
    if (!(sum_of(target_, to_.database.engine(), meta_, nullptr) == sums_[kMeta])) {
        target_.rollback();
        refuse(Code::Internal, std::string("the copy is not what was copied: meta: ") + kEmptyIt);
    }
    target_.commit();
    to_.database.checkpoint(target_);
}

CopyReport Copy::report() {
    CopyReport report;
    for (const auto& [name, sum] : sums_) report.tables.push_back({name, sum.rows(), sum.hex()});
    report.bodies = {kBodies, bodies_.sum.rows(), bodies_.sum.hex()};
    report.body_bytes = bodies_.bytes;
    report.changed_texts = misfits_.texts;
    report.bodies_gone = bodies_.gone.size();
    report.where = misfits_.where;
    for (const std::string& name : bodies_.gone) {
        if (report.where.size() >= misfits_.where.size() + 10) break;
        report.where.push_back("body " + name);
    }
    return report;
}

}  // namespace

Result<CopyReport> copy_store(const CopyEnd& from, const CopyEnd& to, const CopyOptions& options) {
    std::string at;
    const auto failed = [&at](const std::string& why) {
        return Error{Code::Internal, (at.empty() ? "" : "at " + at + ": ") + why, false};
    };
    try {
        Copy copy(from, to, options);
        try {
            return copy.run();
        } catch (...) {
            at = copy.at();
            throw;
        }
    } catch (const Refused& refused) {
        return refused.why;
    } catch (const Poco::Exception& e) {
        return failed(e.displayText());
    } catch (const std::exception& e) {
        return failed(e.what());
    }
}

void open_schema(Poco::Data::Session& session, Engine engine) {
    version_of(session);  // makes what is asked for the mark
    if (meta_of(session, kMark)) {
        throw std::runtime_error(std::string("this store is an unfinished copy of another one: ") +
                                 kEmptyIt);
    }
    migrate(session, engine);
}

}  // namespace waypost::store
