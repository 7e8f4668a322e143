// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

namespace waypost::activitypub {

// "mastodon_create" of tests/data/activitypub.
inline std::string document(const std::string& name) {
    std::ifstream in(std::string(WAYPOST_TEST_DATA) + "/activitypub/" + name + ".json");
    EXPECT_TRUE(in) << name;
    return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace waypost::activitypub
