// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "app/shrink/picture.h"
#include "tests/fakes/memory.h"
#include "tests/fakes/pictures.h"

namespace waypost::shrink {
namespace {

Bytes bytes_of(const std::string& text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

Fitted shrunk(const std::string& file, std::size_t budget) {
    return shrink(bytes_of(file), budget);
}

TEST(Shrink, HoldsEveryBudgetAndSpendsIt) {
    const std::string photo = jpeg(1600, 1200, meadow);
    ASSERT_GT(photo.size(), 300'000u);
    int width_before = 0;
    for (const std::size_t budget : {1024u, 4096u, 20'480u, 100'000u}) {
        const Fitted small = shrunk(photo, budget);
        ASSERT_EQ(small.end, ShrinkEnd::Done) << budget;
        EXPECT_LE(small.webp.size(), budget);
        EXPECT_GE(small.webp.size(), budget / 2) << "more could be shown";
        const Shown shown = look(small.webp);
        EXPECT_NEAR(shown.width * 3.0 / 4.0, shown.height, 2.0) << "the same form";
        EXPECT_GT(shown.width, width_before);
        EXPECT_LE(shown.width, 1600);
        width_before = shown.width;
    }
}

TEST(Shrink, NeverMakesAPictureLarger) {
    const Fitted small = shrunk(png(40, 30, meadow), 1 << 20);
    ASSERT_EQ(small.end, ShrinkEnd::Done);
    EXPECT_EQ(look(small.webp).width, 40);
    EXPECT_EQ(look(small.webp).height, 30);
}

TEST(Shrink, ReadsWhatPeopleSend) {
    const auto halves = [](int x, int) { return x < 100 ? 0xFFFF0000u : 0xFF0000FFu; };
    const std::string webp = shrunk(png(200, 100, halves), 100'000).webp;
    for (const std::string& file : {jpeg(200, 100, halves), png(200, 100, halves), webp}) {
        const Fitted small = shrunk(file, 20'000);
        ASSERT_EQ(small.end, ShrinkEnd::Done);
        const Shown shown = look(small.webp);
        EXPECT_EQ(shown.width, 200);
        EXPECT_GT(shown.at(20, 50) >> 16 & 0xFF, 200u);
        EXPECT_GT(shown.at(180, 50) & 0xFF, 200u);
    }
}

TEST(Shrink, AGifGivesItsFirstFrameAlsoInterlacedAndSeenThrough) {
    const auto ramp = [](int, int y) { return static_cast<Colour>(y) << 16; };
    const Fitted small = shrunk(gif(64, 200, ramp), 50'000);
    ASSERT_EQ(small.end, ShrinkEnd::Done);
    const Shown shown = look(small.webp);
    EXPECT_EQ(shown.height, 200);
    EXPECT_NEAR(static_cast<double>(shown.at(30, 150) >> 16 & 0xFF), 150.0, 12.0);
    EXPECT_NEAR(static_cast<double>(shown.at(30, 51) >> 16 & 0xFF), 51.0, 12.0);
    EXPECT_LT(shown.at(30, 0) >> 24, 128u) << "the first colour is clear";
    EXPECT_EQ(shown.at(30, 100) >> 24, 255u);
}

// Rows and columns as EXIF 2.3 (4.6.4, Orientation) places them: "Fletter" after its first one.
TEST(Shrink, TurnsUprightWhateverTheOrientation) {
    const std::vector<std::vector<Colour>> upright = {{1, 2, 3}, {4, 5, 6}};
    const std::vector<std::vector<Colour>> stored[] = {
        {{1, 2, 3}, {4, 5, 6}},   {{3, 2, 1}, {6, 5, 4}},   {{6, 5, 4}, {3, 2, 1}},
        {{4, 5, 6}, {1, 2, 3}},   {{1, 4}, {2, 5}, {3, 6}}, {{3, 6}, {2, 5}, {1, 4}},
        {{6, 3}, {5, 2}, {4, 1}}, {{4, 1}, {5, 2}, {6, 3}}};
    for (int orientation = 1; orientation <= 8; ++orientation) {
        const auto& rows = stored[orientation - 1];
        auto picture =
            Picture::make(static_cast<int>(rows[0].size()), static_cast<int>(rows.size()));
        ASSERT_TRUE(picture);
        for (std::size_t y = 0; y < rows.size(); ++y)
            std::copy(rows[y].begin(), rows[y].end(), picture->row(static_cast<int>(y)));
        ASSERT_TRUE(picture->turn_upright(orientation));
        ASSERT_EQ(picture->width(), 3) << orientation;
        for (int y = 0; y < 2; ++y)
            for (int x = 0; x < 3; ++x)
                EXPECT_EQ(picture->row(y)[x],
                          upright[static_cast<std::size_t>(y)][static_cast<std::size_t>(x)])
                    << orientation << ' ' << x << ' ' << y;
    }
}

TEST(Shrink, APhotosOrientationIsAppliedAndItsPlaceIsGone) {
    const auto halves = [](int x, int) { return x < 100 ? 0xFFFF0000u : 0xFF0000FFu; };
    const std::string photo = jpeg(200, 100, halves, 6);  // held upright: its left is the top
    ASSERT_NE(photo.find(kGpsPlace), std::string::npos);
    const Fitted small = shrunk(photo, 20'000);
    ASSERT_EQ(small.end, ShrinkEnd::Done);
    const Shown shown = look(small.webp);
    EXPECT_EQ(shown.width, 100);
    EXPECT_EQ(shown.height, 200);
    EXPECT_GT(shown.at(50, 20) >> 16 & 0xFF, 200u) << "red is on top";
    EXPECT_GT(shown.at(50, 180) & 0xFF, 200u);
    for (const char* trace : {kGpsPlace, "Exif", "EXIF", "XMP ", "ICCP"})
        EXPECT_EQ(small.webp.find(trace), std::string::npos) << trace;
}

TEST(Shrink, AHeaderThatClaimsTooMuchIsBelievedAndRefused) {
    const PeakMemory memory;
    for (const auto& [width, height] :
         {std::pair{60'000u, 60'000u}, {0x7FFFFFFFu, 1u}, {1'000'000u, 1'000'000u}}) {
        const Fitted none = shrunk(png_claiming(width, height), 20'000);
        EXPECT_TRUE(none.end == ShrinkEnd::TooManyPixels || none.end == ShrinkEnd::Broken);
    }
    EXPECT_EQ(shrunk(png_claiming(60'000, 60'000), 20'000).end, ShrinkEnd::TooManyPixels);
    std::string photo = jpeg(64, 64, meadow);
    const std::size_t frame = photo.find("\xFF\xC0");
    photo.replace(frame + 5, 4, "\xFF\xDC\xFF\xDC");  // lines and samples of SOF0
    EXPECT_EQ(shrunk(photo, 20'000).end, ShrinkEnd::TooManyPixels);
    std::string flag = gif(8, 8, meadow);
    const std::size_t image = flag.find("\x2C" + std::string(4, '\0'));
    flag.replace(image + 5, 4, "\xFF\xFF\xFF\xFF");
    EXPECT_EQ(shrunk(flag, 20'000).end, ShrinkEnd::TooManyPixels);
    EXPECT_LT(memory.grown(), 4u << 20);
}

TEST(Shrink, WhatIsTornOrNoPictureIsSaidToBe) {
    const std::string photo = jpeg(640, 480, meadow);
    EXPECT_EQ(shrunk(photo.substr(0, photo.size() / 2), 20'000).end, ShrinkEnd::Broken);
    EXPECT_EQ(shrunk(photo.substr(0, 20), 20'000).end, ShrinkEnd::Broken);
    const std::string drawing = png(300, 300, meadow);
    EXPECT_EQ(shrunk(drawing.substr(0, drawing.size() / 2), 20'000).end, ShrinkEnd::Broken);
    EXPECT_EQ(shrunk(png_claiming(100, 100), 20'000).end, ShrinkEnd::Broken);
    const std::string animation = gif(300, 300, meadow);
    EXPECT_EQ(shrunk(animation.substr(0, animation.size() / 2), 20'000).end, ShrinkEnd::Broken);
    EXPECT_EQ(shrunk("RIFF\xff\xff\xff\xffWEBPVP8 ", 20'000).end, ShrinkEnd::Broken);
    for (const char* other : {"", "<html>", "%PDF-1.7", "PK\3\4", "RIFF"})
        EXPECT_EQ(shrunk(other, 20'000).end, ShrinkEnd::NotAPicture) << other;
}

TEST(Shrink, NonsenseInExifIsNoOrientation) {
    EXPECT_EQ(exif_orientation({}), 1);
    EXPECT_EQ(exif_orientation(bytes_of(std::string("II*\0\xff\xff\xff\xff", 8))), 1);
    EXPECT_EQ(exif_orientation(bytes_of(std::string("MM\0*\0\0\0\x08\xff\xff", 10))), 1);
    EXPECT_TRUE(exif_of_jpeg(bytes_of("\xFF\xD8\xFF\xE1\xFF\xFF")).empty());
    EXPECT_EQ(exif_orientation(exif_of_jpeg(bytes_of(jpeg(8, 8, meadow, 8)))), 8);
    EXPECT_EQ(exif_orientation(exif_of_jpeg(bytes_of(jpeg(8, 8, meadow, 9)))), 1);
}

}  // namespace
}  // namespace waypost::shrink
