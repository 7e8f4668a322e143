// SPDX-License-Identifier: Apache-2.0
// The daemon's side with the real helper, and with programs that misbehave as a helper could.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>

#include "app/shrink/confine.h"
#include "gateway/pictures/shrinker.h"
#include "tests/fakes/pictures.h"

namespace waypost {
namespace {

constexpr char kHelper[] = WAYPOST_BIN "/waypost-shrink";

Shrinker::WritePicture writes(std::string bytes) {
    return [bytes = std::move(bytes)](std::ostream& out) -> Result<void> {
        out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
        if (!out) return Error{Code::Network, "nobody takes it", true};
        return {};
    };
}

TEST(Shrinker, GivesASmallPictureByTheRealHelper) {
    Shrinker shrinker(kHelper);
    const auto small = shrinker.shrink(writes(shrink::jpeg(2000, 1500, shrink::meadow, 6)), 20'480);
    ASSERT_TRUE(small.ok()) << small.error().text;
    EXPECT_LE(small->size(), 20'480u);
    EXPECT_GT(shrink::look(*small).height, shrink::look(*small).width) << "upright";
    EXPECT_EQ(small->find(shrink::kGpsPlace), std::string::npos);
}

TEST(Shrinker, AHostilePictureEndsWithAWord) {
    Shrinker shrinker(kHelper);
    const auto code = [&](std::string file, std::size_t budget = 20'480) {
        const auto small = shrinker.shrink(writes(std::move(file)), budget);
        return small.ok() ? Code::Internal : small.error().code;
    };
    EXPECT_EQ(code(shrink::png_claiming(60'000, 60'000)), Code::TooLarge);
    EXPECT_EQ(code(shrink::jpeg(640, 480, shrink::meadow).substr(0, 9000)), Code::BadInput);
    EXPECT_EQ(code("<svg onload=alert(1)>"), Code::BadInput);
    EXPECT_EQ(code(std::string(40 << 20, 'x')), Code::TooLarge) << "it hangs up in between";
    EXPECT_EQ(code("", 100), Code::BadInput) << "no budget";
    EXPECT_TRUE(shrinker.shrink(writes(shrink::png(9, 9, shrink::meadow)), 20'480).ok())
        << "the next one is served";
}

TEST(Shrinker, AHelperThatIsNotThereHangsOrTalksTooMuch) {
    const auto photo = writes(shrink::png(50, 50, shrink::meadow));
    const auto missing = Shrinker("/nowhere/waypost-shrink").shrink(photo, 20'480);
    ASSERT_FALSE(missing.ok());
    EXPECT_EQ(missing.error().code, Code::Internal);
    EXPECT_NE(missing.error().text.find("/nowhere/waypost-shrink"), std::string::npos);
    const auto begun = std::chrono::steady_clock::now();
    const auto asleep =
        Shrinker("/usr/bin/sleep", std::chrono::milliseconds(300)).shrink(photo, 600);
    ASSERT_FALSE(asleep.ok());
    EXPECT_EQ(asleep.error().code, Code::Timeout);
    EXPECT_FALSE(Shrinker("/usr/bin/yes").shrink(photo, 600).ok());
    EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(20));
}

TEST(Shrinker, AnErrorOfTheOriginalIsTheAnswer) {
    const auto gone = Shrinker(kHelper).shrink(
        [](std::ostream&) -> Result<void> {
            return Error{Code::NotFound, "the body of this message is gone", false};
        },
        20'480);
    ASSERT_FALSE(gone.ok());
    EXPECT_EQ(gone.error().code, Code::NotFound);
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) && !defined(__clang__)
// In a process of its own, as the helper is.
void try_everything() {
    if (!shrink::confine()) ::_exit(1);
    if (::open("/etc/hostname", O_RDONLY) >= 0) ::_exit(2);
    if (::socket(AF_INET, SOCK_STREAM, 0) >= 0) ::_exit(3);
    if (::fork() >= 0) ::_exit(4);
    if (::unlink("/nowhere") == 0 || errno != EPERM) ::_exit(5);
    char* const nothing[] = {nullptr};
    ::execve("/bin/true", nothing, nothing);
    if (std::malloc(300u << 20) != nullptr) ::_exit(6);
    void* some = std::malloc(64u << 20);
    ::_exit(some == nullptr ? 7 : 42);
}

TEST(Confine, LeavesNothingButMemoryAndTwoOpenEnds) {
    EXPECT_EXIT(try_everything(), ::testing::ExitedWithCode(42), "");
}
#endif

}  // namespace
}  // namespace waypost
