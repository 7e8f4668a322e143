// SPDX-License-Identifier: Apache-2.0
#include "bridges/xmpp/account/sign_in.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace waypost::xmpp {
namespace {

using testing::HasSubstr;

class SignInTest : public testing::Test {
  protected:
    Down why() const { return sign_in.why("chat.example", *parse_jid("village@chat.example")); }
    void offers(const std::string& what) {
        sign_in.hear("RECV: <features xmlns=\"http://etherx.jabber.org/streams\">" + what +
                     "</features>");
    }
    SignInTest() { sign_in.begun = true; }
    SignIn sign_in;
};

TEST_F(SignInTest, TheServerSaysWhatItOffers) {
    sign_in.hear("RECV: <message><body>features starttls</body></message>");
    EXPECT_FALSE(sign_in.features);
    offers("<starttls xmlns=\"urn:ietf:params:xml:ns:xmpp-tls\"/>");
    EXPECT_TRUE(sign_in.offers_tls);
    offers("<sm xmlns=\"urn:xmpp:sm:3\"/>");
    EXPECT_TRUE(sign_in.offers_tls) << "under TLS it is not offered again";
    EXPECT_TRUE(sign_in.acknowledges);
    EXPECT_EQ(why().kind, DownKind::Network);
}

TEST_F(SignInTest, AWrongPasswordIsTriedAgainSlowly) {
    sign_in.hear(
        "RECV: <failure xmlns=\"urn:ietf:params:xml:ns:xmpp-sasl\"><not-authorized/></failure>");
    EXPECT_EQ(why().kind, DownKind::Secret);
    EXPECT_THAT(why().text, HasSubstr("password of village@chat.example (not-authorized)"));
    sign_in.hear(
        "RECV: <failure xmlns=\"urn:ietf:params:xml:ns:xmpp-sasl\">"
        "<temporary-auth-failure/></failure>");
    EXPECT_EQ(why().kind, DownKind::Closed) << "that is no fault of the password";
    sign_in.hear("RECV: <failure xmlns=\"urn:ietf:params:xml:ns:xmpp-sasl\"><new/></failure>");
    EXPECT_EQ(why().kind, DownKind::Secret);
}

TEST_F(SignInTest, SaysWhatIsWrongWithTheLine) {
    EXPECT_THAT(why().text, HasSubstr("no XMPP server answers"));
    offers("<mechanisms/>");
    EXPECT_THAT(why().text, HasSubstr("STARTTLS"));
    offers("<starttls/>");
    sign_in.gave_up = true;
    EXPECT_EQ(why().kind, DownKind::Silent);
    sign_in.stream_error = "conflict";
    EXPECT_EQ(why().kind, DownKind::Conflict);
    EXPECT_THAT(why().text, HasSubstr("another box"));
    sign_in.stream_error = "policy-violation";
    EXPECT_EQ(why().kind, DownKind::Protocol);
    EXPECT_EQ(why().condition, "policy-violation");
    sign_in.bad_certificate = "expired";
    EXPECT_THAT(why().text, HasSubstr("(expired)"));
}

}  // namespace
}  // namespace waypost::xmpp
