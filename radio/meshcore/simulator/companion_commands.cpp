// SPDX-License-Identifier: Apache-2.0
#include "radio/meshcore/simulator/companion_device.h"

namespace waypost::meshcore {
namespace {

constexpr int kProtocolVersion = 8;
constexpr int kMostChannels = 8;
constexpr std::uint8_t kContactByKey = 0x1E;
constexpr char kRebootWord[] = "reboot";

}  // namespace

void CompanionDevice::handle(const std::string& payload) {
    FieldReader in(payload);
    const std::uint8_t command = in.u8();
    switch (command) {
        case kAppStart:
            return start_app();
        case kDeviceQuery:
            return query_device(in);
        case kGetContacts:
            return give_contacts(in);
        case kAddContact:
            return add_contact(in);
        case kSendText:
            return send_text(in);
        case kSendChannelText:
            return send_channel_text(in);
        case kLogin:
            return log_in(in);
        case kGetChannel:
            return give_channel(in);
        case kSetChannel:
            return set_channel(in);
        case kSetRadio:
            return set_radio(in);
        case kExportContact:
            return export_contact(in);
        case kGetStats:
            return give_stats(in);
        default:
            return handle_more(command, in);
    }
}

// What needs few words.
void CompanionDevice::handle_more(std::uint8_t command, FieldReader& in) {
    switch (command) {
        case kImportContact:
            return say_done(node_.take_advert(in.rest()), kBadArgument);
        case kRemoveContact:
            return say_done(node_.contacts().erase(in.take(kKeyBytes)) > 0, kNotFound);
        case kResetPath: {
            Contact* contact = node_.contact(in.take(kKeyBytes));
            if (contact != nullptr && in.ok()) contact->path_length = kNoPath;
            return say_done(contact != nullptr && in.ok(), kNotFound);
        }
        case kContactByKey: {
            const Contact* contact = node_.contact(in.take(kKeyBytes));
            if (contact == nullptr || !in.ok()) return say_error(kNotFound);
            return say_contact(kContact, *contact);
        }
        case kNextMessage:
            if (waiting_.empty()) return say(std::string(1, static_cast<char>(kNoMoreMessages)));
            say(waiting_.front());
            waiting_.pop_front();
            return;
        case kGetTime: {
            std::string out(1, static_cast<char>(kTimeIs));
            put32(out, node_.now());
            return say(out);
        }
        case kSetTime:
            if (in.left() < 4) return say_error(kBadArgument);
            node_.set_clock(in.u32());
            return say_ok();
        case kSelfAdvert:
            node_.advertise(in.u8() == 1);
            return say_ok();
        case kSetName:
            node_.options().name = in.rest().substr(0, kNameBytes - 1);
            return say_ok();
        case kSetPower:
            options_.power_dbm = in.i8();
            return say_ok();
        case kSetPlace:
            return say_ok();
        case kSetOther:
            node_.options().manual_add = (in.u8() & 1) != 0;
            return say_ok();
        case kBattery: {
            std::string out(1, static_cast<char>(kBatteryIs));
            put16(out, 4100);
            put32(out, 12);
            put32(out, 1024);
            return say(out);
        }
        case kReboot:
            if (in.rest().starts_with(kRebootWord)) reboot();
            return;
        default:
            return say_error(kUnsupported);
    }
}

void CompanionDevice::start_app() {
    std::string out(1, static_cast<char>(kSelfInfo));
    put8(out, kChat);
    put8(out, static_cast<std::uint32_t>(options_.power_dbm));
    put8(out, 22);
    out += node_.identity().key;
    put32(out, 0);
    put32(out, 0);
    out += std::string(3, '\0');
    put8(out, node_.options().manual_add ? 1 : 0);
    put32(out, options_.frequency_khz);
    const LoraParams& lora = node_.options().lora;
    put32(out, static_cast<std::uint32_t>(lora.bandwidth_hz));
    put8(out, static_cast<std::uint32_t>(lora.spreading_factor));
    put8(out, static_cast<std::uint32_t>(lora.coding_rate));
    say(out + node_.options().name);
}

void CompanionDevice::query_device(FieldReader& in) {
    app_version_ = in.u8();
    std::string out(1, static_cast<char>(kDeviceInfo));
    put8(out, kProtocolVersion);
    put8(out, static_cast<std::uint32_t>(node_.options().most_contacts / 2));
    put8(out, kMostChannels);
    put32(out, 0);
    put_field(out, "26 Nov 2026", 12);
    put_field(out, "Waypost simulator", 40);
    put_field(out, options_.firmware, 20);
    put16(out, 0);
    say(out);
}

void CompanionDevice::give_contacts(FieldReader& in) {
    const std::uint32_t since = in.left() >= 4 ? in.u32() : 0;
    std::string start(1, static_cast<char>(kContactsStart));
    put32(start, static_cast<std::uint32_t>(node_.contacts().size()));
    say(start);
    std::uint32_t last = 0;
    for (const auto& [key, contact] : node_.contacts()) {
        if (contact.changed <= since && since != 0) continue;
        last = std::max(last, contact.changed);
        say_contact(kContact, contact);
    }
    std::string end(1, static_cast<char>(kContactsEnd));
    put32(end, last);
    say(end);
}

void CompanionDevice::add_contact(FieldReader& in) {
    Contact contact;
    contact.key = in.take(kKeyBytes);
    contact.type = in.u8();
    contact.flags = in.u8();
    contact.path_length = in.u8();
    contact.path = in.take(kPathBytes);
    contact.name = in.text(kNameBytes);
    contact.last_advert = in.u32();
    if (!in.ok()) return say_error(kBadArgument);
    if (in.left() >= 8) {
        contact.latitude = in.i32();
        contact.longitude = in.i32();
    }
    say_done(node_.add(contact), kTableFull);
}

void CompanionDevice::send_text(FieldReader& in) {
    PlainText text;
    text.type = in.u8();
    const int attempt = in.u8();
    text.time = in.u32();
    const std::string prefix = in.take(kPrefixBytes);
    text.text = in.rest();
    if (!in.ok()) return say_error(kBadArgument);
    if (node_.contact(prefix) == nullptr) return say_error(kNotFound);
    if (text.type != kPlain) return say_error(kUnsupported);
    const auto launched = node_.send_text(prefix, attempt, text);
    launched ? say_sent(*launched) : say_error(kTableFull);
}

void CompanionDevice::send_channel_text(FieldReader& in) {
    const std::uint8_t type = in.u8();
    const int index = in.u8();
    const std::uint32_t time = in.u32();
    if (!in.ok() || type != kPlain) return say_error(kUnsupported);
    say_done(node_.send_on_channel(index, time, in.rest()), kNotFound);
}

void CompanionDevice::log_in(FieldReader& in) {
    const std::string key = in.take(kKeyBytes);
    const auto launched = node_.send_login(key, in.rest());
    if (!launched) return say_error(kNotFound);
    logging_in_.insert(key);
    say_sent(*launched);
}

void CompanionDevice::give_channel(FieldReader& in) {
    const int index = in.u8();
    if (!in.ok() || index >= kMostChannels) return say_error(kNotFound);
    const auto found = node_.channels().find(index);
    std::string out(1, static_cast<char>(kChannelInfo));
    put8(out, static_cast<std::uint32_t>(index));
    put_field(out, found == node_.channels().end() ? "" : found->second.name, kNameBytes);
    put_field(out, found == node_.channels().end() ? "" : found->second.secret, kSecretBytes);
    say(out);
}

void CompanionDevice::set_channel(FieldReader& in) {
    Channel channel;
    channel.index = in.u8();
    channel.name = in.text(kNameBytes);
    channel.secret = in.take(kSecretBytes);
    if (!in.ok() || channel.index >= kMostChannels) return say_error(kNotFound);
    node_.channels()[channel.index] = channel;
    say_ok();
}

void CompanionDevice::set_radio(FieldReader& in) {
    options_.frequency_khz = in.u32();
    LoraParams& lora = node_.options().lora;
    const std::uint32_t bandwidth = in.u32();
    const int spreading = in.u8();
    const int coding = in.u8();
    const bool good = in.ok() && bandwidth >= 7'000 && bandwidth <= 500'000 && spreading >= 5 &&
                      spreading <= 12 && coding >= 5 && coding <= 8;
    if (good) {
        lora.bandwidth_hz = static_cast<int>(bandwidth);
        lora.spreading_factor = spreading;
        lora.coding_rate = coding;
    }
    say_done(good, kBadArgument);
}

// Only itself: it keeps no packets of others.
void CompanionDevice::export_contact(FieldReader& in) {
    if (in.left() >= kKeyBytes) return say_error(kNotFound);
    say(static_cast<char>(kExported) + node_.own_advert());
}

void CompanionDevice::give_stats(FieldReader& in) {
    const std::uint8_t which = in.u8();
    std::string out{static_cast<char>(kStatsAre), static_cast<char>(which)};
    if (which == kRadioStats) {
        put16(out, static_cast<std::uint32_t>(-110));
        put16(out, 0);
        put32(out, static_cast<std::uint32_t>(node_.sent_time().count() / 1000));
        put32(out, 0);
        return say(out);
    }
    if (which != 0) return say_error(kUnsupported);
    put16(out, 4100);
    put32(out, static_cast<std::uint32_t>(to_ms(scheduler_.now()) / 1000));
    put8(out, static_cast<std::uint32_t>(waiting_.size()));
    say(out);
}

}  // namespace waypost::meshcore
