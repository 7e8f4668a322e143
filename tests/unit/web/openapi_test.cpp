// SPDX-License-Identifier: Apache-2.0
// openapi.yaml says what is there, and nothing else.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

#include "gateway/message/text.h"
#include "web/api/api.h"

namespace waypost::api {
namespace {

// "GET /people" of each. The file has a line for each path and, below it, one for each method:
//   /people:
//     get: {...}
std::vector<std::string> described() {
    std::vector<std::string> all;
    std::ifstream file(WAYPOST_OPENAPI);
    std::string path;
    for (std::string line; std::getline(file, line);) {
        const std::size_t indent = line.find_first_not_of(' ');
        const std::size_t colon = line.find(':');
        if (indent == std::string::npos || colon == std::string::npos) continue;
        const std::string name = line.substr(indent, colon - indent);
        if (indent == 2) path = name;
        if (indent == 4) all.push_back(upper_ascii(name) + ' ' + path);
    }
    std::sort(all.begin(), all.end());
    return all;
}

TEST(OpenApi, DescribesEveryRouteAndNoOther) {
    std::vector<std::string> there;
    for (const Route& route : routes()) there.push_back(route.method + ' ' + route.pattern);
    std::sort(there.begin(), there.end());
    EXPECT_EQ(described(), there);
}

}  // namespace
}  // namespace waypost::api
