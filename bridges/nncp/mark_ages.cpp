// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/mark_ages.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <ctime>
#include <fstream>

#include "bridges/nncp/spool/files.h"

namespace waypost::nncp {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kDay = 86400;

// A village has many marks, and little memory.
std::size_t hash_of(const std::string& line) { return std::hash<std::string>()(line); }

bool is_hash(const fs::path& name) { return hash_from_base32(name.string()).ok(); }

// And nothing else is ever deleted.
bool is_mark(const std::string& line) {
    const fs::path path(line);
    const std::vector<fs::path> parts(path.begin(), path.end());
    if (parts.size() != 4 || !is_hash(parts[0]) || !is_hash(parts[3])) return false;
    return (parts[1] == "rx" && parts[2] == "seen") || (parts[1] == "area" && is_hash(parts[2]));
}

// Whole lines only: what a crash has torn is no mark, and comes anew.
std::vector<std::string> read_marks(const fs::path& file) {
    std::vector<std::string> marks;
    std::ifstream in(file);
    for (std::string line; std::getline(in, line) && !in.eof();) {
        if (is_mark(line)) marks.push_back(std::move(line));
    }
    return marks;
}

// That it is old by its date proves nothing.
bool is_younger(const fs::path& file, std::chrono::seconds age) {
    struct stat info {};
    if (::stat(file.c_str(), &info) != 0) return false;
    const std::time_t now = std::time(nullptr);
    return info.st_mtime <= now && now - info.st_mtime < age.count();
}

}  // namespace

MarkAges::MarkAges(const Spool& spool)
    : spool_(spool), folder_(spool.directory() / "waypost" / "marks") {}

fs::path MarkAges::file(std::int64_t day) const { return folder_ / std::to_string(day); }

std::vector<std::int64_t> MarkAges::days_on_record() const {
    std::vector<std::int64_t> days;
    for (const auto& each : entries_of(folder_)) {
        if (const auto day = number_of(each.path().filename().native())) days.push_back(*day);
    }
    return days;
}

std::vector<std::string> MarkAges::marks_but(const std::unordered_set<std::size_t>& known) const {
    std::vector<std::string> all;
    const auto look_below = [&](const fs::path& folder) {
        for (const auto& each : entries_of(spool_.directory() / folder)) {
            std::string line = folder / each.path().filename();
            if (is_mark(line) && known.count(hash_of(line)) == 0) all.push_back(std::move(line));
        }
    };
    const auto nodes = spool_.nodes();
    if (!nodes.ok()) return all;
    for (const NodeId& node : *nodes) {
        const fs::path home = to_base32(node);
        look_below(home / "rx" / "seen");
        for (const auto& area : entries_of(spool_.directory() / home / "area"))
            look_below(home / "area" / area.path().filename());
    }
    return all;
}

Result<void> MarkAges::record(std::int64_t day, const std::vector<std::string>& marks) const {
    if (marks.empty()) return {};
    if (const auto made = make_folder(folder_, false); !made.ok()) return made;
    const Fd fd(::open(file(day).c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
    if (!fd.good()) return disk_error("write " + file(day).string());
    std::string lines = "\n";  // ends what a crash has torn
    for (const std::string& each : marks) lines += each + '\n';
    return write_all(fd.get(), {reinterpret_cast<const std::uint8_t*>(lines.data()), lines.size()});
}

std::size_t MarkAges::tidy(std::int64_t now, std::chrono::seconds keep, bool dates_count) {
    const std::int64_t today = now / kDay;
    std::unordered_set<std::size_t> known;
    std::vector<std::int64_t> ended;
    std::size_t deleted = 0;
    for (const std::int64_t day : days_on_record()) {
        const bool old = (today - day) * kDay > keep.count();
        const bool over = old || day > today;  // the store was put back since: from the beginning
        if (over) ended.push_back(day);
        for (const std::string& line : read_marks(file(day))) {
            const fs::path mark = spool_.directory() / line;
            if (!over) known.insert(hash_of(line));
            if (old && !(dates_count && is_younger(mark, keep)) && ::unlink(mark.c_str()) == 0)
                ++deleted;
        }
    }
    if (!record(today, marks_but(known)).ok()) return deleted;
    for (const std::int64_t day : ended) (void)::unlink(file(day).c_str());
    return deleted;
}

}  // namespace waypost::nncp
