// SPDX-License-Identifier: Apache-2.0
// What an operator asks and decides about who is who, as the command line does it.
#include <gmock/gmock.h>

#include "api_village.h"

namespace waypost::api {
namespace {

using ::testing::HasSubstr;

class PersonsApi : public ApiVillage {
  protected:
    PersonsApi() {
        name("ana", "!0000000a");
        dm("!0000000d", "name ana");
        dm("!0000000d", "1");
    }
    int status_ = 0;
    std::string call(const std::string& method, const std::string& path,
                     const std::string& body = {}) {
        const Reply reply = ApiVillage::call(method, path, body);
        status_ = reply.status;
        return json_of(reply);
    }
};

TEST_F(PersonsApi, ListsWhatIsAskedForAndDecidesIt) {
    const std::string open = call("GET", "/matters");
    EXPECT_THAT(open, HasSubstr("\"handle\":\"ana\""));
    EXPECT_THAT(open, HasSubstr("\"kind\":\"move\""));
    EXPECT_THAT(open, HasSubstr("\"radio\":\"meshtastic:!0000000d\""));
    EXPECT_THAT(open, HasSubstr("\"seconds_left\":86400"));
    call("POST", "/people/ana/approve");
    EXPECT_EQ(status_, 200);
    EXPECT_EQ(call("GET", "/matters"), "{\"matters\":[]}");
    const std::string people = call("GET", "/people");
    EXPECT_THAT(people, HasSubstr("\"endpoints\":[\"meshtastic:!0000000d\"]"));
    EXPECT_THAT(people, HasSubstr("\"suspended\":[\"meshtastic:!0000000a\"]"));
    call("POST", "/people/ana/approve");
    EXPECT_EQ(status_, 404);
    call("POST", "/people/ana/refuse");
    EXPECT_EQ(status_, 404);
}

TEST_F(PersonsApi, ChangedKeysAndHowEachHopWasProtected) {
    name("ben", "!0000000b");
    for (const char key : {'a', 'b'}) {
        Heard heard;
        heard.public_key = std::string(64, key);
        hear(kBen, heard);
    }
    const std::string open = call("GET", "/matters");
    EXPECT_THAT(open, HasSubstr("\"handle\":\"ben\",\"kind\":\"key\""));
    call("POST", "/people/ben/refuse");
    EXPECT_EQ(status_, 200);
    EXPECT_THAT(call("GET", "/matters"), ::testing::Not(HasSubstr("\"key\"")));
    Outcome sent{Outcome::Kind::Sent, ProofClass::Reported, "250", "ok", {}, {}};
    sent.privacy = Privacy::Tls;
    relay_->outcomes = {sent};
    dm("!0000000a", "bob@example.org hi");
    const std::string id = std::to_string(relay_->sent.back().message);
    const std::string trace = call("GET", "/messages/" + id + "/trace");
    EXPECT_THAT(trace, HasSubstr("\"privacy\":\"in clear\""));
    EXPECT_THAT(trace, HasSubstr("\"privacy\":\"TLS unverified\""));
    EXPECT_THAT(trace, HasSubstr("\"privacy\":\"\"")) << "begun says nothing";
}

TEST_F(PersonsApi, CodesLostRadiosAndChildren) {
    EXPECT_THAT(call("POST", "/people/ana/code"),
                ::testing::MatchesRegex("\\{\"code\":\"[0-9]+\"\\}"));
    call("POST", "/people/zoe/code");
    EXPECT_EQ(status_, 404);
    EXPECT_EQ(call("POST", "/people/ana/lost"), "{\"radios\":1}");
    call("POST", "/people/ana/lost");
    EXPECT_EQ(status_, 404);
    EXPECT_EQ(call("POST", "/people/meshtastic%3A!0000000a/found"), "{\"radios\":1}");
    call("PUT", "/people/ana", "{\"minor\":true}");
    EXPECT_THAT(call("GET", "/people"), HasSubstr("\"minor\":true"));
    call("PUT", "/people/ana", "{\"name\":\"Ana\"}");
    EXPECT_THAT(call("GET", "/people"), HasSubstr("\"minor\":true")) << "unless it is said";
    call("PUT", "/people/ana", "{\"minor\":\"perhaps\"}");
    EXPECT_EQ(status_, 400);
    call("PUT", "/people/a-na");
    EXPECT_EQ(status_, 409) << "it looks like ana";
}

TEST_F(PersonsApi, APartOfAPathIsDecodedOnce) {
    EXPECT_EQ(call("POST", "/people/%61na/lost"), "{\"radios\":1}");
    call("POST", "/people/%2561na/found");
    EXPECT_EQ(status_, 404) << "that is %61na, which nobody is called";
    EXPECT_EQ(call("POST", "/people/ana/found"), "{\"radios\":1}");
}

TEST_F(PersonsApi, SaysWhatWasForgotten) {
    dm("!0000000a", "bob@example.org hi");
    const std::string forgot = call("POST", "/people/ana/forget");
    EXPECT_EQ(status_, 200);
    EXPECT_THAT(forgot, HasSubstr("\"contacts\":1"));
    EXPECT_THAT(forgot, HasSubstr("\"radios\":1"));
    EXPECT_THAT(forgot, HasSubstr("\"mailbox\":false"));
    EXPECT_EQ(call("GET", "/people"), "{\"people\":[]}");
    call("POST", "/people/ana/forget");
    EXPECT_EQ(status_, 404);
}

}  // namespace
}  // namespace waypost::api
