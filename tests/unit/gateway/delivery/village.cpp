// SPDX-License-Identifier: Apache-2.0
#include "village.h"

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <thread>
#include <utility>

namespace waypost {

Village::Village()
    : folder_(
          (std::filesystem::temp_directory_path() / ("waypost-village-" + system_random()->hex(8)))
              .string()),
      random_(seeded_random(5)),
      radio_(std::make_shared<FakeTransport>("meshtastic.roof", "meshtastic", "meshtastic",
                                             Limits{200, 4, true})),
      relay_(std::make_shared<FakeTransport>("email", "email", "mailto", Limits{0, 10, false})) {
    std::filesystem::create_directory(folder_);
    settings_.domain = "hill.example";
    settings_.village = "hill";
    settings_.operators = {"carl"};
    settings_.keep_free_bytes = 0;
    open();
}

Village::~Village() {
    close();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

void Village::open() {
    store_ =
        std::make_unique<store::Store>(store::open_sqlite(folder_ + "/s.db", false),
                                       store::StoreOptions{folder_ + "/bodies", false}, *random_);
    box_ =
        std::make_unique<Box>(settings_, *store_, clock_, *random_, Secret(std::string(32, 'k')));
    box_->router.carries("meshtastic", "meshtastic", true);
    box_->router.carries("mailto", "email", false);
    office_ = std::make_unique<GatewayOffice>(*box_);
    office_->load(clock_kept_);
    for (const auto& transport : {radio_, relay_}) {
        transport->start(*office_);
        office_->transports().add(transport);
    }
}

void Village::close() {
    office_.reset();
    box_.reset();
    store_.reset();
}

void Village::pass(milliseconds time) {
    clock_.advance(time);
    office_->keep_house();
    settle();
}

std::vector<std::string> Village::all_shown(const std::string& radio, std::size_t from) const {
    std::vector<std::string> lines;
    for (std::size_t i = from; i < radio_->sent.size(); ++i) {
        if (radio_->sent[i].to.value == radio) lines.push_back(radio_->sent[i].text);
    }
    return lines;
}

std::vector<std::string> Village::shown(const std::string& radio) {
    return all_shown(radio, std::exchange(looked_, radio_->sent.size()));
}

std::vector<std::string> Village::screen(const std::string& radio) {
    return all_shown(radio, std::exchange(read_[radio], radio_->sent.size()));
}

std::string Village::last(const std::string& radio) const {
    const auto lines = all_shown(radio);
    EXPECT_FALSE(lines.empty()) << radio;
    return lines.empty() ? std::string() : lines.back();
}

std::vector<std::string> Village::news(const std::string& radio,
                                       const std::function<void()>& what) {
    const std::size_t before = radio_->sent.size();
    what();
    return all_shown(radio, before);
}

Result<void> Village::ask(const std::function<Result<void>(Desk&)>& what) {
    std::atomic<bool> done{false};
    Result<void> answer;
    std::thread asking([&] {
        Desk desk(*office_);
        answer = what(desk);
        done = true;
    });
    while (!done) settle();
    asking.join();
    settle();
    return answer;
}

void Village::change(const std::function<void(store::Tables&)>& what) {
    store_->writer().submit(what, {});
    settle();
    office_->load(clock_kept_);
}

Message Village::spoken(const std::string& radio, const std::string& text) {
    Message message;
    message.from = {"meshtastic", radio};
    message.network = "meshtastic";
    message.transport = "meshtastic.roof";
    message.origin_id = "p" + std::to_string(++packets_);
    message.text = text;
    return message;
}

Message Village::letter(const std::string& from, const std::string& to, const std::string& text) {
    Message message;
    message.from = *parse_address(from);
    message.to = {*parse_address(to)};
    message.network = "email";
    message.transport = "email";
    message.origin_id = "<m" + std::to_string(++mails_) + "@outside>";
    message.text = text;
    return message;
}

Verdict Village::hand(const Message& message) {
    std::vector<Verdict> verdicts;
    office_->accept(message, [&](const std::vector<Verdict>& v) { verdicts = v; });
    settle();
    EXPECT_EQ(verdicts.size(), std::max<std::size_t>(message.to.size(), 1)) << message.text;
    return verdicts.empty() ? Verdict{} : verdicts.front();
}

void Village::hear(const std::string& radio, const Heard& heard) {
    office_->heard("meshtastic.roof", {"meshtastic", radio}, heard);
    settle();
}

std::vector<std::string> Village::dm(const std::string& radio, const std::string& text,
                                     const std::string& key) {
    shown(radio);
    Message message = spoken(radio, text);
    message.verified_sender = !key.empty();
    message.sealed_under = key;
    EXPECT_TRUE(hand(message).kept()) << text;
    return shown(radio);
}

std::vector<std::string> Village::sealed(const std::string& radio, const std::string& text) {
    return dm(radio, text, std::string(64, radio.back()));
}

std::string Village::dm1(const std::string& radio, const std::string& text) {
    const auto lines = dm(radio, text);
    EXPECT_EQ(lines.size(), 1u) << text;
    return lines.empty() ? std::string() : lines.back();
}

Verdict Village::mail(const std::string& from, const std::string& to, const std::string& text,
                      const std::string& id, bool verified) {
    Message message = letter(from, to, text);
    message.origin_id = id;
    message.verified_sender = verified;
    return hand(message);
}

void Village::name(const std::string& handle, const std::string& radio) {
    change([&](store::Tables& t) {
        t.people.put_person({handle, "", "en", "", true, false, 0});
        t.people.put_endpoint({{"meshtastic", radio}, handle, "", "", "", 1, ""});
    });
}

State Village::state_of(MessageId message) {
    auto rows = store_->read([&](store::Tables& t) { return t.deliveries.of_message(message); });
    return rows->at(0).state;
}

std::vector<std::string> Village::events_of(MessageId message) {
    std::vector<std::string> kinds;
    auto events = store_->read([&](store::Tables& t) { return t.events.of_message(message); });
    for (const auto& event : *events) kinds.push_back(event.kind);
    return kinds;
}

}  // namespace waypost
