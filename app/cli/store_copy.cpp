// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <iostream>
#include <memory>

#include "app/cli/cli.h"
#include "app/cli/store_place.h"
#include "gateway/base/log.h"
#include "gateway/base/random.h"
#include "gateway/message/text.h"
#include "gateway/store/copy.h"

namespace waypost::cli {
namespace {

using store::CopyReport;
using store::CopyStep;

struct Asked {
    std::string from, to;
    bool lossy = false;
};

// What is done now, on one line of standard error that is drawn over; nothing if that is no
// terminal.
class StepLine {
  public:
    StepLine() = default;
    StepLine(const StepLine&) = delete;
    StepLine& operator=(const StepLine&) = delete;
    ~StepLine() {
        if (drawn_) std::cerr << kClear;
    }
    void show(const CopyStep& step) {
        const auto now = std::chrono::steady_clock::now();
        if (!terminal_ || (drawn_ && now - last_ < std::chrono::milliseconds(100))) return;
        last_ = now;
        drawn_ = true;
        const char* does = step.phase == CopyStep::Phase::Reading   ? "reading "
                           : step.phase == CopyStep::Phase::Writing ? "writing "
                                                                    : "comparing ";
        std::cerr << kClear << does << step.what;
        if (step.rows > 0) std::cerr << ", " << step.rows;
        std::cerr << std::flush;
    }

  private:
    static constexpr char kClear[] = "\r\033[K";
    bool terminal_ = ::isatty(STDERR_FILENO) == 1;
    bool drawn_ = false;
    std::chrono::steady_clock::time_point last_;
};

Result<CopyReport> copy(const Asked& asked) {
    if (asked.from == asked.to) return bad_input("--from and --to are the same store");
    const auto random = system_random();
    try {
        const StorePlace from(asked.from, *random, false);
        const StorePlace to(asked.to, *random, true);
        StepLine line;
        store::CopyOptions options;
        options.lossy = asked.lossy;
        options.told = [&line](const CopyStep& step) { line.show(step); };
        return copy_store({from.database(), from.bodies()}, {to.database(), to.bodies()}, options);
    } catch (const std::exception& e) {
        return Error{Code::Conflict, e.what(), false};
    }
}

Json json_of(const store::CopiedTable& table) {
    Json o;
    o.set("name", table.name);
    o.set("rows", Poco::UInt64(table.rows));
    o.set("checksum", table.checksum);
    return o;
}

void print_as_json(const CopyReport& report) {
    Poco::JSON::Array tables;
    for (const auto& table : report.tables) tables.add(json_of(table));
    Json bodies = json_of(report.bodies);
    bodies.set("bytes", Poco::UInt64(report.body_bytes));
    Poco::JSON::Array where;
    for (const std::string& each : report.where) where.add(each);
    Json o;
    o.set("ok", true);
    o.set("tables", tables);
    o.set("bodies", bodies);
    o.set("changed_texts", Poco::UInt64(report.changed_texts));
    o.set("bodies_gone", Poco::UInt64(report.bodies_gone));
    o.set("where", where);
    print_json(o);
}

void print_row(const store::CopiedTable& table) {
    const std::string rows = std::to_string(table.rows);
    std::string line = table.name;
    line.resize(std::max<std::size_t>(line.size() + 1, 20), ' ');
    line += std::string(rows.size() < 12 ? 12 - rows.size() : 0, ' ') + rows;
    print(line + "  " + table.checksum);
}

void print_as_text(const CopyReport& report) {
    std::uint64_t rows = 0;
    for (const auto& table : report.tables) {
        print_row(table);
        rows += table.rows;
    }
    print_row(report.bodies);
    const std::string size =
        report.body_bytes > 0 ? " (" + short_size(report.body_bytes) + ")" : "";
    print("Copied " + std::to_string(rows) + " rows and " + std::to_string(report.bodies.rows) +
          " bodies" + size + ". Both were read back, and are the same.");
    if (report.changed_texts + report.bodies_gone == 0) return;
    print("Not as it was: " + std::to_string(report.changed_texts) + " texts, " +
          std::to_string(report.bodies_gone) + " bodies that are gone. The first of them:");
    for (const std::string& each : report.where) print("  " + each);
}

void do_copy(Context& context, Asked asked) {
    set_log_level(Level::Warning);  // the steps of the new schema are no news
    if (asked.from.empty()) {
        const auto config = config_of(context);
        if (!config.ok()) return fail(context, config.error());
        asked.from = store_of(*config);
    }
    const auto report = copy(asked);
    if (!report.ok()) return fail(context, report.error());
    context.json ? print_as_json(*report) : print_as_text(*report);
}

}  // namespace

void add_store_copy(CLI::App& app, Context& context) {
    auto* store = app.add_subcommand("store", "where letters and people are kept");
    store->require_subcommand(1);
    auto asked = std::make_shared<Asked>();
    auto* copied = store->add_subcommand(
        "copy", "copy a store into an empty one and compare them; the gateway must be stopped");
    copied->add_option("--from", asked->from,
                       "its file, or a connection to PostgreSQL as libpq writes it: "
                       "postgresql://... or \"host=... dbname=...\"; else the store of the "
                       "settings");
    copied->add_option("--to", asked->to, "the same")->required();
    copied->add_flag("--lossy", asked->lossy,
                     "also if texts have to be changed, or bodies are gone");
    copied->callback([&context, asked] { do_copy(context, *asked); });
}

}  // namespace waypost::cli
