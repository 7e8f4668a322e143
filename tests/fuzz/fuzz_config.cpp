// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <string>

#include "gateway/config/config.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const std::string kFile = [] {
        char name[] = "/tmp/waypost-fuzz-config-XXXXXX";
        const int fd = ::mkstemp(name);
        if (fd >= 0) ::close(fd);
        return std::string(name);
    }();
    FILE* file = std::fopen(kFile.c_str(), "wb");
    std::fwrite(data, 1, size, file);
    std::fclose(file);
    const auto loaded = waypost::load_config(kFile, waypost::core_sections());
    if (loaded.ok() && loaded->problems.empty() &&
        loaded->config.section("box").text("domain").empty())
        std::abort();
    std::remove(kFile.c_str());
    return 0;
}
