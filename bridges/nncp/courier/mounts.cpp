// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/courier/mounts.h"

#include <algorithm>
#include <fstream>
#include <sstream>

namespace waypost::nncp {
namespace {

namespace fs = std::filesystem;

bool octal(char c) { return c >= '0' && c <= '7'; }

// "\040" for a space.
std::string unescaped(const std::string& text) {
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\\' && i + 3 < text.size() && octal(text[i + 1]) && octal(text[i + 2]) &&
            octal(text[i + 3])) {
            plain += static_cast<char>((text[i + 1] - '0') * 64 + (text[i + 2] - '0') * 8 +
                                       (text[i + 3] - '0'));
            i += 3;
        } else {
            plain += text[i];
        }
    }
    return plain;
}

}  // namespace

std::vector<Mount> parse_mounts(std::string_view mountinfo) {
    std::vector<Mount> mounts;
    std::istringstream lines{std::string(mountinfo)};
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line);
        std::string id, parent, numbers, root, path, word, type, device;
        words >> id >> parent >> numbers >> root >> path;
        while (words >> word && word != "-") {
        }
        if (!(words >> type >> device)) continue;
        device = unescaped(device);
        if (!device.starts_with('/')) device.clear();
        mounts.push_back({device, unescaped(path), type});
    }
    return mounts;
}

std::vector<Mount> read_mounts(const std::string& file) {
    std::ifstream in(file);
    return parse_mounts(std::string(std::istreambuf_iterator<char>(in), {}));
}

bool lies_in(const fs::path& path, const fs::path& folder) {
    const fs::path above = folder.has_filename() ? folder : folder.parent_path();
    return std::mismatch(above.begin(), above.end(), path.begin(), path.end()).first == above.end();
}

const Mount* mount_of(const std::vector<Mount>& mounts, const fs::path& path) {
    const Mount* found = nullptr;
    for (const Mount& each : mounts)
        // What was mounted later covers what was there before.
        if (lies_in(path, each.path) &&
            (found == nullptr || each.path.native().size() >= found->path.native().size()))
            found = &each;
    return found;
}

}  // namespace waypost::nncp
