// SPDX-License-Identifier: Apache-2.0
// Pictures for other people's programs: without the helper's cage, and by the real helper.
#include <gtest/gtest.h>
#include <turbojpeg.h>

#include "app/shrink/picture.h"
#include "gateway/pictures/web_pictures.h"
#include "tests/fakes/pictures.h"

namespace waypost {
namespace {

using shrink::WebJpeg;

constexpr char kHelper[] = WAYPOST_BIN "/waypost-shrink";

WebJpeg made_of(const std::string& file, const shrink::WebLimits& limits) {
    return shrink::web_jpeg({reinterpret_cast<const std::uint8_t*>(file.data()), file.size()},
                            limits);
}

struct Seen {
    int width = 0, height = 0;
    std::string bgrx;
    std::uint8_t blue(int x, int y) const { return at(x, y, 0); }
    std::uint8_t red(int x, int y) const { return at(x, y, 2); }

  private:
    std::uint8_t at(int x, int y, int channel) const {
        return static_cast<std::uint8_t>(
            bgrx.at(static_cast<std::size_t>((y * width + x) * 4 + channel)));
    }
};

Seen see(const std::string& jpeg) {
    Seen seen;
    const tjhandle handle = tjInitDecompress();
    const auto* bytes = reinterpret_cast<const unsigned char*>(jpeg.data());
    int sampling = 0, colours = 0;
    EXPECT_EQ(tjDecompressHeader3(handle, bytes, jpeg.size(), &seen.width, &seen.height, &sampling,
                                  &colours),
              0);
    seen.bgrx.resize(static_cast<std::size_t>(seen.width * seen.height * 4));
    EXPECT_EQ(tjDecompress2(handle, bytes, jpeg.size(),
                            reinterpret_cast<unsigned char*>(seen.bgrx.data()), seen.width, 0,
                            seen.height, TJPF_BGRX, 0),
              0);
    tjDestroy(handle);
    return seen;
}

TEST(WebJpeg, NoSideIsLongerAndItSaysHowLargeItIs) {
    const WebJpeg wide = made_of(shrink::jpeg(2000, 1000, shrink::meadow), {800, 75, 1 << 20});
    ASSERT_EQ(wide.end, ShrinkEnd::Done);
    EXPECT_EQ(wide.width, 800);
    EXPECT_EQ(wide.height, 400);
    const Seen seen = see(wide.bytes);
    EXPECT_EQ(seen.width, wide.width);
    EXPECT_EQ(seen.height, wide.height);
    const WebJpeg strip = made_of(shrink::png(3000, 30, shrink::meadow), {300, 75, 1 << 20});
    EXPECT_EQ(strip.width, 300);
    EXPECT_EQ(strip.height, 3);
    EXPECT_EQ(made_of(shrink::png(40, 30, shrink::meadow), {800, 75, 1 << 20}).width, 40)
        << "never larger";
}

TEST(WebJpeg, HoldsItsBytesByLessQualityAndThenByFewerPixels) {
    const std::string photo = shrink::jpeg(1600, 1200, shrink::meadow);
    const WebJpeg fine = made_of(photo, {1280, 90, 8 << 20});
    const WebJpeg plain = made_of(photo, {1280, 75, fine.bytes.size() * 2 / 3});
    EXPECT_EQ(plain.width, 1280) << "less quality is enough";
    EXPECT_LT(plain.bytes.size(), fine.bytes.size());
    const WebJpeg tiny = made_of(photo, {1280, 75, 9000});
    ASSERT_EQ(tiny.end, ShrinkEnd::Done);
    EXPECT_LE(tiny.bytes.size(), 9000u);
    EXPECT_LT(tiny.width, 1280);
}

TEST(WebJpeg, WhatCanBeSeenThroughLiesOnWhite) {
    const auto hole = [](int x, int) { return x < 50 ? 0x00000000u : 0xFFFF0000u; };
    const Seen seen = see(made_of(shrink::png(100, 60, hole), {800, 90, 1 << 20}).bytes);
    EXPECT_GT(seen.blue(10, 30), 240);
    EXPECT_LT(seen.blue(90, 30), 60);
    EXPECT_GT(seen.red(90, 30), 200);
}

TEST(WebJpeg, NothingIsTornIntoAPicture) {
    const std::string photo = shrink::jpeg(640, 480, shrink::meadow);
    EXPECT_EQ(made_of(photo.substr(0, photo.size() / 2), {}).end, ShrinkEnd::Broken);
    EXPECT_EQ(made_of(shrink::png_claiming(60'000, 60'000), {}).end, ShrinkEnd::TooManyPixels);
    for (const char* other : {"<html>", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>", ""})
        EXPECT_EQ(made_of(other, {}).end, ShrinkEnd::NotAPicture) << other;
    EXPECT_EQ(made_of(photo, {1280, 75, 100}).end, ShrinkEnd::DoesNotFit);
}

TEST(WebPictures, APhotoByTheRealHelperIsUprightAndTellsNoPlace) {
    const std::string photo = shrink::jpeg(2000, 1500, shrink::meadow, 6);
    ASSERT_NE(photo.find(shrink::kGpsPlace), std::string::npos);
    WebPictures web({kHelper, 640, 75, 256u << 10});
    const auto made = web.make(photo);
    ASSERT_TRUE(made.ok()) << made.error().text;
    EXPECT_EQ(made->height, 640);
    EXPECT_EQ(made->width, 480);
    EXPECT_EQ(see(made->jpeg).height, 640);
    for (const char* trace : {shrink::kGpsPlace, "Exif", "ICC_PROFILE", "http://ns.adobe"})
        EXPECT_EQ(made->jpeg.find(trace), std::string::npos) << trace;
}

TEST(WebPictures, ReadsTheFirstFrameOfAGif) {
    const auto ramp = [](int, int y) { return static_cast<shrink::Colour>(y) << 16; };
    WebPictures web({kHelper, 640, 75, 256u << 10});
    const auto made = web.make(shrink::gif(64, 200, ramp));
    ASSERT_TRUE(made.ok()) << made.error().text;
    EXPECT_NEAR(see(made->jpeg).red(30, 150), 150, 16);
}

TEST(WebPictures, AHostilePictureEndsWithAWord) {
    WebPictures web({kHelper, 640, 75, 256u << 10});
    EXPECT_EQ(web.make(shrink::png_claiming(60'000, 60'000)).error().code, Code::TooLarge);
    EXPECT_EQ(web.make("<svg onload=alert(1)>").error().code, Code::BadInput);
    EXPECT_EQ(web.make(std::string(40 << 20, 'x')).error().code, Code::TooLarge);
    EXPECT_FALSE(WebPictures({"/usr/bin/yes", 640, 75, 1000}).make("x").ok());
    EXPECT_FALSE(WebPictures({"/nowhere/shrink", 640, 75, 1000}).make("x").ok());
    EXPECT_TRUE(web.make(shrink::png(9, 9, shrink::meadow)).ok()) << "the next one is served";
}

}  // namespace
}  // namespace waypost
