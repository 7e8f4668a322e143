// SPDX-License-Identifier: Apache-2.0
// The encryption of the data by the API, with the folder of an image.
#include "gateway/encryption/data_encryption.h"
#include "tests/unit/gateway/encryption/told_folder.h"
#include "tests/unit/web/api_village.h"
#include "tests/unit/web/idle_control.h"

namespace waypost::api {
namespace {

struct EncryptingControl final : IdleControl {
    explicit EncryptingControl(DataEncryption* of) : data(of) {}
    DataEncryption* encryption() override { return data; }
    DataEncryption* data;
};

class EncryptionApi : public ApiVillage {
  protected:
    Reply get(const std::string& method, const std::string& body = {}, Role role = Role::Admin) {
        DeskTools tools;
        tools.control = std::make_shared<EncryptingControl>(is_image_ ? &encryption_ : nullptr);
        Desk desk(*office_, tools);
        Asked asked = on_the_box(method, "/encryption", body);
        asked.visitor.role = role;
        return answer(desk, asked);
    }
    ToldFolder told_;
    DataEncryption encryption_{told_.folder(), told_.wish()};
    bool is_image_ = true;
};

constexpr char kWish[] = R"({"passphrase": "five words of the village"})";

TEST_F(EncryptionApi, ABoxOfPackagesSaysSo) {
    is_image_ = false;
    EXPECT_EQ(json_of(get("GET")), R"({"image":false})");
    EXPECT_EQ(get("POST", kWish).status, 404);
}

TEST_F(EncryptionApi, HowFarItIs) {
    told_.says("encrypting 37");
    EXPECT_EQ(json_of(get("GET")), R"({"image":true,"percent":37,"state":"encrypting","why":""})");
    told_.says("failed busy");
    EXPECT_EQ(json_of(get("GET")), R"({"image":true,"percent":0,"state":"failed","why":"busy"})");
}

TEST_F(EncryptionApi, TheRecoveryKeyIsInTheAnswerOnly) {
    told_.says("clear");
    const std::string answer = json_of(get("POST", kWish));
    EXPECT_EQ(answer.find(R"({"recovery_key":")"), 0u) << answer;
    EXPECT_EQ(told_.wished().find("five words of the village\n"), 0u);
    EXPECT_EQ(get("POST", kWish).status, 503);
    told_.says("encrypted");
    EXPECT_EQ(json_of(get("GET")), R"({"image":true,"percent":0,"state":"encrypted","why":""})");
    EXPECT_EQ(get("POST", kWish).status, 409);
}

TEST_F(EncryptionApi, BadInput) {
    told_.says("clear");
    EXPECT_EQ(get("POST", "{}").status, 400);
    EXPECT_EQ(get("POST", R"({"passphrase": "short"})").status, 400);
    EXPECT_EQ(get("POST", R"({"passphrase": 7})").status, 400);
    EXPECT_EQ(told_.wished(), "");
}

TEST_F(EncryptionApi, IsForAdministratorsAlone) {
    told_.says("clear");
    EXPECT_EQ(get("GET", {}, Role::Operator).status, 200);
    EXPECT_EQ(get("GET", {}, Role::Villager).status, 403);
    EXPECT_EQ(get("POST", kWish, Role::Operator).status, 403);
    EXPECT_EQ(get("POST", kWish, Role::Anyone).status, 401);
    EXPECT_EQ(told_.wished(), "");
}

}  // namespace
}  // namespace waypost::api
