// SPDX-License-Identifier: Apache-2.0
// The files of the console, all in memory: a few hundred KiB, read once. Immutable after that.
#pragma once

#include <map>
#include <string>

namespace waypost::site {

struct File {
    std::string type;    // "text/html; charset=utf-8"
    std::string etag;    // with its quotes
    bool named = false;  // its name says its content: it may be kept for ever
    std::string bytes;
    // Of a page with a <style> in it, as a Content-Security-Policy names that: "'sha256-…'".
    std::string style_hash;
    std::string gzip, brotli;  // the same; empty: there is none
};

class Files {
  public:
    static constexpr std::size_t kMostBytes = 8u << 20;  // of all of them

    // "index.html", "assets/app-1f3c.js", and beside a file the same with .gz and .br. Throws
    // std::runtime_error with a sentence for the operator if there is no index.html, or too much.
    explicit Files(const std::string& folder);

    // Of a path as asked for, without its query. What is no file is the page, which looks at the
    // path itself; null: a file that is not there.
    const File* find(const std::string& path) const;
    const std::map<std::string, File>& all() const { return files_; }  // by path

  private:
    std::map<std::string, File> files_;  // by path: "/index.html"
};

}  // namespace waypost::site
