// SPDX-License-Identifier: Apache-2.0
// Pictures of posts, as others fetch them, and as long as they may.
#include <gtest/gtest.h>

#include "bridges/activitypub/pages.h"
#include "bridges/activitypub/pictures/media.h"
#include "inbox_village.h"

namespace waypost::activitypub {
namespace {

class ServedPictures : public ::testing::Test, public InboxVillage {
  protected:
    static std::string name(char c) { return std::string(32, c) + ".jpg"; }
    std::string id(int number) const {
        return "https://hill.example/ap/ana/notes/" + std::to_string(number);
    }
    void publish(int number, char c, bool open = true) {
        Media(state).put(id(number), {{{name(c), "a boat", 3, 2}, "JPEG"}}, now(), 1 << 20);
        posts.put("ana", {id(number), "{}", open, {}, now(), 0});
    }
    Answer get(const std::string& path) {
        Request request;
        request.method = "GET";
        request.path = request.target = path;
        return pages.get(request);
    }
    int status(char c) { return get("/ap/media/" + name(c)).status; }

    Pages pages{gate};
};

TEST_F(ServedPictures, AreGivenToWhoKnowsTheirName) {
    publish(1, 'a', false);
    const Answer answer = get("/ap/media/" + name('a'));
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.type, "image/jpeg");
    EXPECT_EQ(answer.body, "JPEG");
    EXPECT_EQ(answer.headers.at("Cache-Control"), "public, max-age=31536000, immutable");
    EXPECT_EQ(status('b'), 404);
    for (const char* path : {"/ap/media/", "/ap/media", "/ap/media/../media", "/ap/media/x.jpg"})
        EXPECT_EQ(get(path).status, 404) << path;
}

TEST_F(ServedPictures, GoWithThePostThatIsTakenBack) {
    publish(1, 'a');
    publish(2, 'b');
    posts.remove("ana", id(1), 0);
    EXPECT_EQ(status('a'), 404);
    EXPECT_EQ(status('b'), 200);
}

TEST_F(ServedPictures, GoWithThePostThatIsForgotten) {
    publish(1, 'a', false);
    publish(2, 'b');
    office.time().advance(std::chrono::hours(24 * 61));
    Media(state).put(id(3), {{{name('c'), {}, 3, 2}, "JPEG"}}, now(), 1 << 20);
    posts.forget_old();
    EXPECT_EQ(status('a'), 404);
    EXPECT_EQ(status('b'), 200) << "a public post stays";
    EXPECT_EQ(status('c'), 200) << "it may be on its way";
}

}  // namespace
}  // namespace waypost::activitypub
