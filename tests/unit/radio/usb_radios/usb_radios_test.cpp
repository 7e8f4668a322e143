// SPDX-License-Identifier: Apache-2.0
// What is plugged in is known by its answer: simulated radios of two kinds at ports that look
// alike.
#include "radio/usb_radios.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <map>

#include "radio/meshcore/meshcore_transport.h"
#include "radio/meshcore/simulator/world.h"
#include "radio/meshtastic/meshtastic_transport.h"
#include "radio/simulator/world.h"

namespace waypost {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

// The host's end of a simulated device's line.
class DeviceLine final : public ByteLine {
  public:
    DeviceLine(simulator::HostedDevice& device, int& open) : device_(device), open_(open) {
        ++open_;
        device_.connected(true);
    }
    ~DeviceLine() override {
        --open_;
        device_.disconnected();
    }
    Result<std::string> read(milliseconds) override { return device_.to_host(); }
    Result<void> write(std::string_view bytes) override {
        device_.from_host(bytes);
        return {};
    }
    void wake() noexcept override {}

  private:
    simulator::HostedDevice& device_;
    int& open_;
};

// Says the same to whatever it is asked; deaf for as many questions as it likes.
class Stranger final : public simulator::HostedDevice {
  public:
    void connected(bool serial) override {
        if (behind != nullptr) behind->connected(serial);
    }
    void disconnected() override {
        if (behind != nullptr) behind->disconnected();
    }
    void from_host(std::string_view bytes) override {
        asked.emplace_back(bytes);
        out_ += says;
        if (deaf > 0 && deaf-- > 0) return;
        if (behind != nullptr) behind->from_host(bytes);
    }
    std::string to_host() override {
        return std::exchange(out_, {}) + (behind != nullptr ? behind->to_host() : std::string());
    }
    bool dropping() const override { return false; }

    std::string says;
    int deaf = 0;
    simulator::HostedDevice* behind = nullptr;
    std::vector<std::string> asked;

  private:
    std::string out_;
};

meshcore::VillageOfRadios meshcore_village() {
    meshcore::VillageOfRadios village;
    meshcore::VillageRadio post;
    post.name = "post";
    post.kind = meshcore::VillageRadio::Kind::Companion;
    village.radios = {post};
    return village;
}

simulator::Village meshtastic_village() {
    simulator::Village village;
    simulator::VillageNode roof;
    roof.name = "roof";
    roof.number = 0x0a0b0c0d;
    roof.ports = {"tcp:127.0.0.1:0"};
    village.nodes = {roof};
    return village;
}

class UsbRadiosTest : public ::testing::Test {
  protected:
    UsbRadiosTest()
        : radios_(std::make_shared<UsbRadios>(
              [this] { return ports_; }, [this](const std::string& where) { return open(where); })),
          meshtastic_(meshtastic::meshtastic_kind(std::make_shared<SharedBands>(), radios_)),
          meshcore_(meshcore::meshcore_kind(std::make_shared<SharedBands>(), radios_)) {}

    simulator::HostedDevice& companion() { return *mesh_core_.device("post"); }
    simulator::HostedDevice& roof() { return *mesh_.device("roof"); }

    void plug(const std::string& name, simulator::HostedDevice& device) {
        ports_.push_back({"serial:/dev/" + name, "usb-" + name, ++plugged_});
        devices_[ports_.back().where] = &device;
    }
    void pull(const std::string& name) {
        std::erase_if(ports_, [&](const UsbPort& each) { return each.instance == "usb-" + name; });
    }
    Result<std::unique_ptr<ByteLine>> open(const std::string& where) {
        ++opened_[where];
        if (devices_[where] == nullptr) return Error{Code::Network, "cannot open " + where, true};
        return {std::make_unique<DeviceLine>(*devices_[where], open_)};
    }
    // As the daemon looks: every three seconds.
    void look(int times, const std::set<std::string>& taken = {}) {
        for (int i = 0; i < times; ++i) {
            radios_->look(taken, now_);
            now_ += seconds(3);
            mesh_.run_for(seconds(3));
            mesh_core_.scheduler().run_until(mesh_core_.scheduler().now() + seconds(3));
        }
    }
    static std::vector<std::string> instances(const TransportKind& kind) {
        std::vector<std::string> all;
        for (const FoundDevice& each : kind.discover()) all.push_back(each.instance);
        return all;
    }

