// SPDX-License-Identifier: Apache-2.0
// The files of messages, both ways.
#include <utility>

#include "bridges/exec/session.h"
#include "gateway/base/log.h"

namespace waypost::exec {

// False: no files pass.
bool Session::clear_shelf() {
    if (options_.folder.empty()) return false;
    const auto cleared = shelf_.clear();
    if (!cleared.ok())
        log(Level::Warning, "exec", "no-files",
            {{"transport", options_.id}, {"why", cleared.error().text}});
    return cleared.ok();
}

// Kept as a mail has them, so that what takes attachments out of mails takes these out too.
Result<void> Session::attach(Message& message, const std::vector<NamedFile>& files) {
    if (files.empty()) return {};
    const auto read = shelf_.read(files, kMostFileBytes);
    if (!read.ok()) return read.error();
    const auto writer = office_.new_body();
    const auto written = writer->write(email::files_original(message.text, *read));
    if (!written.ok()) return written;
    auto body = writer->finish();
    if (!body.ok()) return body.error();
    message.body = std::move(*body);
    for (const email::MailFile& each : *read) message.attachments.push_back(each.about);
    return {};
}

bool Session::takes_files(const Delivery& delivery) const {
    return delivery.body.size > 0 && hello_ && hello_->file_bytes > 0 && has_shelf_;
}

void Session::look_after_files() {
    std::vector<std::int64_t> settled;
    std::vector<std::string> taken;
    std::deque<Packed> packed;
    {
        const Lock lock(mutex_);
        if (!has_shelf_) return settled_.clear();
        settled.swap(settled_);
        taken.swap(taken_);
        if (!stopping_) packed.swap(packed_);
    }
    for (const std::int64_t number : settled) shelf_.drop(number);
    shelf_.remove(taken);
    for (Packed& each : packed) unpack(std::move(each));
}

void Session::unpack(Packed packed) {
    std::size_t most = 0;
    {
        const Lock lock(mutex_);
        const bool there = running_ && packed.run == run_ && in_hand_.count(packed.number) > 0;
        if (there && hello_) most = hello_->file_bytes;
    }
    if (most == 0) return not_unpacked(packed.number, "its program has ended");
    const auto files = shelf_.offer(packed.number, packed.delivery, office_, most);
    if (!files.ok()) return not_unpacked(packed.number, files.error().text);
    hand(packed.run, packed.number, packed.wire_id, packed.delivery, *files);
}

void Session::not_unpacked(std::int64_t number, const std::string& why) {
    AttemptId attempt;
    {
        const Lock lock(mutex_);
        const auto found = in_hand_.find(number);
        if (found == in_hand_.end()) return;
        attempt = found->second.attempt;
        in_hand_.erase(found);
    }
    office_.report(attempt, outcome(Outcome::Kind::NotTried, "files", why));
}

}  // namespace waypost::exec
