// SPDX-License-Identifier: Apache-2.0
#include "app/backup_keeper.h"

#include <filesystem>

#include "app/sealed_copy.h"
#include "gateway/base/log.h"
#include "gateway/delivery/health_watch.h"

namespace waypost {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::minutes kLook{1};
constexpr milliseconds kAgainAfter = std::chrono::minutes(15);  // where one failed
// State of the store: box times of the first plan and the last copy; its wall time and its file.
constexpr char kState[] = "backups";

std::int64_t number_of(const std::optional<std::string>& text) {
    return text && !text->empty() ? std::stoll(*text) : 0;
}

}  // namespace

BackupKeeper::BackupKeeper(Desk& desk, std::string store_file, BackupPlan plan)
    : desk_(desk),
      store_file_(std::move(store_file)),
      copy_(store_file_ + ".copy"),
      plan_(std::move(plan)) {
    facts_.planned = !plan_.to.empty();
    facts_.to = plan_.to;
    facts_.here = backup_place(plan_).has_value();
}

BackupKeeper::~BackupKeeper() { stop(); }

void BackupKeeper::start() {
    ticker_.start(kLook, [this] { look(); });
}

void BackupKeeper::stop() {
    stop_.ring();
    ticker_.stop();
}

void BackupKeeper::use(BackupPlan plan) {
    const std::lock_guard lock(mutex_);
    plan_ = std::move(plan);
}

BackupPlan BackupKeeper::plan() const {
    const std::lock_guard lock(mutex_);
    return plan_;
}

BackupFacts BackupKeeper::facts() const {
    const std::lock_guard lock(mutex_);
    return facts_;
}

// What is on record, and what follows from it for now.
bool BackupKeeper::is_due(const BackupPlan& plan, bool here, store::Ms now) {
    BackupFacts facts;
    store::Ms made = 0;
    bool noted = false;
    const auto read = desk_.office().box().store.read([&](store::Tables& t) {
        made = number_of(t.state.get(kState, "sealed"));
        facts.last_ms = number_of(t.state.get(kState, "sealed-wall"));
        facts.last = t.state.get(kState, "sealed-file").value_or("");
        facts.problem = t.state.get(kState, "failed").value_or("");
        noted = t.state.get(kState, "planned").has_value();
        return 0;
    });
    facts.planned = !plan.to.empty();
    facts.to = plan.to;
    if (made > 0) facts.due_in_ms = std::max<std::int64_t>(made + plan.every.count() - now, 0);
    if (read.ok() && noted != facts.planned) {
        desk_.office().submit_change(
            [planned = facts.planned, now](Ledger& ledger) {
                store::StateTable& state = ledger.tables().state;
                planned ? state.put(kState, "planned", std::to_string(now))
                        : state.erase(kState, "planned");
            },
            {});
    }
    const bool due = facts.planned && read.ok() && facts.due_in_ms == 0;
    const std::lock_guard lock(mutex_);
    facts.here = here;
    facts_ = std::move(facts);
    return due;
}

void BackupKeeper::look() {
    const BackupPlan now_planned = plan();
    const store::Ms now = desk_.office().box().box_ms();
    const auto place = backup_place(now_planned);
    if (!is_due(now_planned, place.has_value(), now) || !place) return;
    if (failed_box_ms_ && now - *failed_box_ms_ < kAgainAfter.count()) return;
    const auto made = make(now_planned, *place);
    failed_box_ms_.reset();
    if (!made.ok()) failed_box_ms_ = now;
    note(now, made);
}

// A copy must not be what makes the disk full.
Result<void> BackupKeeper::copy_in_clear() {
    const Box& box = desk_.office().box();
    const auto needed = size_of(store_file_) + size_of(store_file_ + ".bodies");
    if (box.store.bodies().free_bytes() < needed + box.settings->keep_free_bytes)
        return Error{Code::Full,
                     "there is no room for the copy that is encrypted: it needs " +
                         std::to_string(needed >> 20) + " MiB beside the store",
                     true};
    return desk_.backup(copy_);
}

Result<std::string> BackupKeeper::make(const BackupPlan& plan, const std::string& place) {
    std::error_code none;
    fs::remove_all(copy_, none);  // of one that a kill ended
    remove_old_copies(place, plan.box, plan.keep);
    const std::string file = next_copy(place, plan.box);
    auto done = copy_in_clear();
    if (done.ok()) done = write_sealed_copy(copy_, file, plan.recipients, stop_.fd());
    fs::remove_all(copy_, none);
    if (!done.ok()) return done.error();
    remove_old_copies(place, plan.box, plan.keep);
    return file;
}

void BackupKeeper::note(store::Ms now, const Result<std::string>& made) {
    if (!made.ok()) {
        log(Level::Error, "backup", "not-made", {{"why", made.error().text}});
        {
            const std::lock_guard lock(mutex_);
            facts_.problem = made.error().text;
        }
        note_backup(desk_.office(), made.error());
        return;
    }
    log(Level::Info, "backup", "made", {{"file", *made}});
    {
        const std::lock_guard lock(mutex_);
        facts_.last = *made;
        facts_.last_ms = desk_.office().box().wall_ms();
        facts_.problem.clear();
    }
    desk_.office().submit_change(
        [now, file = *made](Ledger& ledger) {
            store::StateTable& state = ledger.tables().state;
            state.put(kState, "sealed", std::to_string(now));
            state.put(kState, "sealed-wall", std::to_string(ledger.now()));
            state.put(kState, "sealed-file", file);
        },
        {});
}

}  // namespace waypost
