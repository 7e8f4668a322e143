// SPDX-License-Identifier: Apache-2.0
#include "app/open_copy.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>

#include "app/backup_places.h"
#include "gateway/base/fd.h"
#include "gateway/base/program.h"

namespace waypost {
namespace {

namespace fs = std::filesystem;

constexpr char kKey[] = "AGE-SECRET-KEY-1";
constexpr std::size_t kKeyLength = 74;        // Bech32 of 32 bytes behind it
constexpr std::size_t kMostText = 16 * 1024;  // of a file with keys
constexpr std::size_t kMostKeys = 16;         // all of them fit into a pipe
constexpr std::chrono::hours kPatience{24};   // a slow stick is none that hangs
constexpr char kStore[] = "waypost.db", kBodies[] = "waypost.db.bodies";

Error no_key() {
    return {Code::BadInput,
            "that is no secret key of age: it is a line of AGE-SECRET-KEY-1 and 58 letters and "
            "digits, as age-keygen wrote it",
            false};
}

std::string_view trimmed(std::string_view line) {
    constexpr char kBlank[] = " \t\r";
    const auto first = line.find_first_not_of(kBlank);
    if (first == std::string_view::npos) return {};
    return line.substr(first, line.find_last_not_of(kBlank) - first + 1);
}

char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

// A phone may have made small letters of it; Bech32 means the same by both.
bool add_key(std::string_view line, std::string& keys) {
    if (line.size() != kKeyLength) return false;
    const std::size_t from = keys.size();
    for (const char c : line) keys += upper(c);
    const std::string_view key = std::string_view(keys).substr(from);
    const bool good = key.starts_with(kKey) && std::all_of(key.begin(), key.end(), [](char c) {
                          return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
                      });
    keys += '\n';
    return good;
}

// What age reads the keys from: they are in the pipe, and its end is closed.
Result<Fd> pipe_with(const Secret& key) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0)
        return Error{Code::Internal, std::string("pipe: ") + std::strerror(errno), true};
    Fd from(ends[0]);
    const Fd into(ends[1]);
    const std::string_view text = key.reveal();
    if (::write(into.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size()))
        return Error{Code::Internal, std::string("pipe: ") + std::strerror(errno), true};
    return from;
}

bool says(const Ended& program, const char* text) {
    return program.output.find(text) != std::string::npos;
}

// By what age 1.1 and GNU tar say. Nothing of it is passed on: a header that is no header is
// anything.
Error why(const Ended& age, const Ended& tar) {
    if (age.too_slow || tar.too_slow)
        return {Code::Busy, "it was stopped before it was done", true};
    if (says(tar, "No space left")) return {Code::Full, "there is no room to open the copy", true};
    if (says(age, "no identity matched"))
        return {Code::Refused, "this key does not open the copy: it was made for another", false};
    if (says(age, "malformed secret key"))
        return {Code::BadInput, "the key is mistyped: a letter of it is wrong or missing", false};
    if (says(age, "failed to open input file") || says(age, "input/output error"))
        return {Code::NotFound, "the copy cannot be read: is the stick still in?", true};
    if (age.status > 0)
        return {Code::Conflict, "the copy is damaged: it was cut short or altered", false};
    return {Code::Conflict, "what is in it is no copy of a box", false};
}

// age FILE | tar
Result<void> run_both(const std::string& file, const Secret& key, const std::string& folder,
                      int stop) {
    const auto keys = pipe_with(key);
    if (!keys.ok()) return keys.error();
    Program decrypt, unpack;
    decrypt.words = {"age", "--decrypt", "--identity", "-", file};
    unpack.words = {"tar",
                    "--extract",
                    "--file=-",
                    "--no-same-owner",
                    "--no-same-permissions",
                    "--no-overwrite-dir"};
    decrypt.environment = unpack.environment = {"PATH=/usr/local/bin:/usr/bin:/bin", "LC_ALL=C"};
    decrypt.patience = unpack.patience = kPatience;
    decrypt.stop = unpack.stop = stop;
    decrypt.input = keys->get();
    unpack.folder = folder;
    auto running = start_piped(decrypt, unpack);
    if (!running.ok()) return running.error();
    const Ended unpacked = running->into.wait(), opened = running->from.wait();
    if (opened.status == 0 && unpacked.status == 0) return {};
    return why(opened, unpacked);
}

