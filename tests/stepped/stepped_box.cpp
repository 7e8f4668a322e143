// SPDX-License-Identifier: Apache-2.0
#include "stepped_box.h"

#include <filesystem>

#include "gateway/store/database.h"

namespace waypost {
namespace {

namespace fs = std::filesystem;

}  // namespace

// The gateway's end of the device's line.
class SteppedBox::Line final : public ByteLine {
  public:
    Line(simulator::Device& device, const std::function<void(std::string_view)>& on_write)
        : device_(device), on_write_(on_write) {}
    Result<std::string> read(milliseconds) override {  // never waits
        std::string bytes = device_.to_host();
        took_ = took_ || !bytes.empty();
        return bytes;
    }
    Result<void> write(std::string_view bytes) override {
        if (on_write_) on_write_(bytes);
        device_.from_host(bytes);
        return {};
    }
    void wake() noexcept override {}
    bool took() { return std::exchange(took_, false); }  // something was read since the last call

  private:
    simulator::Device& device_;
    const std::function<void(std::string_view)>& on_write_;
    bool took_ = false;
};

SteppedBox::SteppedBox(simulator::Scheduler& scheduler, simulator::Device& device, Random& random,
                       Options options)
    : scheduler_(scheduler),
      device_(device),
      house_every_(options.house_every),
      folder_(
          (fs::temp_directory_path() / ("waypost-stepped-" + system_random()->hex(6))).string()),
      line_(std::make_unique<Line>(device, on_bytes_to_device)),
      ahead_(clock_.box() - scheduler.now()),
      radio_(std::make_shared<meshtastic::MeshtasticTransport>("meshtastic.roof",
                                                               meshtastic::MeshtasticOptions{})),
      relay_(std::make_shared<FakeTransport>("email", "email", "mailto", Limits{0, 10, false})) {
    fs::create_directory(folder_);
    options.settings.domain = "hill.example";
    options.settings.village = "hill";
    options.settings.keep_free_bytes = 0;
    store_ =
        std::make_unique<store::Store>(store::open_sqlite(folder_ + "/s.db", false),
                                       store::StoreOptions{folder_ + "/bodies", false}, random);
    box_ = std::make_unique<Box>(std::move(options.settings), *store_, clock_, random,
                                 Secret(std::string(32, 'k')));
    box_->router.carries("meshtastic", "meshtastic", true, options.message_bytes);
    box_->router.carries("mailto", "email", false);
    office_ = std::make_unique<GatewayOffice>(*box_);
}

SteppedBox::~SteppedBox() {
    office_.reset();
    box_.reset();
    store_.reset();
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
}

void SteppedBox::open(const std::vector<Handheld>& people) {
    settle_people(people);
    office_->load();
    relay_->start(*office_);
    radio_->attach(*office_);
    office_->transports().add(relay_);
    office_->transports().add(radio_);
    device_.connected(true);
    radio_->open(*line_);
}

void SteppedBox::settle_people(const std::vector<Handheld>& people) {
    store_->writer().submit(
        [&](store::Tables& t) {
            for (const Handheld& each : people) {
                const Address radio{"meshtastic", meshtastic::node_id(each.number)};
                t.people.put_person({each.handle, each.handle, "en", "", true, false, 0});
                t.people.put_endpoint({radio, each.handle, "", "", "", 1, ""});
            }
        },
        {});
    store_->writer().step();
}

void SteppedBox::accept(Message message) {
    office_->accept(std::move(message), [](const auto&) {});
    busy_ = true;
}

void SteppedBox::run_for(milliseconds time) {
    const BoxTime end = now() + time;
    while (now() < end) {
        const BoxTime before = now();
        scheduler_.run_until(std::min(end, next_moment()));
        clock_.advance(now() - before);
        if (now() >= house_) {
            office_->keep_house();
            house_ = now() + house_every_;
            busy_ = true;
        }
        step();
    }
}

BoxTime SteppedBox::next_moment() {
    BoxTime next = std::min({scheduler_.next(), house_, radio_->next_round() - ahead_});
    if (next_due_) next = std::min(next, *next_due_);
    return std::max(next, now() + milliseconds(1));
}

// Until neither the line nor the office has anything to do at this moment.
void SteppedBox::step() {
    for (;;) {
        radio_->round(*line_);
        const bool due = next_due_ && now() >= *next_due_;
        if (!line_->took() && !busy_ && !due) break;
        busy_ = false;
        office_->step();
        look_at_relay();
        find_due();
    }
    most_used_ = std::max(most_used_, airtime_used());
}

// What a thread of the office would sleep for: a delivery's time, or airtime for the next one.
void SteppedBox::find_due() {
    const auto next = store_->read([](store::Tables& t) { return t.deliveries.next_due(); });
    next_due_.reset();
    if (next.ok() && next.value()) next_due_ = box_from_ms(*next.value()) - ahead_;
    if (const auto room = office_->pause_ends())
        next_due_ = std::min(next_due_.value_or(*room - ahead_), *room - ahead_);
    if (next_due_ && *next_due_ <= now()) next_due_ = now() + milliseconds(1);
}

void SteppedBox::look_at_relay() {
    const std::vector<Delivery> sent = std::exchange(relay_->sent, {});
    relay_->wire_ids.clear();
    for (const Delivery& each : sent) {
        if (on_mail_out) on_mail_out(each);
    }
}

}  // namespace waypost
