// SPDX-License-Identifier: Apache-2.0
// Updates by the API, with the folder of an image.
#include "gateway/update/update_desk.h"
#include "tests/unit/gateway/update/image_side.h"
#include "tests/unit/web/api_village.h"
#include "tests/unit/web/idle_control.h"

namespace waypost::api {
namespace {

struct ImageControl final : IdleControl {
    explicit ImageControl(UpdateDesk* updates) : desk(updates) {}
    UpdateDesk* updates() override { return desk; }
    UpdateDesk* desk;
};

class UpdateApi : public ApiVillage {
  protected:
    Reply get(const std::string& method, const std::string& uri, const std::string& body = {},
              Role role = Role::Admin) {
        DeskTools tools;
        tools.control = std::make_shared<ImageControl>(is_image_ ? &updates_ : nullptr);
        Desk desk(*office_, tools);
        Asked asked = on_the_box(method, uri, body);
        asked.visitor.role = role;
        return answer(desk, asked);
    }
    ImageSide image_;
    UpdateDesk updates_{image_.folder()};
    bool is_image_ = true;
};

// Its units make the Wi-Fi, so the first start asks about it.
TEST_F(UpdateApi, AnImagesFirstStartHasAStepForTheWifi) {
    struct TellsWifi final : IdleControl {
        BoxFacts facts() const override {
            BoxFacts facts;
            facts.tells_wifi = true;
            return facts;
        }
    };
    DeskTools tools;
    tools.control = std::make_shared<TellsWifi>();
    Desk desk(*office_, tools);
    EXPECT_NE(json_of(answer(desk, on_the_box("GET", "/setup"))).find(R"("name":"wifi")"),
              std::string::npos);
}

TEST_F(UpdateApi, ABoxOfPackagesSaysSo) {
    is_image_ = false;
    EXPECT_EQ(json_of(get("GET", "/update")), R"({"image":false})");
    EXPECT_EQ(get("POST", "/update/upload", R"({"name": "x", "bytes": 5})").status, 404);
    EXPECT_EQ(get("POST", "/update/install").status, 404);
}

TEST_F(UpdateApi, WhatThereIs) {
    EXPECT_EQ(json_of(get("GET", "/update")),
              R"({"board":"waypost-amd64","good":true,"image":true,"slot":"A","version":"1.0"})");
    image_.offers();
    image_.say("job", "doing=refused\npercent=0\ncode=signature\ntext=self-signed\nversion=\n");
    image_.say("result", "result=back\nversion=1.1\nfrom=1.0\nat=1800000000\nwhy=down\n");
    const std::string all = json_of(get("GET", "/update"));
    EXPECT_NE(all.find(R"("job":{"code":"signature","doing":"refused","percent":0,)"
                       R"("text":"self-signed","version":""})"),
              std::string::npos)
        << all;
    EXPECT_NE(all.find(R"("offer":{"bytes":5,"from":"stick","is":"newer","version":"1.1"})"),
              std::string::npos)
        << all;
    EXPECT_NE(all.find(R"("result":{"at_ms":1800000000000,"from":"1.0","result":"back",)"
                       R"("version":"1.1","why":"down"})"),
              std::string::npos)
        << all;
}

TEST_F(UpdateApi, PiecesAreBytesAsTheyAre) {
    ASSERT_EQ(get("POST", "/update/upload", R"({"name": "w.raucb", "bytes": 6})").status, 200);
    EXPECT_EQ(json_of(get("PUT", "/update/upload?at=0", std::string("{\0\xff", 3))),
              R"({"there":3})");
    EXPECT_NE(
        json_of(get("GET", "/update")).find(R"("upload":{"bytes":6,"name":"w.raucb","there":3})"),
        std::string::npos);
    EXPECT_EQ(get("PUT", "/update/upload?at=0", "abc").status, 409);
    EXPECT_EQ(get("PUT", "/update/upload", "abc").status, 400);
    EXPECT_EQ(get("PUT", "/update/upload?at=-3", "abc").status, 400);
    EXPECT_EQ(get("PUT", "/update/upload?at=3", "too long").status, 413);
    EXPECT_EQ(json_of(get("PUT", "/update/upload?at=3", "}\n.")), R"({"there":6})");
    EXPECT_EQ(image_.given("bundle.raucb"), std::string("{\0\xff}\n.", 6));
}

TEST_F(UpdateApi, BadInput) {
    EXPECT_EQ(get("POST", "/update/upload", R"({"name": "x"})").status, 400);
    EXPECT_EQ(get("POST", "/update/upload", R"({"name": "x", "bytes": -1})").status, 400);
    EXPECT_EQ(get("POST", "/update/upload", R"({"name": "x", "bytes": 99999999999})").status, 413);
    EXPECT_EQ(get("POST", "/update/install").status, 409);
}

TEST_F(UpdateApi, IsForAdministratorsAlone) {
    EXPECT_EQ(get("GET", "/update", {}, Role::Operator).status, 200);
    EXPECT_EQ(get("GET", "/update", {}, Role::Villager).status, 403);
    image_.offers();
    for (const auto& [method, uri] :
         std::vector<std::pair<std::string, std::string>>{{"POST", "/update/upload"},
                                                          {"PUT", "/update/upload?at=0"},
                                                          {"DELETE", "/update/upload"},
                                                          {"POST", "/update/install"},
                                                          {"DELETE", "/update/offer"},
                                                          {"POST", "/update/restart"}}) {
        EXPECT_EQ(get(method, uri, "{}", Role::Operator).status, 403) << uri;
        EXPECT_EQ(get(method, uri, "{}", Role::Anyone).status, 401) << uri;
    }
    EXPECT_EQ(image_.given("wish"), "");
    EXPECT_EQ(get("POST", "/update/install").status, 200);
    EXPECT_EQ(image_.given("wish"), "install");
}

}  // namespace
}  // namespace waypost::api
