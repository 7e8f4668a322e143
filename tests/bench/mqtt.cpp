// SPDX-License-Identifier: Apache-2.0
// A busy broker: letters of radios, each brought by ten gateways, until they are on disk; by turns
// with mosquitto_sub, which takes the same envelopes and keeps nothing. Then 10,000 envelopes a
// second for a while, for the box's memory.
#include <Poco/JSON/Array.h>
#include <Poco/JSON/Object.h>
#include <Poco/JSON/Parser.h>

#include <cstdio>
#include <fstream>
#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>

#include "gateway/base/encoding.h"
#include "gateway/io/mqtt/mqtt_client.h"
#include "radio/meshtastic/node/own_node.h"
#include "tests/bench/bench.h"
#include "tests/interop/mqtt/mosquitto.h"
#include "tests/unit/radio/meshtastic/node/other_node.h"

namespace waypost::bench {
namespace {

using namespace meshtastic;
using interop::BoxProcess;
using interop::eventually;
using interop::Folder;
using interop::Mosquitto;
using std::chrono::milliseconds;

constexpr int kRounds = 3;
constexpr int kRadios = 20;
constexpr int kGateways = 10;
constexpr int kLetters = 5000;  // of a round; ten envelopes each
constexpr int kSeconds = 20;    // of 10,000 envelopes a second
constexpr int kPerSecond = 10'000;
constexpr double kWantedRatio = 0.5;
constexpr double kMostGrowth = 16;  // MiB
constexpr char kPsk[] = "0123456789abcdef";
constexpr char kRoot[] = "msh/EU_868/2/e/";

ChannelKey channel() { return *channel_key("Village", kPsk); }

// All radios and gateways on one connection: publishes as fast as the broker takes it, and hears
// what the box acknowledges.
class Mesh final : private mqtt::MqttOwner {
  public:
    explicit Mesh(int port) : client_(options(port), *this, *random_) {
        for (int i = 0; i < kRadios; ++i) radios_.emplace_back(channel());
        client_.start();
        if (!eventually([this] { return client_.up(); })) throw std::runtime_error("no broker");
    }
    ~Mesh() override { client_.stop(); }

    std::string address(int radio) const {
        return "meshtastic:" + node_id(radios_[static_cast<std::size_t>(radio)].number());
    }
    void tell_who() {
        for (OtherNode& radio : radios_)
            put("Village", 0, radio.who("R" + node_id(radio.number()).substr(1, 4)));
    }
    bool knows_box() const {
        return eventually([this] {
            const std::lock_guard lock(mutex_);
            return !box_key_.empty();
        });
    }
    // Sealed before the clock runs: what radios do is not measured.
    std::vector<mqtt::MqttMessage> letters(int count) {
        std::vector<mqtt::MqttMessage> all;
        const std::lock_guard lock(mutex_);
        for (int i = 0; i < count; ++i) {
            OtherNode& radio = radios_[static_cast<std::size_t>(i % kRadios)];
            const auto packet = radio.sealed(
                box_, box_key_, "bob@out.test the ford is open, letter " + std::to_string(++made_));
            for (int gateway = 0; gateway < kGateways; ++gateway)
                all.push_back(envelope(kPki, gateway, packet));
        }
        return all;
    }
    // `per_second` 0: as fast as it goes.
    void publish(const std::vector<mqtt::MqttMessage>& all, int per_second = 0) {
        const StopWatch watch;
        std::size_t sent = 0;
        for (const mqtt::MqttMessage& each : all) {
            while (per_second > 0 && watch.seconds() * per_second < static_cast<double>(sent))
                std::this_thread::sleep_for(milliseconds(1));
            while (!client_.publish(each, {}).ok())
                std::this_thread::sleep_for(std::chrono::microseconds(200));
            ++sent;
        }
    }
    std::size_t acked() const {
        const std::lock_guard lock(mutex_);
        return acked_.size();
    }
    // Letters that the box says it has, all in all.
    void wait_acked(std::size_t count) const {
        const bool all = eventually([&] { return acked() >= count; }, std::chrono::seconds(60));
        if (!all)
            throw std::runtime_error("acknowledged: " + std::to_string(acked()) + " of " +
                                     std::to_string(count));
    }

  private:
    static mqtt::MqttOptions options(int port) {
        mqtt::MqttOptions options;
        options.host = "127.0.0.1";
        options.port = port;
        options.client_id = "mesh";
        options.topics = {std::string(kRoot) + "Village/+"};
        return options;
    }
    static mqtt::MqttMessage envelope(const std::string& name, int gateway,
                                      const pb::MeshPacket& packet) {
        pb::ServiceEnvelope out;
        *out.mutable_packet() = packet;
        out.set_channel_id(name);
        out.set_gateway_id(node_id(0xaa000001u + static_cast<std::uint32_t>(gateway)));
        return {kRoot + name + '/' + out.gateway_id(), out.SerializeAsString(), false};
    }
    void put(const std::string& name, int gateway, const pb::MeshPacket& packet) {
        publish({envelope(name, gateway, packet)});
    }
    void mqtt_up() override {}
    void mqtt_down(const std::string&) override {}
    bool mqtt_messages(std::vector<mqtt::MqttMessage> messages) override {
        const std::lock_guard lock(mutex_);
        for (const auto& each : messages) {
            pb::ServiceEnvelope got;
            if (got.ParseFromString(each.payload)) take(got.packet());
        }
        return true;
    }
    void take(const pb::MeshPacket& packet) {
        pb::Data data;
        const std::string bytes = crypt(channel(), packet.from(), packet.id(), packet.encrypted());
        if (!data.ParseFromString(bytes)) return;
        pb::User user;
        if (data.portnum() == kNodeInfo && user.ParseFromString(data.payload()) &&
            user.long_name() == "hill") {
            box_ = packet.from();
            box_key_ = user.public_key();
        }
        if (data.portnum() == kRouting && packet.from() == box_)
            acked_.insert({packet.to(), data.request_id()});
    }

