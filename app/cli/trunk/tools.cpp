// SPDX-License-Identifier: Apache-2.0
#include "app/cli/trunk/tools.h"

#include <iostream>

namespace waypost::cli {

void remark(const std::string& line) { std::cerr << "waypost: " << line << std::endl; }

void print_now(const std::string& line) {
    print(line);
    std::cout.flush();
}

void print_now(const Json& object) {
    print_json(object);
    std::cout.flush();
}

}  // namespace waypost::cli
