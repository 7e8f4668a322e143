// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/sent_posts.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>

namespace waypost::nncp {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kKeepSeconds = 3600;

Hash32 name_of(const SentCopy& copy) { return blake2b(copy.recipient.value + ' ' + copy.wire_id); }

Result<void> write_durably(const NewPacket& post, const fs::path& file) {
    const auto from = post.reopen();
    if (!from.ok()) return from.error();
    const Fd fd(::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!fd.good()) return disk_error("write " + file.string());
    FileSource source(from->get());
    FileSink sink(fd.get());
    if (const auto copied = copy_all(source, sink); !copied.ok()) return copied;
    return ::fsync(fd.get()) == 0 ? Result<void>() : disk_error("sync " + file.string());
}

}  // namespace

SentPosts::SentPosts(const Spool& spool) : folder_(spool.directory() / "waypost" / "posts") {
    std::error_code none;
    for (const auto& each : entries_of(folder_)) {
        const std::string name = each.path().filename().string();
        const auto hash = hash_from_base32(name.substr(0, kNameLetters));
        const auto at =
            name.size() > kNameLetters ? number_of(name.substr(kNameLetters + 1)) : std::nullopt;
        if (hash.ok() && at) {
            kept_[*hash] = *at;
        } else {
            fs::remove(each.path(), none);  // half written
        }
    }
}

fs::path SentPosts::file(const Hash32& name, std::int64_t at) const {
    return folder_ / (to_base32(name) + '.' + std::to_string(at));
}

Result<void> SentPosts::keep(const SentCopy& copy, const NewPacket& post, std::int64_t now) {
    if (const auto made = make_folder(folder_, true); !made.ok()) return made;
    const Hash32 name = name_of(copy);
    const fs::path fresh = folder_ / working_name();
    auto written = write_durably(post, fresh);
    if (written.ok() && ::rename(fresh.c_str(), file(name, now).c_str()) != 0)
        written = disk_error("name " + file(name, now).string());
    if (written.ok()) written = sync_folder(folder_);
    if (!written.ok()) {
        (void)::unlink(fresh.c_str());
        return written;
    }
    const std::lock_guard lock(mutex_);
    const auto before = kept_.find(name);
    if (before != kept_.end() && before->second != now)
        (void)::unlink(file(name, before->second).c_str());
    kept_[name] = now;
    return {};
}

bool SentPosts::has(const SentCopy& copy) const {
    const std::lock_guard lock(mutex_);
    return kept_.count(name_of(copy)) > 0;
}

// Not waited for: after a crash it has one age or the other.
void SentPosts::renew(const Hash32& name, std::int64_t& at, std::int64_t now) const {
    if (at == now) return;
    if (::rename(file(name, at).c_str(), file(name, now).c_str()) == 0) at = now;
}

Result<Fd> SentPosts::open(const SentCopy& copy, std::int64_t now) {
    const std::lock_guard lock(mutex_);
    const auto found = kept_.find(name_of(copy));
    if (found == kept_.end()) return Error{Code::NotFound, "no such post is kept", false};
    renew(found->first, found->second, now);
    Fd fd(::open(file(found->first, found->second).c_str(), O_RDONLY | O_CLOEXEC));
    if (!fd.good()) return disk_error("open a post");
    return fd;
}

// One of a time that the box has not reached, as after a store that was put back, is old as well.
void SentPosts::tidy(std::int64_t now) {
    const std::lock_guard lock(mutex_);
    std::erase_if(kept_, [&](const auto& each) {
        const auto& [name, at] = each;
        const bool old = now - at > kKeepSeconds || at - now > kKeepSeconds;
        return old && ::unlink(file(name, at).c_str()) == 0;
    });
}

}  // namespace waypost::nncp
