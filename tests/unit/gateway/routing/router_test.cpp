// SPDX-License-Identifier: Apache-2.0
#include "gateway/routing/router.h"

#include <gtest/gtest.h>

namespace waypost {
namespace {

struct Case {
    const char* to;
    Route::Kind kind;
    const char* owner;
    const char* network;
    const char* token;
};

class Routes : public ::testing::TestWithParam<Case> {};

TEST_P(Routes, Lead) {
    const Directory directory(
        {{"ana", "", "en", "", true, false, 0}, {"eve", "", "en", "", true, false, 0}},
        {{{"meshtastic", "!00000001"}, "ana", "", "", "", 1, ""},
         {{"meshtastic", "!a1b2c3d4"}, "", "", "", "", 1, ""}});
    Router router("hill.example", {"ana"});
    router.carries("meshtastic", "meshtastic", true);
    router.carries("mailto", "email", false);
    EXPECT_TRUE(router.ordered("meshtastic"));
    EXPECT_FALSE(router.ordered("email"));
    const Route route = router.route(*parse_address(GetParam().to), directory);
    EXPECT_EQ(route.kind, GetParam().kind);
    EXPECT_EQ(route.owner, GetParam().owner);
    EXPECT_EQ(route.network, GetParam().network);
    EXPECT_EQ(route.token, GetParam().token);
}

INSTANTIATE_TEST_SUITE_P(
    Table, Routes,
    ::testing::Values(Case{"ana@hill.example", Route::Kind::Person, "ana", "meshtastic", ""},
                      Case{"ANA@Hill.Example", Route::Kind::Person, "ana", "meshtastic", ""},
                      Case{"ana+tok@hill.example", Route::Kind::Person, "ana", "meshtastic", "tok"},
                      Case{"xmpp:ana@hill.example", Route::Kind::Person, "ana", "meshtastic", ""},
                      Case{"postmaster@hill.example", Route::Kind::Person, "ana", "meshtastic", ""},
                      Case{"eve@hill.example", Route::Kind::Person, "eve", "", ""},
                      Case{"person:ana", Route::Kind::Person, "ana", "meshtastic", ""},
                      Case{"meshtastic:!00000001", Route::Kind::Person, "ana", "meshtastic", ""},
                      Case{"a1b2c3d4@hill.example", Route::Kind::Stranger, "meshtastic:!a1b2c3d4",
                           "meshtastic", ""},
                      Case{"meshtastic:!a1b2c3d4", Route::Kind::Stranger, "meshtastic:!a1b2c3d4",
                           "meshtastic", ""},
                      Case{"nobody@hill.example", Route::Kind::Nowhere, "", "", ""},
                      Case{"ffffffff@hill.example", Route::Kind::Nowhere, "", "", ""},
                      Case{"person:bob", Route::Kind::Nowhere, "", "", ""},
                      Case{"bob@example.org", Route::Kind::Outside, "", "email", ""},
                      Case{"xmpp:bob@example.org", Route::Kind::Nowhere, "", "", ""}));

}  // namespace
}  // namespace waypost