    std::vector<OtherNode> radios_;
    mutable std::mutex mutex_;  // all below but the client
    std::uint32_t box_ = 0;
    std::string box_key_;
    int made_ = 0;
    std::set<std::pair<std::uint32_t, std::uint32_t>> acked_;
    std::unique_ptr<Random> random_ = system_random();
    mqtt::MqttClient client_;
};

std::string settings(const Folder& folder, int port) {
    const std::string channels = folder / "channels";
    std::ofstream(channels) << "Village " << to_base64(kPsk) << '\n';
    interop::shell("chmod 600 " + channels);
    return "[meshtastic_mqtt.hill]\nbroker = \"mqtt://127.0.0.1:" + std::to_string(port) +
           "\"\nroot = \"msh/EU_868\"\nname = \"hill\"\nchannels = \"" + channels +
           "\"\n[email.relay]\nlisten = [\"smtp:127.0.0.1:" + std::to_string(free_port()) +
           "\"]\n[limits]\nperson_mails_per_day = 100000\nradio_lines_per_minute = 0\n";
}

// What mosquitto_sub takes while the same envelopes are published.
double rate_of_sub(const Folder& folder, const Mosquitto& broker, Mesh& mesh,
                   const std::vector<mqtt::MqttMessage>& all) {
    static int number = 0;
    const std::string name = "sub-" + std::to_string(++number);
    const std::string done = folder / name;
    interop::shell("(mosquitto_sub -p " + std::to_string(broker.port()) + " -i " + name +
                   " -q 1 -V mqttv5 -t '" + kRoot + "PKI/+' -C " + std::to_string(all.size()) +
                   " -W 120 > /dev/null && touch " + done + ") > /dev/null 2>&1 &");
    const bool there =
        eventually([&] { return broker.log().find(" as " + name) != std::string::npos; });
    if (!there) throw std::runtime_error("mosquitto_sub did not come");
    std::this_thread::sleep_for(milliseconds(500));  // it subscribes
    const StopWatch watch;
    mesh.publish(all);
    if (!eventually([&] { return std::ifstream(done).good(); }, std::chrono::seconds(120)))
        throw std::runtime_error("mosquitto_sub did not take all");
    return static_cast<double>(all.size()) / watch.seconds();
}

// Deliveries that wait for the relay: one for each letter, whatever the gateways brought.
std::size_t kept(const BoxProcess& box) {
    const auto status =
        Poco::JSON::Parser().parse(box.waypost("--json status")).extract<Poco::JSON::Object::Ptr>();
    const auto counts = status->getArray("deliveries");
    std::size_t all = 0;
    for (unsigned i = 0; i < counts->size(); ++i) {
        const auto each = counts->getObject(i);
        if (each->getValue<std::string>("network") == "email")
            all += each->getValue<std::size_t>("count");
    }
    return all;
}

struct Stage {
    Folder folder;
    Mosquitto broker;
    Mesh mesh{broker.port()};
    BoxProcess box{folder, settings(folder, broker.port())};
    std::size_t letters = 0;  // said so far

    Stage() {
        if (!mesh.knows_box()) throw std::runtime_error("the box did not say who it is");
        mesh.tell_who();
        for (int i = 0; i < kRadios; ++i)
            box.waypost("people add p" + std::to_string(i) + " --radio " + mesh.address(i));
    }
    // Envelopes a second until the box has acknowledged every letter among them.
    double ours(int count, int per_second = 0) {
        const auto all = mesh.letters(count);
        letters += static_cast<std::size_t>(count);
        const StopWatch watch;
        mesh.publish(all, per_second);
        mesh.wait_acked(letters);
        return static_cast<double>(all.size()) / watch.seconds();
    }
    // The box is away: its share of the machine is the other's.
    double theirs(int count) {
        const auto all = mesh.letters(count);
        box.stop();
        const double rate = rate_of_sub(folder, broker, mesh, all);
        letters += static_cast<std::size_t>(count);
        box.start();  // what came meanwhile is brought to it now
        mesh.wait_acked(letters);
        return rate;
    }
};

}  // namespace

int mqtt_mesh() {
    Stage stage;
    stage.ours(kLetters / 4);
    std::vector<double> our_rates, their_rates;
    for (int i = 0; i < kRounds; ++i) {
        their_rates.push_back(stage.theirs(kLetters));
        our_rates.push_back(stage.ours(kLetters));
    }
    const double ours = median(our_rates), theirs = median(their_rates);
    row("envelopes until on disk, 9 of 10 repeats", ours, "a second");
    row("the same by mosquitto_sub, kept nowhere", theirs, "a second");
    stage.ours(kPerSecond / kGateways, kPerSecond);
    const double before = own_memory_of(stage.box.pid());
    const double rate = stage.ours(kSeconds * kPerSecond / kGateways, kPerSecond);
    const double growth = own_memory_of(stage.box.pid()) - before;
    row("offered 10,000 a second for 20 s, taken", rate, "a second");
    row("the box's own memory meanwhile", growth, "MiB more");
    const std::size_t once = kept(stage.box);
    row("letters said, ten envelopes each", static_cast<double>(stage.letters), "letters");
    row("letters on disk", static_cast<double>(once), "letters");
    print({"mqtt", ours, "mosquitto_sub", theirs, "envelopes/s", ours / theirs});
    const bool good =
        once == stage.letters && ours / theirs >= kWantedRatio && growth <= kMostGrowth;
    return good ? 0 : 1;
}

}  // namespace waypost::bench
