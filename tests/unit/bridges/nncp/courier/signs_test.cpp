// SPDX-License-Identifier: Apache-2.0
// What a person sees: the light, and the file on the stick.
#include "bridges/nncp/courier/led.h"
#include "bridges/nncp/courier/readme.h"
#include "tests/unit/bridges/nncp/carrier/two_spools.h"

namespace waypost::nncp {
namespace {

class SignsTest : public TwoSpools {
  protected:
    SignsTest() { fs::create_directory(light_); }
    std::string lit(const char* file) const { return text_of(light_ / file); }
    const fs::path light_ = folder_ / "green:stick";
};

TEST_F(SignsTest, TheLightShowsHowItStands) {
    std::ofstream(light_ / "max_brightness") << "255\n";
    {
        Led led(light_);
        led.show(Led::Show::Ask);
        EXPECT_EQ(lit("trigger") + lit("delay_on") + lit("delay_off"), "timer10001000");
        led.show(Led::Show::Busy);
        EXPECT_EQ(lit("delay_on") + lit("delay_off"), "100100");
        led.show(Led::Show::Done);
        EXPECT_EQ(lit("trigger") + lit("brightness"), "none255");
        fs::remove(light_ / "brightness");
        led.show(Led::Show::Done);
        EXPECT_FALSE(fs::exists(light_ / "brightness")) << "nothing changed";
        led.show(Led::Show::Failed);
        EXPECT_EQ(lit("delay_on"), "50");
    }
    EXPECT_EQ(lit("trigger") + lit("brightness"), "none0");
}

TEST_F(SignsTest, ALightThatIsAFileIsSwitched) {
    const fs::path file = folder_ / "brightness";
    std::ofstream(file) << '0';
    Led led(file);
    led.show(Led::Show::Busy);
    EXPECT_EQ(text_of(file), "1");
    led.show(Led::Show::Off);
    EXPECT_EQ(text_of(file), "0");
    Led(fs::path()).show(Led::Show::Busy);
    Led(folder_ / "no" / "such").show(Led::Show::Busy);
}

TEST_F(SignsTest, TheReadmeIsInEightLanguagesAndNamesNobody) {
    const std::string text(readme_text());
    for (const char* each : {"English", "Español", "Français", "Português", "العربية", "हिन्दी",
                             "Kiswahili", "Українська"})
        EXPECT_NE(text.find(each), std::string::npos) << each;
    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 8 * 5 - 1);
    EXPECT_LT(text.size(), 6000u);
    EXPECT_EQ(text.find('@'), std::string::npos);
}

TEST_F(SignsTest, TheReadmeIsWrittenOnceAndFollowsNoLink) {
    ASSERT_TRUE(write_readme(light_).ok());
    const fs::path file = light_ / kReadme;
    EXPECT_EQ(text_of(file), readme_text());
    const auto written = fs::last_write_time(file) - std::chrono::hours(1);
    fs::last_write_time(file, written);
    ASSERT_TRUE(write_readme(light_).ok());
    EXPECT_EQ(fs::last_write_time(file), written);
    std::ofstream(folder_ / "other") << "other";
    fs::remove(file);
    fs::create_symlink(folder_ / "other", file);
    ASSERT_TRUE(write_readme(light_).ok());
    EXPECT_EQ(text_of(folder_ / "other"), "other");
    EXPECT_EQ(text_of(file), readme_text());
}

}  // namespace
}  // namespace waypost::nncp
