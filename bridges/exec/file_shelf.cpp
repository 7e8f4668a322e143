// SPDX-License-Identifier: Apache-2.0
#include "bridges/exec/file_shelf.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <set>

#include "bridges/email/mime/mail_attachment.h"
#include "gateway/base/encoding.h"
#include "gateway/message/file_name.h"
#include "gateway/message/text.h"

namespace waypost::exec {
namespace {

namespace fs = std::filesystem;

constexpr char kOut[] = "out";  // below the folder: what the box puts there
constexpr std::size_t kTypeBytes = 100;

Error failed(const std::string& what) {
    return {Code::Internal, what + ": " + std::strerror(errno), true};
}

Error too_large(std::size_t most) {
    return {Code::TooLarge, "its files have more than " + std::to_string(most) + " bytes together",
            false};
}

// "image/jpeg", or what says nothing.
std::string media_type(const std::string& said) {
    const std::string type = said.substr(0, said.find(';'));
    const std::size_t slash = type.find('/');
    const bool whole = slash != std::string::npos && slash > 0 && slash + 1 < type.size() &&
                       type.size() <= kTypeBytes &&
                       type.find_first_not_of(
                           "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                           "0123456789!#$&^_.+-/") == std::string::npos &&
                       type.find('/', slash + 1) == std::string::npos;
    return whole ? lower_ascii(type) : "application/octet-stream";
}

Result<std::string> bytes_in(const Fd& file, std::size_t most) {
    std::string bytes;
    std::string piece(64 * 1024, '\0');
    for (;;) {
        const ssize_t got = ::read(file.get(), piece.data(), piece.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return failed("cannot be read");
        if (got == 0) return bytes;
        bytes.append(piece, 0, static_cast<std::size_t>(got));
        if (bytes.size() > most) return too_large(most);
    }
}

// One that none of these has yet: "goat.jpg", "goat-2.jpg".
std::string new_name(const std::string& name, std::set<std::string>& taken) {
    const std::size_t dot = name.rfind('.');
    const std::string stem = name.substr(0, dot);
    const std::string ending = dot == std::string::npos ? std::string() : name.substr(dot);
    std::string made = name;
    for (int i = 2; !taken.insert(made).second; ++i) made = stem + '-' + std::to_string(i) + ending;
    return made;
}

}  // namespace

Result<void> FileShelf::clear() {
    lying_.clear();
    opened_ = Fd();
    std::error_code wrong;
    fs::create_directories(fs::path(folder_).parent_path(), wrong);
    if (::mkdir(folder_.c_str(), 0700) != 0 && errno != EEXIST)
        return failed("cannot make the folder " + folder_);
    Fd opened(::open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!opened.good()) return failed("cannot use the folder " + folder_);
    if (::fchmod(opened.get(), 0700) != 0) return failed(folder_ + " is not the box's own");
    for (const auto& each : fs::directory_iterator(folder_, wrong))
        fs::remove_all(each.path(), wrong);
    if (::mkdirat(opened.get(), kOut, 0700) != 0) return failed("cannot empty " + folder_);
    opened_ = std::move(opened);
    return {};
}

// By itself, or with the folder in front of it.
Result<std::string> FileShelf::name_of(const std::string& path) const {
    std::string name = path;
    if (name.rfind(folder_ + '/', 0) == 0) name.erase(0, folder_.size() + 1);
    if (name.empty() || name == "." || name == ".." || name.find('/') != std::string::npos ||
        name.find('\0') != std::string::npos)
        return bad_input(path + " lies outside of " + folder_ +
                         ": copy it there, and name it without a folder");
    return name;
}

Result<std::string> FileShelf::bytes_of(const NamedFile& file, std::size_t most) const {
    if (file.path.empty()) {
        auto bytes = from_base64(file.base64);
        if (!bytes.ok()) return bad_input("\"base64\" of " + file.name + " is none");
        if (bytes->size() > most) return too_large(most);
        return bytes;
    }
    const auto name = name_of(file.path);
    if (!name.ok()) return name.error();
    const Fd opened(
        ::openat(opened_.get(), name->c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    if (!opened.good()) {
        if (errno == ELOOP) return bad_input(file.path + " is a link: copy the file itself");
        return bad_input(file.path + ": " + std::strerror(errno));
    }
    struct stat about {};
    if (::fstat(opened.get(), &about) != 0 || !S_ISREG(about.st_mode))
        return bad_input(file.path + " is no file");
    return bytes_in(opened, most);
}

Result<std::vector<email::MailFile>> FileShelf::read(const std::vector<NamedFile>& files,
                                                     std::size_t most) const {
    if (!opened_.good()) return bad_input("files do not pass: the box has no folder for them");
    std::vector<email::MailFile> all;
    std::size_t left = most;
    for (const NamedFile& each : files) {
        auto bytes = bytes_of(each, left);
        if (!bytes.ok() && bytes.error().code == Code::TooLarge) return too_large(most);
        if (!bytes.ok()) return bytes.error();
        left -= bytes->size();
        Attachment about{clean_file_name(each.name), media_type(each.type), bytes->size()};
        all.push_back({std::move(about), {}, std::move(*bytes)});
    }
    return all;
}

void FileShelf::remove(const std::vector<std::string>& paths) const {
    for (const std::string& each : paths) {
        const auto name = name_of(each);
        if (opened_.good() && name.ok()) ::unlinkat(opened_.get(), name->c_str(), 0);
    }
}

Result<std::vector<OfferedFile>> FileShelf::offer(std::int64_t number, const Delivery& delivery,
                                                  Office& office, std::size_t most) {
    if (!opened_.good()) return std::vector<OfferedFile>();
    std::size_t lying = 0;
    for (const auto& [each, bytes] : lying_) lying += bytes;
    if (lying + most > room_)
        return Error{Code::TooLarge, "files of other deliveries fill its folder", true};
    const std::string folder = folder_ + '/' + kOut + '/' + std::to_string(number);
    if (::mkdir(folder.c_str(), 0700) != 0) return failed("cannot make " + folder);
    std::size_t used = 0;
    auto files = unpack(folder, delivery, office, most, used);
    lying_[number] = used;
    if (!files.ok() || used == 0) drop(number);
    return files;
}

Result<std::vector<OfferedFile>> FileShelf::unpack(const std::string& folder,
                                                   const Delivery& delivery, Office& office,
                                                   std::size_t most, std::size_t& used) const {
    const auto special = originals_.find(delivery.body_network);
    const OpenAttachment& open =
        special == originals_.end() ? email::open_mail_attachment : special->second;
    std::vector<OfferedFile> files;
    std::set<std::string> names;
    const auto take = [&](AttachmentContent& content) -> Result<void> {
        files.push_back({content.about(), {}});
        OfferedFile& file = files.back();
        const std::string path = folder + '/' + new_name(clean_file_name(file.about.name), names);
        // What is listed is about its size: what it has is counted once it is there.
        if (file.about.bytes > 2 * (most - used)) return {};
        std::ofstream out(path, std::ios::binary);
        const bool whole = content.copy_to(out).ok();
        if (!out.flush().good())
            return Error{Code::Full, "no file can be written to " + folder, true};
        const auto bytes = static_cast<std::size_t>(out.tellp());
        if (!whole || bytes > most - used) {
            std::error_code ignored;
            fs::remove(path, ignored);
            return {};
        }
        used += bytes;
        file.about.bytes = bytes;
        file.path = path;
        return {};
    };
    const auto taken = each_attachment(office, delivery.body, open, kMostFiles, take);
    if (!taken.ok()) return taken.error();
    return files;
}

void FileShelf::drop(std::int64_t number) {
    std::error_code ignored;
    if (lying_.erase(number) > 0)
        fs::remove_all(folder_ + '/' + kOut + '/' + std::to_string(number), ignored);
}

}  // namespace waypost::exec
