// SPDX-License-Identifier: Apache-2.0
// The carrier without a network: nothing here is sent. With one: tests/interop/meshtastic_udp.
#include "radio/meshtastic/udp/udp_carrier.h"

#include <gtest/gtest.h>

#include <condition_variable>
#include <stdexcept>

#include "radio/meshtastic/udp/meshtastic_udp.h"
#include "tests/fakes/fake_office.h"

namespace waypost::meshtastic {
namespace {

class Door final : public NodeDoor {
  public:
    bool came(const std::vector<pb::MeshPacket>&) override { return true; }
    void carrier_changed() override {
        const std::lock_guard lock(mutex_);
        told_ = true;
        changed_.notify_all();
    }
    bool was_told() {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, std::chrono::seconds(30), [this] { return told_; });
    }

  private:
    std::mutex mutex_;
    std::condition_variable changed_;
    bool told_ = false;
};

TEST(UdpCarrier, SaysWhichInterfaceIsMissingAndTakesNothing) {
    FakeOffice office;
    Door door;
    UdpCarrier carrier({{"224.0.0.69", 4403}, "no-such-one"});
    carrier.start(office, door, 7);
    ASSERT_TRUE(door.was_told());
    EXPECT_FALSE(carrier.up());
    EXPECT_EQ(carrier.why_down(), "no interface \"no-such-one\" that is up");
    EXPECT_FALSE(carrier.send({1, kPki, "sealed", {}}, {}));
    EXPECT_EQ(carrier.details().at("sent"), "0");
    carrier.stop();
}

TEST(MulticastSocket, TellsGroupsAndInterfacesFromOthers) {
    EXPECT_TRUE(is_multicast("224.0.0.69"));
    EXPECT_TRUE(is_multicast("239.255.1.2"));
    for (const char* no : {"", "10.0.0.1", "224.0.0", "ff02::1", "mesh.example"})
        EXPECT_FALSE(is_multicast(no)) << no;
    EXPECT_EQ(find_interfaces("lo"), find_interfaces("127.0.0.1"));
    EXPECT_TRUE(find_interfaces("no-such-one").empty());
}

TEST(MeshtasticUdpKind, SaysWhatIsWrongWithItsGroup) {
    const TransportKind kind = meshtastic_udp_kind();
    const SectionValues values(kind.section, "lan",
                               {{"group", "10.0.0.1"}, {"port", "4403"}, {"interface", ""}}, {});
    try {
        kind.make("meshtastic_udp.lan", values);
        FAIL() << "it was made";
    } catch (const std::runtime_error& e) {
        EXPECT_EQ(std::string(e.what()),
                  "group: \"10.0.0.1\" is no IPv4 multicast address, as 224.0.0.69 is");
    }
}

}  // namespace
}  // namespace waypost::meshtastic
