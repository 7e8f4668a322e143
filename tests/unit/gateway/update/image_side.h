// SPDX-License-Identifier: Apache-2.0
// The folder of the image's side of updates, as its program leaves it: release 1.0 runs in slot A
// and is marked good.
#pragma once

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "gateway/base/random.h"

namespace waypost {

class ImageSide {
  public:
    ImageSide()
        : folder_(std::filesystem::temp_directory_path() /
                  ("waypost-test-" + system_random()->hex(8))) {
        std::filesystem::create_directories(folder_ / "in");
        runs("yes");
    }
    ImageSide(const ImageSide&) = delete;
    ImageSide& operator=(const ImageSide&) = delete;
    ~ImageSide() {
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
    }

    const std::filesystem::path& folder() const { return folder_; }
    void runs(const std::string& good) {
        say("running", "slot=A\nversion=1.0\nboard=waypost-amd64\ngood=" + good + '\n');
    }
    void offers() { say("offer", "version=1.1\nis=newer\nfrom=stick\nbytes=5\n"); }
    void say(const std::string& name, const std::string& text) const {
        std::ofstream(folder_ / name) << text;
    }
    // What the gateway gave; empty: nothing.
    std::string given(const std::string& name) const {
        std::stringstream text;
        text << std::ifstream(folder_ / "in" / name).rdbuf();
        return text.str();
    }

    // The image's side takes it.
    std::string take(const std::string& name) const {
        const std::string text = given(name);
        std::filesystem::remove(folder_ / "in" / name);
        return text;
    }

  private:
    const std::filesystem::path folder_;
};

}  // namespace waypost
