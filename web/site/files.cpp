// SPDX-License-Identifier: Apache-2.0
#include "web/site/files.h"

#include <sodium.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "gateway/base/encoding.h"

namespace waypost::site {
namespace {

namespace fs = std::filesystem;

const char* type_of(const std::string& extension) {
    static const std::map<std::string, const char*> kTypes = {
        {".html", "text/html; charset=utf-8"},
        {".js", "text/javascript; charset=utf-8"},
        {".css", "text/css; charset=utf-8"},
        {".json", "application/json"},
        {".svg", "image/svg+xml"},
        {".png", "image/png"},
        {".woff2", "font/woff2"},
        {".webmanifest", "application/manifest+json"}};
    const auto found = kTypes.find(extension);
    return found == kTypes.end() ? "application/octet-stream" : found->second;
}

std::string read(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    if (!in) throw std::runtime_error("[console] files: cannot read " + path.string());
    return {std::istreambuf_iterator<char>(in), {}};
}

bool ends_with(const std::string& text, const std::string& end) {
    return text.size() > end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

// Content Security Policy Level 3, 2.3.1: of the bytes between the tags.
std::string style_hash_of(const std::string& html) {
    static const std::string kOpen = "<style>";
    const std::size_t open = html.find(kOpen);
    if (open == std::string::npos) return {};
    const std::size_t from = open + kOpen.size();
    const std::string style = html.substr(from, html.find("</style>", from) - from);
    std::array<unsigned char, crypto_hash_sha256_BYTES> hash{};
    crypto_hash_sha256(hash.data(), reinterpret_cast<const unsigned char*>(style.data()),
                       style.size());
    return "'sha256-" + to_base64({reinterpret_cast<const char*>(hash.data()), hash.size()}) + '\'';
}

}  // namespace

Files::Files(const std::string& folder) {
    std::error_code failed;
    std::size_t all = 0;
    for (const auto& each : fs::recursive_directory_iterator(folder, failed)) {
        if (!each.is_regular_file()) continue;
        std::string name = '/' + fs::relative(each.path(), folder).generic_string();
        std::string bytes = read(each.path());
        all += bytes.size();
        if (all > kMostBytes)
            throw std::runtime_error("[console] files: there are over 8 MiB in " + folder);
        if (ends_with(name, ".gz")) {
            files_[name.substr(0, name.size() - 3)].gzip = std::move(bytes);
        } else if (ends_with(name, ".br")) {
            files_[name.substr(0, name.size() - 3)].brotli = std::move(bytes);
        } else {
            File& file = files_[name];
            file.type = type_of(each.path().extension().string());
            file.etag = '"' + short_hash(bytes) + '"';
            file.named = name.rfind("/assets/", 0) == 0;
            if (ends_with(name, ".html")) file.style_hash = style_hash_of(bytes);
            file.bytes = std::move(bytes);
        }
    }
    if (failed || files_.count("/index.html") == 0)
        throw std::runtime_error("[console] files: there is no index.html in " + folder +
                                 "; ./dev build makes the console in build/console");
    std::erase_if(files_, [](const auto& each) { return each.second.type.empty(); });
}

const File* Files::find(const std::string& path) const {
    const auto found = files_.find(path);
    if (found != files_.end()) return &found->second;
    // Deeper down a dot is of a name: /radios/trunk.dale.
    const bool a_file = path.rfind('/') == 0 && path.find('.') != std::string::npos;
    if (a_file || path.rfind("/assets/", 0) == 0) return nullptr;
    return &files_.at("/index.html");
}

}  // namespace waypost::site
