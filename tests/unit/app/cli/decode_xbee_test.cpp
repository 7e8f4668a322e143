// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "app/cli/decode_kinds.h"
#include "tests/unit/radio/xbee/vectors.h"

namespace waypost::cli {
namespace {

const DecodeKind& kind(const std::string& name) {
    const auto kinds = decode_kinds();
    return *std::find_if(kinds.begin(), kinds.end(),
                         [&](const DecodeKind& k) { return k.name == name; });
}

// As a script reads it.
Poco::JSON::Object::Ptr decoded(const std::string& name, const std::string& line) {
    bool bad = false;
    std::ostringstream text;
    decode_line(kind(name), line, bad).stringify(text);
    EXPECT_FALSE(bad);
    return Poco::JSON::Parser().parse(text.str()).extract<Poco::JSON::Object::Ptr>();
}

void expect_fields(const Poco::JSON::Object::Ptr& got, const Poco::JSON::Object::Ptr& wanted) {
    for (const auto& [key, value] : *wanted) {
        if (value.type() == typeid(Poco::JSON::Object::Ptr)) {
            expect_fields(got->getObject(key), value.extract<Poco::JSON::Object::Ptr>());
        } else {
            EXPECT_EQ(got->get(key).toString(), value.toString()) << key;
        }
    }
}

TEST(DecodeXbee, TheFieldsOfEveryGoldenFrame) {
    for (const auto& row : xbee::vectors("frames.jsonl")) {
        SCOPED_TRACE(row->getValue<std::string>("name"));
        for (const std::string mode : {"1", "2"}) {
            const auto out = decoded("xbee" + mode, row->getValue<std::string>("ap" + mode));
            ASSERT_EQ(out->getArray("frames")->size(), 1u);
            const auto frame = out->getArray("frames")->getObject(0);
            EXPECT_EQ(frame->getValue<std::string>("raw"), row->getValue<std::string>("ap1"));
            EXPECT_EQ(out->getValue<int>("errors"), 0);
            expect_fields(frame, row->getObject("fields"));
        }
    }
}

TEST(DecodeXbee, EveryStream) {
    for (const auto& row : xbee::vectors("streams.jsonl")) {
        SCOPED_TRACE(row->getValue<std::string>("name"));
        const auto out = decoded("xbee" + row->getValue<std::string>("ap"),
                                 row->getValue<std::string>("stream"));
        const auto frames = out->getArray("frames");
        const auto accept = row->getArray("accept");
        ASSERT_EQ(frames->size(), accept->size());
        for (unsigned i = 0; i < frames->size(); ++i) {
            EXPECT_EQ(frames->getObject(i)->getValue<std::string>("raw"),
                      accept->getElement<std::string>(i));
        }
    }
}

TEST(DecodeXbee, WhatIsTooShortForItsTypeIsAnErrorWithItsBytes) {
    const auto out = decoded("xbee1", "7e0005900013a200ba");
    EXPECT_EQ(out->getValue<int>("errors"), 1);
    const auto frame = out->getArray("frames")->getObject(0);
    EXPECT_EQ(frame->getValue<std::string>("raw"), "7e0005900013a200ba");
    EXPECT_TRUE(frame->has("error"));
    EXPECT_EQ(decoded("xbee1", "7e0010")->getValue<int>("errors"), 1) << "cut at the end";
    EXPECT_EQ(decoded("xbee2", "")->getValue<int>("errors"), 0);
}

TEST(DecodeXbee, WhatIsNoHexIsSaid) {
    for (const char* line : {"7e0", "xy", "7e 00"}) {
        bool bad = false;
        EXPECT_EQ(decode_line(kind("xbee1"), line, bad).getValue<int>("errors"), 1);
        EXPECT_TRUE(bad);
    }
}

}  // namespace
}  // namespace waypost::cli
