// SPDX-License-Identifier: Apache-2.0
#include "town.h"

#include <filesystem>

#include "meshtastic.pb.h"

namespace waypost::month {
namespace {

namespace fs = std::filesystem;
using std::chrono::minutes;

constexpr milliseconds kHouseEvery = minutes(1);
constexpr double kGolden = 2.399963;  // radians: the next one is never where another is
constexpr std::uint32_t kFirstNumber = 0xa;

// The box in the middle, two relays on hills, people up to three kilometres away.
simulator::Village village_of(const std::vector<std::string>& handhelds) {
    simulator::Village village;
    village.seed = 11;
    const auto add = [&](const std::string& name, std::uint32_t number, double x, double y) {
        simulator::VillageNode node;
        node.name = node.long_name = name;
        node.short_name = name.substr(0, 4);
        node.number = number;
        node.position = {x, y};
        village.nodes.push_back(node);
    };
    add("post", 1, 0, 0);
    village.nodes[0].ports = {"none"};
    add("hill", 2, 1800, 600);
    add("tower", 3, -1500, -900);
    village.nodes[1].router = village.nodes[2].router = true;
    for (std::size_t i = 0; i < handhelds.size(); ++i) {
        const double far = 250.0 * static_cast<double>(i + 1);
        const double turn = kGolden * static_cast<double>(i);
        add(handhelds[i], kFirstNumber + static_cast<std::uint32_t>(i), far * std::cos(turn),
            far * std::sin(turn));
    }
    return village;
}

std::vector<std::string> joined(std::vector<std::string> a, const std::vector<std::string>& b) {
    a.insert(a.end(), b.begin(), b.end());
    return a;
}

BoxSettings settings_of(const std::string& operator_handle) {
    BoxSettings settings;
    settings.domain = "hill.example";
    settings.village = "hill";
    settings.operators = {operator_handle};
    settings.keep_free_bytes = 0;
    settings.retention = std::chrono::hours(24 * 90);  // the books are looked at in the end
    return settings;
}

}  // namespace

Result<std::string> DeviceLine::read(milliseconds) {
    std::string bytes = device_.to_host();
    took_ = took_ || !bytes.empty();
    return bytes;
}

Result<void> DeviceLine::write(std::string_view bytes) {
    for (const std::string& payload : parser_.feed(bytes)) {
        meshtastic::pb::ToRadio message;
        if (message.ParseFromString(payload) && message.has_packet()) {
            observer_.handed_to_device(message.packet().id());
        }
    }
    device_.from_host(bytes);
    return {};
}

Town::Town(const std::vector<std::string>& people, const std::vector<std::string>& strangers)
    : folder_((fs::temp_directory_path() / ("waypost-month-" + system_random()->hex(6))).string()),
      world_(village_of(joined(people, strangers))),
      observer_(world_, "post"),
      line_(*world_.device("post"), observer_),
      random_(seeded_random(7)),
      radio_(std::make_shared<meshtastic::MeshtasticTransport>("meshtastic.roof",
                                                               meshtastic::MeshtasticOptions{})),
      relay_(std::make_shared<FakeTransport>("email", "email", "mailto", Limits{0, 10, false})) {
    fs::create_directory(folder_);
    ahead_ = clock_.box() - world_.scheduler().now();
    store_ =
        std::make_unique<store::Store>(store::open_sqlite(folder_ + "/s.db", false),
                                       store::StoreOptions{folder_ + "/bodies", false}, *random_);
    box_ = std::make_unique<Box>(settings_of(people.front()), *store_, clock_, *random_,
                                 Secret(std::string(32, 'k')));
    box_->router.carries("meshtastic", "meshtastic", true);
    box_->router.carries("mailto", "email", false);
    office_ = std::make_unique<GatewayOffice>(*box_);
    settle_people(people);
    office_->load();
    relay_->start(*office_);
    radio_->attach(*office_);
    office_->transports().add(relay_);
    office_->transports().add(radio_);
    world_.device("post")->connected(true);
    radio_->open(line_);
}

Town::~Town() {
    office_.reset();
    box_.reset();
    store_.reset();
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
}

void Town::settle_people(const std::vector<std::string>& people) {
    store_->writer().submit(
        [&](store::Tables& t) {
            for (const std::string& name : people) {
                const Address radio{"meshtastic", meshtastic::node_id(world_.node(name)->number())};
                t.people.put_person({name, name, "en", "", true, false, 0});
                t.people.put_endpoint({radio, name, "", "", "", 1, ""});
            }
        },
        {});
    store_->writer().step();
}

void Town::after(milliseconds delay, std::function<void()> what) {
    world_.scheduler().after(delay, std::move(what));
}

void Town::says(const std::string& name, const std::string& text) {
    (void)world_.handheld(name)->send_dm(world_.node("post")->number(), text);
}

void Town::turn(const std::string& name, bool on) { world_.handheld(name)->turn(on); }

void Town::mail(const Address& to, const std::string& text) {
    Message message;
    message.from = mailto("bob", "example.org");
    message.to = {to};
    message.network = message.transport = "email";
    message.origin_id = '<' + std::to_string(++mails_) + "@example.org>";
    message.text = text;
    message.verified_sender = true;
    office_->accept(std::move(message), [](const auto&) {});
    busy_ = true;
}

void Town::run_for(milliseconds time) {
    const BoxTime end = now() + time;
    while (now() < end) {
        const BoxTime before = now();
        world_.scheduler().run_until(std::min(end, next_moment()));
        clock_.advance(now() - before);
        if (now() >= house_) {
            office_->keep_house();
            house_ = now() + kHouseEvery;
            busy_ = true;
        }
        step();
    }
}

BoxTime Town::next_moment() {
    BoxTime next = std::min({world_.scheduler().next(), house_, radio_->next_round() - ahead_});
    if (next_due_) next = std::min(next, *next_due_);
    return std::max(next, now() + milliseconds(1));
}

// Until neither the line nor the office has anything to do at this moment.
void Town::step() {
    for (;;) {
        radio_->round(line_);
        const bool due = next_due_ && now() >= *next_due_;
        if (!line_.took() && !busy_ && !due) break;
        busy_ = false;
        office_->step();
        look_at_relay();
        const auto next = store_->read([](store::Tables& t) { return t.deliveries.next_due(); });
        next_due_.reset();
        if (next.ok() && next.value()) next_due_ = box_from_ms(*next.value()) - ahead_;
        if (next_due_ && *next_due_ <= now()) next_due_ = now() + milliseconds(1);
    }
    ledger_most_ = std::max(ledger_most_, ledger_used());
}

void Town::look_at_relay() {
    const std::vector<Delivery> sent = std::exchange(relay_->sent, {});
    relay_->wire_ids.clear();
    for (const Delivery& each : sent) {
        if (on_mail_out) on_mail_out(each);
    }
}

std::size_t Town::in_hand() {
    std::size_t sum = 0;
    const auto counts = store_->read([](store::Tables& t) { return t.deliveries.counts(); });
    for (const store::Count& each : *counts) {
        if (!is_final(each.state) && each.state != State::Held) {
            sum += static_cast<std::size_t>(each.count);
        }
    }
    return sum;
}

std::vector<store::DeliveryRow> Town::all_in(State state) {
    std::vector<store::DeliveryRow> all;
    for (DeliveryId last = 0;;) {
        const auto some =
            store_->read([&](store::Tables& t) { return t.deliveries.list(state, last, 500); });
        if (some->empty()) return all;
        all.insert(all.end(), some->begin(), some->end());
        last = some->back().id;
    }
}

}  // namespace waypost::month
