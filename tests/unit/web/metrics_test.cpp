// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/web/api_village.h"

namespace waypost::api {
namespace {

class MetricsTest : public ApiVillage {
  protected:
    std::string text() {
        const Reply reply = call("GET", "/metrics");
        EXPECT_EQ(reply.content_type.rfind("text/plain; version=0.0.4", 0), 0u);
        std::ostringstream out;
        EXPECT_TRUE(reply.content(out).ok());
        EXPECT_EQ(out.str().size(), reply.content_bytes);
        return out.str();
    }
};

TEST_F(MetricsTest, SayWhatWorksAndWhatWaits) {
    EXPECT_NE(text().find("waypost_transport_up{transport=\"" + radio_->id() +
                          "\",network=\"meshtastic\"} 1\n"),
              std::string::npos)
        << text();
    EXPECT_NE(text().find("waypost_store_failing 0\n"), std::string::npos);
    EXPECT_EQ(text().find("waypost_deliveries{"), std::string::npos);
    name("ana", kAna);
    name("ben", kBen);
    radio_->up = false;
    hand(spoken(kAna, "@ben hello"));
    const std::string waits = text();
    EXPECT_NE(waits.find("waypost_deliveries{network=\"meshtastic\",state=\""), std::string::npos)
        << waits;
    EXPECT_NE(waits.find("network=\"meshtastic\"} 0\n"), std::string::npos) << waits;
}

TEST_F(MetricsTest, HaveWhatATransportMeasures) {
    EXPECT_EQ(text().find("waypost_transport_snr_db{"), std::string::npos);
    radio_->metrics = {{"snr_db", -4.5}, {"heard", 12}};
    const std::string all = text();
    EXPECT_NE(all.find("waypost_transport_snr_db{transport=\"meshtastic.roof\"} -4.5\n"),
              std::string::npos)
        << all;
    EXPECT_NE(all.find("waypost_transport_nodes_heard{transport=\"meshtastic.roof\"} 12\n"),
              std::string::npos);
}

TEST_F(MetricsTest, EveryLineIsOfTheFormat) {
    radio_->metrics = {{"snr_db", -4.5}, {"loss", 1e-7}, {"heard_ago_s", 1e9}};
    std::istringstream lines(text());
    std::string family;
    for (std::string line; std::getline(lines, line);) {
        if (line.rfind("# TYPE ", 0) == 0) family = line.substr(7, line.find(' ', 7) - 7);
        if (line[0] == '#') continue;
        EXPECT_EQ(line.rfind(family, 0), 0u) << line;
        EXPECT_NO_THROW((void)std::stod(line.substr(line.rfind(' ')))) << line;
    }
}

}  // namespace
}  // namespace waypost::api
