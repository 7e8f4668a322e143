// SPDX-License-Identifier: Apache-2.0
#include "box_on_air.h"

#include <filesystem>

#include "gateway/store/database.h"

namespace waypost::village {
namespace {

namespace fs = std::filesystem;
using std::chrono::minutes;

constexpr milliseconds kHouseEvery = minutes(5);

simulator::NodeOptions post() {
    simulator::NodeOptions options;
    options.identity = {1, "POST hill DM ?", "POST", std::string(32, 'p')};
    return options;
}

simulator::DeviceOptions device_of(const Plan& plan) {
    simulator::DeviceOptions options;
    options.preset = plan.preset;
    return options;
}

BoxSettings settings_of() {
    BoxSettings settings;
    settings.domain = "hill.example";
    settings.village = "hill";
    settings.operators = {"p0"};
    settings.responders = {"p0", "p1", "p2"};
    settings.keep_free_bytes = 0;
    settings.later_states = true;
    settings.radio_lines_per_minute = 30;
    settings.letters_waiting = 3;
    settings.outside_letters_per_hour = 60;
    settings.retention = std::chrono::hours(48);
    settings.person_mails_per_day = 1000;
    return settings;
}

}  // namespace

class BoxOnAir::Line final : public ByteLine {
  public:
    explicit Line(simulator::Device& device) : device_(device) {}
    Result<std::string> read(milliseconds) override {  // never waits
        std::string bytes = device_.to_host();
        took_ = took_ || !bytes.empty();
        return bytes;
    }
    Result<void> write(std::string_view bytes) override {
        device_.from_host(bytes);
        return {};
    }
    void wake() noexcept override {}
    bool took() { return std::exchange(took_, false); }

  private:
    simulator::Device& device_;
    bool took_ = false;
};

BoxOnAir::BoxOnAir(const Plan& plan, int handhelds, int named)
    : folder_((fs::temp_directory_path() / ("waypost-busy-" + system_random()->hex(6))).string()),
      random_(seeded_random(plan.seed)),
      air_(scheduler_, *random_, {meshtastic_preset(plan.preset).value_or(LoraParams{}), 0, 6}),
      node_(scheduler_, air_, *random_, post()),
      device_(scheduler_, node_, device_of(plan)),
      crowd_(scheduler_, air_, *random_, handhelds, plan.loss),
      line_(std::make_unique<Line>(device_)),
      radio_(std::make_shared<meshtastic::MeshtasticTransport>("meshtastic.roof",
                                                               meshtastic::MeshtasticOptions{})),
      relay_(std::make_shared<FakeTransport>("email", "email", "mailto", Limits{0, 10, false})) {
    fs::create_directory(folder_);
    crowd_.meet(node_);
    ahead_ = clock_.box() - scheduler_.now();
    store_ =
        std::make_unique<store::Store>(store::open_sqlite(folder_ + "/s.db", false),
                                       store::StoreOptions{folder_ + "/bodies", false}, *random_);
    box_ = std::make_unique<Box>(settings_of(), *store_, clock_, *random_,
                                 Secret(std::string(32, 'k')));
    box_->router.carries("meshtastic", "meshtastic", true, 200);
    box_->router.carries("mailto", "email", false);
    office_ = std::make_unique<GatewayOffice>(*box_);
    settle_people(named);
    office_->load();
    relay_->start(*office_);
    radio_->attach(*office_);
    office_->transports().add(relay_);
    office_->transports().add(radio_);
    device_.connected(true);
    radio_->open(*line_);
}

BoxOnAir::~BoxOnAir() {
    office_.reset();
    box_.reset();
    store_.reset();
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
}

void BoxOnAir::settle_people(int named) {
    store_->writer().submit(
        [named](store::Tables& t) {
            for (int i = 0; i < named; ++i) {
                const std::string name = 'p' + std::to_string(i);
                const Address radio{"meshtastic", meshtastic::node_id(Crowd::number(i))};
                t.people.put_person({name, name, "en", "", true, false, 0});
                t.people.put_endpoint({radio, name, "", "", "", 1, ""});
            }
        },
        {});
    store_->writer().step();
}

void BoxOnAir::after(milliseconds delay, std::function<void()> what) {
    scheduler_.after(delay, std::move(what));
}

void BoxOnAir::accept(Message message) {
    office_->accept(std::move(message), [](const auto&) {});
    busy_ = true;
}

void BoxOnAir::run_for(milliseconds time) {
    const BoxTime end = now() + time;
    while (now() < end) {
        const BoxTime before = now();
        scheduler_.run_until(std::min(end, next_moment()));
        clock_.advance(now() - before);
        if (now() >= house_) {
            office_->keep_house();
            house_ = now() + kHouseEvery;
            busy_ = true;
        }
        step();
    }
}

BoxTime BoxOnAir::next_moment() {
    BoxTime next = std::min({scheduler_.next(), house_, radio_->next_round() - ahead_});
    if (next_due_) next = std::min(next, *next_due_);
    return std::max(next, now() + milliseconds(1));
}

// Until neither the line nor the office has anything to do at this moment.
void BoxOnAir::step() {
    for (;;) {
        radio_->round(*line_);
        const bool due = next_due_ && now() >= *next_due_;
        if (!line_->took() && !busy_ && !due) break;
        busy_ = false;
        office_->step();
        look_at_relay();
        const auto next = store_->read([](store::Tables& t) { return t.deliveries.next_due(); });
        next_due_.reset();
        if (next.ok() && next.value()) next_due_ = box_from_ms(*next.value()) - ahead_;
        if (const auto room = office_->pause_ends())
            next_due_ = std::min(next_due_.value_or(*room - ahead_), *room - ahead_);
        if (next_due_ && *next_due_ <= now()) next_due_ = now() + milliseconds(1);
    }
    most_used_ = std::max(most_used_, radio_->status().airtime_used);
}

void BoxOnAir::look_at_relay() {
    const std::vector<Delivery> sent = std::exchange(relay_->sent, {});
    relay_->wire_ids.clear();
    for (const Delivery& each : sent) {
        if (on_mail_out) on_mail_out(each);
    }
}

}  // namespace waypost::village
