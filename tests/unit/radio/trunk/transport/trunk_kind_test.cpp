// SPDX-License-Identifier: Apache-2.0
// What an operator may write, of every modem there is.
#include <gmock/gmock.h>
#include <sys/stat.h>

#include <cstdio>
#include <fstream>

#include "radio/trunk/pairing.h"
#include "radio/trunk/transport/trunk_transport.h"
#include "tests/fakes/fake_office.h"

namespace waypost::trunk {
namespace {

using ::testing::HasSubstr;

class TrunkKind : public ::testing::Test {
  protected:
    TrunkKind() : code_(::testing::TempDir() + "trunk-kind-code") {
        std::ofstream(code_) << pairing_code(new_pairing(*seeded_random(1), 1));
        ::chmod(code_.c_str(), 0600);
    }
    ~TrunkKind() override { std::remove(code_.c_str()); }

    // Makes it and starts it; why not, or nothing.
    std::string why_not(const std::string& modem, const std::string& frequency = "869525000") {
        std::map<std::string, std::string, std::less<>> text = {{"neighbour", "dale.example"},
                                                                {"port", "serial:/nowhere"},
                                                                {"modem", modem},
                                                                {"code_file", code_},
                                                                {"typed", "false"},
                                                                {"trusted", "false"},
                                                                {"region", "EU868"},
                                                                {"frequency", frequency},
                                                                {"bandwidth", "125000"},
                                                                {"spreading_factor", "9"},
                                                                {"coding_rate", "5"},
                                                                {"preamble", "12"},
                                                                {"power", "14"},
                                                                {"antenna_gain", "2.15"},
                                                                {"cable_loss", "0"},
                                                                {"network_id", "0"},
                                                                {"models", ""},
                                                                {"share", "50"}};
        const TransportKind kind = trunk_kind();
        const SectionValues values(kind.section, "dale", text,
                                   {{"carries", {}}, {"modem_options", {}}, {"training", {}}});
        try {
            const auto transport = kind.make("trunk.dale", values);
            transport->start(office_);
            transport->stop();
        } catch (const std::exception& e) {
            return e.what();
        }
        return {};
    }

    const std::string code_;
    FakeOffice office_;
};

TEST_F(TrunkKind, ModemsThatChooseTheirFrequencyAreToldNone) {
    EXPECT_EQ(why_not("xbee"), "");
    EXPECT_EQ(why_not("xbee-transparent"), "");
    EXPECT_THAT(why_not("xbee", "868650000"), HasSubstr("is not allowed in EU868"))
        << "the law is asked all the same";
}

TEST_F(TrunkKind, LoraModemsAreSet) {
    EXPECT_EQ(why_not("rn2483"), "");
    EXPECT_EQ(why_not("rylr998"), "");
    EXPECT_EQ(why_not("rnode"), "");
    EXPECT_THAT(why_not("rn2483", "868650000"), HasSubstr("is not allowed in EU868"));
}

TEST_F(TrunkKind, AModemThatIsNoneOrForAmateursIsSaid) {
    EXPECT_EQ(why_not("xbe"),
              "modem: there is no xbe; there are rnode, xbee, xbee-transparent, rn2483, rylr998, "
              "e22");
    EXPECT_EQ(why_not("kiss"),
              "modem: kiss is for amateur stations, which may send nothing that is sealed");
}

}  // namespace
}  // namespace waypost::trunk
