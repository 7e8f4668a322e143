// SPDX-License-Identifier: Apache-2.0
// Files and folders by their descriptors, as spool and carriers use them.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "gateway/base/fd.h"
#include "gateway/base/result.h"

namespace waypost::nncp {

using waypost::Fd;

// Of errno: Full: no space or quota; NotFound; else Internal. All may be tried again.
Error disk_error(const std::string& what);

Result<void> write_all(int fd, std::span<const std::uint8_t> bytes);
// An open folder, for openat and the like.
Result<Fd> open_folder(const std::filesystem::path& folder);
// It and what is missing above it, mode 0777 less the umask. With `sync`, its name is durable.
Result<void> make_folder(const std::filesystem::path& folder, bool sync);
Result<void> sync_folder(const std::filesystem::path& folder);
Result<void> sync_file(const std::filesystem::path& file);
// What lies in a folder, in no order; nothing where there is none, or none that we may read. Throws
// nothing: a medium that fails sets `failed`, and more may lie there.
std::vector<std::filesystem::directory_entry> entries_of(const std::filesystem::path& folder,
                                                         std::error_code* failed = nullptr);
Error unread(const std::filesystem::path& folder, const std::error_code& why);
// What the name of a file says, all of it in decimal; nullopt: it says something else.
std::optional<std::int64_t> number_of(std::string_view name);
// The size of a regular file, following no link; NotFound: there is none of this name.
Result<std::uint64_t> file_size(int folder, const std::string& name);
// Bytes that anybody may still write on the file system of `folder`.
Result<std::uint64_t> free_space(const std::filesystem::path& folder);
// A name for work in progress that nobody else has: "nncp" and hex.
std::string working_name();

// Calls `work` with 0 to count - 1, up to eight at a time. For what waits for the journal of a file
// system by itself, as removing does: some at once take as long as one. `work` is thread-safe.
void run_together(std::size_t count, const std::function<void(std::size_t)>& work);
void remove_files(const std::vector<std::filesystem::path>& files);  // those that are there

}  // namespace waypost::nncp