    meshcore::World mesh_core_{meshcore_village(), [](const auto&) {}};
    simulator::World mesh_{meshtastic_village()};
    Stranger stranger_, other_stranger_;
    std::vector<UsbPort> ports_;
    std::map<std::string, simulator::HostedDevice*> devices_;
    std::map<std::string, int> opened_;
    int open_ = 0;
    std::uint64_t plugged_ = 0;
    BoxTime now_ = box_from_ms(1'000'000);
    std::shared_ptr<UsbRadios> radios_;
    TransportKind meshtastic_, meshcore_;
};

TEST_F(UsbRadiosTest, EachIsOfTheKindWhoseProtocolItAnswers) {
    plug("ttyACM0", companion());
    plug("ttyACM1", roof());
    EXPECT_THAT(instances(meshcore_), IsEmpty()) << "nobody has answered";
    look(2);
    EXPECT_THAT(instances(meshcore_), ElementsAre("usb-ttyACM0"));
    EXPECT_THAT(instances(meshtastic_), ElementsAre("usb-ttyACM1"));
    EXPECT_EQ(open_, 0) << "the ports are free for the transports";

    const FoundDevice found = meshcore_.discover().at(0);
    std::map<std::string, std::string, std::less<>> text;
    for (const Setting& setting : meshcore_.section->settings)
        text[std::string(setting.key)] = setting.fallback;
    for (const auto& [key, value] : found.values) text[key] = value;
    const auto radio = meshcore_.make("meshcore.usb-ttyACM0",
                                      SectionValues(meshcore_.section, found.instance, text, {}));
    EXPECT_EQ(radio->network(), "meshcore") << "without a region it is made, and listens";

    look(20);
    EXPECT_EQ(opened_["serial:/dev/ttyACM0"], 1) << "who is known is not asked again";
    EXPECT_EQ(opened_["serial:/dev/ttyACM1"], 1);
}

TEST_F(UsbRadiosTest, ABoardThatStartsAnewOrPrintsItsLogIsAskedAgain) {
    Stranger &slow = stranger_, &loud = other_stranger_;
    slow.deaf = 3;
    slow.behind = &companion();
    loud.says = "INFO | boot > \x94\xc3 <5 \r\n";
    loud.behind = &roof();
    plug("ttyUSB0", slow);
    plug("ttyUSB1", loud);
    look(3);
    EXPECT_THAT(instances(meshtastic_), ElementsAre("usb-ttyUSB1"));
    EXPECT_THAT(instances(meshcore_), IsEmpty());
    look(2);
    EXPECT_THAT(instances(meshcore_), ElementsAre("usb-ttyUSB0"));
    EXPECT_EQ(opened_["serial:/dev/ttyUSB0"], 1) << "opening it anew would start it anew";
}

TEST_F(UsbRadiosTest, WhoAnswersInNoProtocolIsAskedEverMoreSeldom) {
    Stranger& modem = stranger_;
    modem.says = "OK\r\n";
    plug("ttyUSB0", modem);
    look(8);
    EXPECT_THAT(instances(meshcore_), IsEmpty());
    EXPECT_THAT(instances(meshtastic_), IsEmpty());
    EXPECT_EQ(open_, 0);
    EXPECT_EQ(modem.asked.size(), 6u);
    look(20 * 60);  // an hour
    EXPECT_LE(modem.asked.size(), 6u * 7);
    EXPECT_GE(modem.asked.size(), 6u * 5);
}

TEST_F(UsbRadiosTest, APortThatCannotBeOpenedIsTriedAgain) {
    ports_.push_back({"serial:/dev/ttyACM0", "usb-ttyACM0", 1});
    look(10);
    EXPECT_EQ(opened_["serial:/dev/ttyACM0"], 1);
    devices_["serial:/dev/ttyACM0"] = &companion();
    look(25);
    EXPECT_THAT(instances(meshcore_), ElementsAre("usb-ttyACM0"));
}

TEST_F(UsbRadiosTest, PortsOfTheConfigurationAreLeftAlone) {
    plug("ttyACM0", companion());
    look(3, {"serial:/dev/ttyACM0?baud=9600"});
    EXPECT_EQ(opened_["serial:/dev/ttyACM0"], 0);
    EXPECT_THAT(radios_->left_alone(), ElementsAre("usb-ttyACM0"));
    look(3, {"rnode:/dev/ttyACM0"});
    EXPECT_EQ(opened_["serial:/dev/ttyACM0"], 0);
    EXPECT_THAT(radios_->left_alone(), ElementsAre("usb-ttyACM0"));
    look(2);
    EXPECT_THAT(instances(meshcore_), ElementsAre("usb-ttyACM0"));
    EXPECT_THAT(radios_->left_alone(), IsEmpty());
    look(1, {"serial:/dev/ttyACM0"});
    EXPECT_THAT(instances(meshcore_), IsEmpty());
}

TEST_F(UsbRadiosTest, AnotherNameOfAPortIsTheSame) {
    const auto link = std::filesystem::path(::testing::TempDir()) / "by-id";
    std::filesystem::remove(link);
    std::filesystem::create_symlink("/dev/null", link);
    plug("null", companion());
    for (const char* scheme : {"serial:", "rnode:"}) {
        look(3, {scheme + link.string()});
        EXPECT_EQ(opened_["serial:/dev/null"], 0) << scheme;
        EXPECT_THAT(radios_->left_alone(), ElementsAre("usb-null")) << scheme;
    }
    look(1, {"tcp:null:4403", "rnode:null:4403"});
    EXPECT_EQ(opened_["serial:/dev/null"], 1);
    std::filesystem::remove(link);
}

TEST_F(UsbRadiosTest, WithOtherFirmwareItIsKnownAnewWhenItIsPluggedIn) {
    plug("ttyACM0", companion());
    look(2);
    pull("ttyACM0");
    plug("ttyACM0", roof());
    look(1);
    EXPECT_THAT(instances(meshcore_), IsEmpty());
    look(1);
    EXPECT_THAT(instances(meshtastic_), ElementsAre("usb-ttyACM0"));
    pull("ttyACM0");
    look(1);
    EXPECT_THAT(instances(meshtastic_), IsEmpty());
}

}  // namespace
}  // namespace waypost