bool is_file(const fs::path& path) {
    std::error_code none;
    return fs::is_regular_file(fs::symlink_status(path, none));
}

// Whoever knows the public key can have written it: files alone, and those of a backup.
bool is_a_box(const std::string& folder) {
    if (!is_file(fs::path(folder) / kStore)) return false;
    std::error_code failed;
    for (fs::directory_iterator it(folder, failed), end; !failed && it != end;
         it.increment(failed)) {
        const std::string name = it->path().filename();
        if (name != kStore && name != kBodies) return false;
    }
    if (failed) return false;
    const fs::path bodies = fs::path(folder) / kBodies;
    const auto type = fs::symlink_status(bodies, failed).type();
    if (type == fs::file_type::not_found) return true;
    if (type != fs::file_type::directory) return false;
    for (fs::directory_iterator it(bodies, failed), end; !failed && it != end; it.increment(failed))
        if (!is_file(it->path())) return false;
    return !failed;
}

Result<void> has_room(const std::string& beside, std::uint64_t needed, std::uint64_t keep_free) {
    std::error_code failed;
    const auto space = fs::space(fs::path(beside).parent_path(), failed);
    if (failed) return Error{Code::Internal, beside + ": " + failed.message(), true};
    if (space.available >= needed && space.available - needed >= keep_free) return {};
    return Error{Code::Full,
                 "there is no room to open the copy: it needs " + std::to_string(needed >> 20) +
                     " MiB beside the store",
                 true};
}

Result<void> open_into(const std::string& file, const Secret& key, const std::string& folder,
                       std::uint64_t keep_free, int stop) {
    std::error_code failed;
    fs::create_directory(folder, failed);
    if (!failed) fs::permissions(folder, fs::perms::owner_all, failed);
    if (failed) return Error{Code::Internal, folder + ": " + failed.message(), true};
    if (auto done = run_both(file, key, folder, stop); !done.ok()) return done;
    if (!is_a_box(folder)) return Error{Code::Conflict, "what is in it is no copy of a box", false};
    // A file with holes is larger than it was in the copy.
    return has_room(folder, size_of(folder + '/' + kStore), keep_free);
}

}  // namespace

Result<Secret> find_key(std::string_view text) {
    if (text.size() > kMostText) return no_key();
    std::string keys;
    keys.reserve(kMostKeys * (kKeyLength + 1));  // it does not move, and is wiped where it lies
    bool good = true;
    for (std::size_t from = 0, end = 0; good && from < text.size(); from = end + 1) {
        end = std::min(text.find('\n', from), text.size());
        const std::string_view line = trimmed(text.substr(from, end - from));
        if (line.empty() || line.front() == '#') continue;
        good = keys.size() + kKeyLength < keys.capacity() && add_key(line, keys);
    }
    Secret found(std::move(keys));
    if (!good || found.empty()) return no_key();
    return found;
}

Result<void> open_sealed_copy(const std::string& file, const Secret& key, const std::string& folder,
                              std::uint64_t keep_free, int stop) {
    if (!is_file(file)) return Error{Code::NotFound, file + " is no file", false};
    std::error_code none;
    fs::remove_all(folder, none);  // of one that a kill ended
    if (auto room = has_room(folder, 2 * size_of(file), keep_free); !room.ok()) return room;
    auto done = open_into(file, key, folder, keep_free, stop);
    if (!done.ok()) fs::remove_all(folder, none);
    return done;
}

}  // namespace waypost
