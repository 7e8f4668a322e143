// SPDX-License-Identifier: Apache-2.0
// "water?" from a radio, where a sensor said something by that word.
#include "village.h"

namespace waypost {
namespace {

class AskedValue : public Village {
  protected:
    AskedValue() { name("ana", kAna); }
    void sensor_says(const std::string& word, const std::string& text) {
        office_->state("ask").put(word, std::to_string(to_ms(clock_.wall())) + ' ' + text);
        settle();
    }
};

TEST_F(AskedValue, IsTheLastValueWithItsHour) {
    sensor_says("water", "1.83 m");
    const std::string answer = dm1(kAna, "water?");
    EXPECT_EQ(answer.substr(0, 15), "water: 1.83 m (") << answer;
    EXPECT_EQ(answer.size(), 21u) << answer;
    EXPECT_EQ(dm1(kAna, "?water"), answer);
    EXPECT_EQ(dm1(kAna, "Water ?"), answer);
    pass(std::chrono::hours(30));
    const std::string old = dm1(kAna, "water?");
    EXPECT_EQ(old.size(), 32u) << old;  // with its day
}

TEST_F(AskedValue, IsNotForWhatNoSensorSaid) {
    sensor_says("water", "1.83 m");
    for (const char* line : {"?beer", "beer?", "is there water?", "water"})
        for (const std::string& shown : dm(kAna, line))
            EXPECT_EQ(shown.find("1.83"), std::string::npos) << shown;
}

TEST_F(AskedValue, OutlastsARestart) {
    sensor_says("water", "1.83 m");
    close();
    open();
    EXPECT_EQ(dm1(kAna, "water?").substr(0, 14), "water: 1.83 m ");
}

}  // namespace
}  // namespace waypost
