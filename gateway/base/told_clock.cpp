// SPDX-License-Identifier: Apache-2.0
#include "gateway/base/told_clock.h"

#include <unistd.h>

#include <cstdlib>
#include <ctime>
#include <filesystem>

#include "gateway/base/durable_file.h"
#include "gateway/base/first_line.h"
#include "gateway/base/log.h"

namespace waypost {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds kApart{2};
// No time that anybody tells is before this was written, which also catches GPS receivers that
// count weeks from 1999 again; nor after the end of 32 bits, up to which radios count seconds.
constexpr WallTime kEarliest{std::chrono::seconds(1'767'225'600)};  // 1 January 2026
constexpr WallTime kLatest{std::chrono::seconds(4'294'967'295)};
// A battery's clock may be in local time, whatever zone that is.
constexpr std::chrono::hours kOtherZone{26};
constexpr std::size_t kMostBy = 60;

bool can_be_now(WallTime time) { return time >= kEarliest && time <= kLatest; }

std::optional<std::int64_t> number(const std::string& text) {
    char* end = nullptr;
    const long long value = std::strtoll(text.c_str(), &end, 10);
    if (text.empty() || text.size() > 18 || *end != '\0') return std::nullopt;
    return value;
}

}  // namespace

milliseconds since_boot() {
    timespec now{};
    ::clock_gettime(CLOCK_BOOTTIME, &now);
    return std::chrono::seconds(now.tv_sec) + milliseconds(now.tv_nsec / 1'000'000);
}

std::string to_string(const ToldTime& told) {
    return std::to_string(to_ms(told.wall)) + ' ' + std::to_string(told.at.count()) + ' ' + told.by;
}

std::optional<ToldTime> parse_told_time(const std::string& line) {
    const std::size_t first = line.find(' ');
    const std::size_t second = first == std::string::npos ? first : line.find(' ', first + 1);
    if (second == std::string::npos) return std::nullopt;
    const auto wall = number(line.substr(0, first));
    const auto at = number(line.substr(first + 1, second - first - 1));
    if (!wall || !at || *at < 0 || !can_be_now(wall_from_ms(*wall))) return std::nullopt;
    return ToldTime{wall_from_ms(*wall), milliseconds(*at), line.substr(second + 1)};
}

ToldClock::ToldClock(const Clock& machine, std::function<milliseconds()> since_boot,
                     std::string file)
    : machine_(machine), since_boot_(std::move(since_boot)), file_(std::move(file)) {
    if (file_.empty()) return;
    told_ = parse_told_time(first_line(file_));
    // Of another run of the machine: nothing follows from it.
    if (told_ && told_->at > since_boot_()) told_.reset();
}

WallTime ToldClock::wall() const {
    const WallTime shown = machine_.wall();
    const std::lock_guard lock(mutex_);
    if (!told_) return shown;
    const WallTime told = told_now(*told_);
    const auto apart = shown > told ? shown - told : told - shown;
    return apart <= kApart ? shown : told;
}

bool ToldClock::synchronised() const {
    const bool machine = machine_.synchronised();
    const std::lock_guard lock(mutex_);
    if (machine && told_) {
        told_.reset();
        if (!file_.empty()) (void)::unlink(file_.c_str());
    }
    return machine || told_.has_value();
}

Result<bool> ToldClock::tell(WallTime now, const std::string& by) {
    if (!can_be_now(now))
        return Error{Code::BadInput, "that cannot be the time now: it is before 2026 or after 2106",
                     false};
    if (machine_.synchronised()) return false;
    ToldTime told{now, since_boot_(), by.substr(0, kMostBy)};
    const std::lock_guard lock(mutex_);
    told_ = told;
    if (file_.empty()) return true;
    const auto written = write_durably({file_, to_string(told) + '\n', 0640});
    if (!written.ok()) log(Level::Warning, "clock", "not-kept", {{"why", written.error().text}});
    return true;
}

std::string ToldClock::told_by() const {
    const std::lock_guard lock(mutex_);
    return told_ ? told_->by : std::string();
}

// rtc-N/since_epoch is in seconds (Documentation/ABI/testing/sysfs-class-rtc); a device tree is
// what boards have whose clock may be missing.
bool clock_was_kept(const std::string& sys, WallTime now) {
    std::error_code none;
    bool any = false;
    for (fs::directory_iterator it(sys + "/class/rtc", none), end; !none && it != end;
         it.increment(none)) {
        const auto shown = number(first_line(it->path() / "since_epoch"));
        if (!shown) continue;
        any = true;
        const auto apart = now - WallTime(std::chrono::seconds(*shown));
        if (apart < kOtherZone && apart > -kOtherZone) return true;
    }
    return !any && !fs::exists(sys + "/firmware/devicetree/base", none);
}

}  // namespace waypost
