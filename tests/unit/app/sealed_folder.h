// SPDX-License-Identifier: Apache-2.0
// A folder for copies, and keys of age, as somebody who looks after a box makes them at home.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>

namespace waypost {

class Folder {
  public:
    Folder() {
        char name[] = "/tmp/waypost-backup-XXXXXX";
        path_ = ::mkdtemp(name);
    }
    ~Folder() { std::filesystem::remove_all(path_); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    std::string operator/(const std::string& name) const { return path_ + '/' + name; }
    std::string make(const std::string& name) const {
        std::filesystem::create_directories(path_ + '/' + name);
        return path_ + '/' + name;
    }
    void put(const std::string& name, const std::string& text) const {
        std::ofstream(path_ + '/' + name) << text;
    }
    std::string read(const std::string& name) const {
        std::ifstream in(path_ + '/' + name);
        return {std::istreambuf_iterator<char>(in), {}};
    }
    std::set<std::string> names(const std::string& name) const {
        std::set<std::string> all;
        for (const auto& each : std::filesystem::directory_iterator(path_ + '/' + name))
            all.insert(each.path().filename());
        return all;
    }

  private:
    std::string path_;
};

// Into that file, by age-keygen. The public one.
inline std::string new_key(const std::string& file) {
    const std::string command = "age-keygen -o " + file + " 2>/dev/null";
    EXPECT_EQ(std::system(command.c_str()), 0) << "is age installed? ./dev setup";  // NOLINT
    std::ifstream in(file);
    const std::string mark = "# public key: ";
    for (std::string line; std::getline(in, line);)
        if (line.rfind(mark, 0) == 0) return line.substr(mark.size());
    return {};
}

}  // namespace waypost
