// SPDX-License-Identifier: Apache-2.0
// Packets over TCP on loopback: both ends, lines that are lost, and what is no packet.
#include "radio/reticulum/tcp_carrier.h"

#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <set>
#include <thread>

#include "tests/fakes/fake_office.h"

namespace waypost::reticulum {
namespace {

class Door final : public CarrierDoor {
  public:
    void interface_up(InterfaceNumber on, const InterfaceInfo&) override {
        note([&] { up.insert(on); });
    }
    void interface_down(InterfaceNumber on) override {
        note([&] { up.erase(on); });
    }
    void came(InterfaceNumber on, const std::string& packet, const HeardSignal&) override {
        note([&] {
            if (up.count(on) > 0) packets.push_back(packet);
        });
    }
    void carrier_changed() override {
        note([] {});
    }
    bool wait(const std::function<bool()>& until) {
        std::unique_lock lock(mutex);
        return changed.wait_for(lock, std::chrono::seconds(20), until);
    }

    std::set<InterfaceNumber> up;
    std::vector<std::string> packets;

  private:
    template <class What>
    void note(const What& what) {
        const std::lock_guard lock(mutex);
        what();
        changed.notify_all();
    }
    std::mutex mutex;
    std::condition_variable changed;
};

TcpCarrierOptions listening(std::size_t most = 32) {
    TcpCarrierOptions options;
    options.listens = true;
    options.host = "127.0.0.1";
    options.most_connections = most;
    return options;
}

class TcpCarrierTest : public testing::Test {
  protected:
    static TcpCarrierOptions to(int port) {
        TcpCarrierOptions options;
        options.host = "127.0.0.1";
        options.port = port;
        options.first_pause = std::chrono::milliseconds(50);
        return options;
    }
    FakeOffice office;
    Door here, there;
};

TEST_F(TcpCarrierTest, BothEndsHaveAnInterfaceAndPacketsPass) {
    TcpCarrier listener(listening());
    listener.start(office, "reticulum.a", here);
    EXPECT_TRUE(listener.up());
    TcpCarrier client(to(listener.port()));
    client.start(office, "reticulum.b", there);
    ASSERT_TRUE(here.wait([&] { return here.up.size() == 1; }));
    ASSERT_TRUE(there.wait([&] { return there.up.size() == 1; }));
    const std::string packet = std::string("\x7e\x7d\x00 whatever", 12) + std::string(400, '\x7e');
    EXPECT_EQ(client.send(1, packet, false), Carrier::Took::Yes);
    ASSERT_TRUE(here.wait([&] { return here.packets.size() == 1; }));
    EXPECT_TRUE(here.wait([&] { return here.packets[0] == packet; }));
    EXPECT_EQ(listener.send(1, "back", false), Carrier::Took::Yes);
    ASSERT_TRUE(there.wait([&] { return there.packets.size() == 1; }));
    EXPECT_EQ(client.send(7, "x", false), Carrier::Took::NoLine);
    EXPECT_EQ(listener.status().details.at("connected"), "1");
    client.stop();
    EXPECT_TRUE(here.wait([&] { return here.up.empty(); }));
    EXPECT_FALSE(client.up());
}

TEST_F(TcpCarrierTest, ALostLineIsMadeAgainAsAnotherInterface) {
    auto listener = std::make_unique<TcpCarrier>(listening());
    listener->start(office, "reticulum.a", here);
    const int port = listener->port();
    TcpCarrier client(to(port));
    client.start(office, "reticulum.b", there);
    ASSERT_TRUE(there.wait([&] { return there.up.count(1) == 1; }));
    listener->stop();
    listener.reset();
    ASSERT_TRUE(there.wait([&] { return there.up.empty(); }));
    EXPECT_FALSE(client.up());
    EXPECT_NE(client.status().why, "");
    TcpCarrierOptions again = listening();
    again.port = port;
    Door other;
    TcpCarrier second(again);
    second.start(office, "reticulum.a", other);
    ASSERT_TRUE(there.wait([&] { return there.up.count(2) == 1; }));
}

TEST_F(TcpCarrierTest, ManyConnectionsAreBounded) {
    TcpCarrier listener(listening(2));
    listener.start(office, "reticulum.a", here);
    std::vector<std::unique_ptr<Poco::Net::StreamSocket>> phones;
    const Poco::Net::SocketAddress at("127.0.0.1", static_cast<Poco::UInt16>(listener.port()));
    for (int i = 0; i < 2; ++i) phones.push_back(std::make_unique<Poco::Net::StreamSocket>(at));
    ASSERT_TRUE(here.wait([&] { return here.up.size() == 2; }));
    Poco::Net::StreamSocket third(at);
    char byte = 0;
    EXPECT_EQ(third.receiveBytes(&byte, 1), 0);  // it is shut at once
    phones.clear();
    ASSERT_TRUE(here.wait([&] { return here.up.empty(); }));
}

TEST_F(TcpCarrierTest, RubbishAndFloodsAreCutAndTheLineStays) {
    TcpCarrierOptions options = listening();
    options.rate = {10, 0};
    TcpCarrier listener(options);
    listener.start(office, "reticulum.a", here);
    Poco::Net::StreamSocket phone(
        Poco::Net::SocketAddress("127.0.0.1", static_cast<Poco::UInt16>(listener.port())));
    const std::string noise =
        std::string(5000, 'x') + "~\x7d\x7d~" + '~' + std::string(2000, 'y') + '~';
    phone.sendBytes(noise.data(), static_cast<int>(noise.size()));
    for (int i = 0; i < 30; ++i) {
        const std::string frame = hdlc_frame("packet " + std::to_string(i));
        phone.sendBytes(frame.data(), static_cast<int>(frame.size()));
    }
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (listener.status().details.at("too many") != "20" &&
           std::chrono::steady_clock::now() < end)
        std::this_thread::yield();
    EXPECT_EQ(listener.status().details.at("too many"), "20");
    EXPECT_TRUE(here.wait([&] { return here.packets.size() == 10 && here.up.size() == 1; }));
    EXPECT_NE(listener.status().details.at("broken frames"), "0");
}

TEST_F(TcpCarrierTest, WhoDoesNotReadIsGivenNoMore) {
    TcpCarrier listener(listening());
    listener.start(office, "reticulum.a", here);
    Poco::Net::StreamSocket phone(
        Poco::Net::SocketAddress("127.0.0.1", static_cast<Poco::UInt16>(listener.port())));
    ASSERT_TRUE(here.wait([&] { return here.up.size() == 1; }));
    const std::string packet(480, 'p');
    auto took = Carrier::Took::Yes;
    for (int i = 0; i < 100'000 && took == Carrier::Took::Yes; ++i)
        took = listener.send(1, packet, false);
    EXPECT_EQ(took, Carrier::Took::NoRoom);
}

TEST_F(TcpCarrierTest, AnAddressThatIsTakenIsSaidAtTheStart) {
    TcpCarrier first(listening());
    first.start(office, "reticulum.a", here);
    TcpCarrierOptions same = listening();
    same.port = first.port();
    same.host = "203.0.113.1";  // nobody's
    TcpCarrier second(same);
    EXPECT_THROW(second.start(office, "reticulum.b", there), std::runtime_error);
}

}  // namespace
}  // namespace waypost::reticulum
