// SPDX-License-Identifier: Apache-2.0
#include "gateway/update/update_desk.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "gateway/base/durable_file.h"
#include "gateway/base/log.h"
#include "gateway/base/own_file.h"
#include "gateway/message/text.h"

namespace waypost {
namespace {

constexpr std::size_t kMostName = 100;
constexpr char kInstall[] = "install";
constexpr std::string_view kNameBegin = "waypost-";
constexpr std::string_view kNameEnd = ".raucb";

Error not_here() {
    return {Code::NotFound, "this box is no image: its packages are updated by apt", false};
}

bool works(const UpdateFacts& facts) {
    return facts.job && (facts.job->doing == "checking" || facts.job->doing == "installing");
}

}  // namespace

UpdateDesk::UpdateDesk(std::filesystem::path folder)
    : folder_(std::move(folder)), in_(folder_ / "in") {
    IncomingBundle::clear(in_);
}

// What was handed over and not taken yet counts as begun.
std::optional<UpdateFacts> UpdateDesk::facts() const {
    auto facts = read_update_facts(folder_);
    if (!facts) return facts;
    std::error_code none;
    const auto wished = read_file(in_ / "wish");
    if (std::filesystem::exists(in_ / "bundle.raucb", none)) {
        facts->job = UpdateJob{"checking", 0, {}, {}, {}};
    } else if (wished.ok() && *wished == kInstall) {
        facts->job = UpdateJob{"installing", 0, {}, {}, facts->offer ? facts->offer->version : ""};
    }
    return facts;
}

std::optional<UpdateUpload> UpdateDesk::upload() const {
    const std::lock_guard lock(mutex_);
    if (!upload_) return std::nullopt;
    return UpdateUpload{upload_name_, upload_->bytes(), upload_->there()};
}

Result<UpdateFacts> UpdateDesk::may_begin() const {
    auto now = facts();
    if (!now) return not_here();
    if (works(*now)) return Error{Code::Busy, "an update is being looked at or installed", true};
    return std::move(*now);
}

Result<void> UpdateDesk::begin(const std::string& name, std::uint64_t bytes) {
    if (bytes == 0) return bad_input("the file is empty");
    if (bytes > kMostBytes) return Error{Code::TooLarge, "an update has 2 GiB at most", false};
    if (const auto may = may_begin(); !may.ok()) return may.error();
    const std::lock_guard lock(mutex_);
    upload_.reset();
    upload_name_ = one_line(name, kMostName);
    auto begun = IncomingBundle::begin(in_, bytes, "upload " + upload_name_, keep_free_);
    if (!begun.ok()) return begun.error();
    upload_ = std::move(*begun);
    return {};
}

Result<std::uint64_t> UpdateDesk::add(std::uint64_t at, std::string_view piece) {
    const std::lock_guard lock(mutex_);
    if (!upload_) return Error{Code::Conflict, "no upload goes on: begin again", false};
    // A piece whose answer was lost is sent once more.
    if (at != upload_->there())
        return Error{Code::Conflict, "it goes on at " + std::to_string(upload_->there()), false};
    if (auto added = upload_->add(piece); !added.ok()) return added.error();
    const std::uint64_t there = upload_->there();
    if (!upload_->whole()) return there;
    auto handed = hand_over(std::move(*upload_));
    upload_.reset();
    if (!handed.ok()) return handed.error();
    return there;
}

Result<void> UpdateDesk::hand_over(IncomingBundle bundle) {
    log(Level::Info, "update", "came",
        {{"from", bundle.from()}, {"bytes", std::to_string(bundle.bytes())}});
    return bundle.finish();
}

void UpdateDesk::cancel() {
    const std::lock_guard lock(mutex_);
    upload_.reset();
    IncomingBundle::clear(in_);
}

Result<void> UpdateDesk::wish(const char* what) const {
    return write_durably({in_ / "wish", what, 0600, {}});
}

Result<void> UpdateDesk::install() {
    const auto now = may_begin();
    if (!now.ok()) return now.error();
    if (!now->offer) return Error{Code::Conflict, "nothing is offered", false};
    if (!now->good)
        return Error{Code::Conflict,
                     "the release that runs is not marked good yet: it is, once the box is well",
                     true};
    log(Level::Info, "update", "install", {{"version", now->offer->version}});
    return wish(kInstall);
}

Result<void> UpdateDesk::discard() {
    if (const auto may = may_begin(); !may.ok()) return may.error();
    return wish("discard");
}

Result<void> UpdateDesk::restart_machine() {
    if (const auto may = may_begin(); !may.ok()) return may.error();
    log(Level::Info, "update", "restart");
    return wish("restart");
}

void UpdateDesk::settings_are(std::set<std::string> senders, std::uint64_t keep_free) {
    const std::lock_guard lock(mutex_);
    senders_ = std::move(senders);
    keep_free_ = keep_free;
}

bool UpdateDesk::wants(const std::string& sender, const std::string& file_name) const {
    const std::lock_guard lock(mutex_);
    return senders_.count(sender) > 0 && file_name.starts_with(kNameBegin) &&
           file_name.ends_with(kNameEnd);
}

Result<void> UpdateDesk::bring(const std::filesystem::path& file, const std::string& sender) {
    if (const auto may = may_begin(); !may.ok()) return may.error();
    const Fd fd(::open(file.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
    std::error_code failed;
    const std::uint64_t bytes = std::filesystem::file_size(file, failed);
    if (!fd.good() || failed) return Error{Code::NotFound, "cannot read " + file.string(), false};
    if (bytes > kMostBytes) return Error{Code::TooLarge, "an update has 2 GiB at most", false};
    const std::lock_guard lock(mutex_);
    if (upload_) return Error{Code::Busy, "the administrator brings one just now", true};
    auto bundle = IncomingBundle::begin(
        in_, bytes, sender + ' ' + one_line(file.filename().string(), kMostName), keep_free_);
    if (!bundle.ok()) return bundle.error();
    std::array<char, 65536> piece;
    while (!bundle->whole()) {
        const ssize_t got = ::read(fd.get(), piece.data(), piece.size());
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return Error{Code::Internal, "cannot read " + file.string(), true};
        auto added = bundle->add({piece.data(), static_cast<std::size_t>(got)});
        if (!added.ok()) return added;
    }
    return hand_over(std::move(*bundle));
}

}  // namespace waypost
