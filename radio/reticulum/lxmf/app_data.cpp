// SPDX-License-Identifier: Apache-2.0
#include "radio/reticulum/lxmf/app_data.h"

#include "gateway/message/text.h"
#include "radio/reticulum/lxmf/stamp.h"
#include "radio/reticulum/msgpack_in.h"

namespace waypost::reticulum {
namespace {

constexpr std::uint64_t kCompression = 0;  // in the list of what it understands

std::string display_name(std::string_view bytes) {
    return squeeze(cut_bytes(clean_name(bytes), kMostDisplayName));
}

std::optional<int> stamp_cost(const msgpack::object& object) {
    const auto cost = number_in(object);
    if (!cost || *cost < 1 || *cost > kMostStampCost) return std::nullopt;
    return static_cast<int>(*cost);
}

// Who does not say it takes them.
bool takes_compressed(const msgpack::object& object) {
    if (object.type != msgpack::type::ARRAY) return true;
    for (std::uint32_t i = 0; i < object.via.array.size; ++i)
        if (number_in(object.via.array.ptr[i]) == kCompression) return true;
    return false;
}

// No UTF-8 begins with one of these bytes.
bool begins_array(std::string_view bytes) {
    const auto first = static_cast<unsigned char>(bytes.empty() ? 0 : bytes[0]);
    return (first & 0xf0) == 0x90 || first == 0xdc;
}

}  // namespace

DeliveryAppData read_delivery_app_data(std::string_view app_data) {
    DeliveryAppData out;
    if (!begins_array(app_data)) {
        out.name = display_name(app_data);
        return out;
    }
    const auto value = MsgpackReader(app_data).value();
    if (value->type != msgpack::type::ARRAY) return out;
    const auto& list = value->via.array;
    if (list.size > 0) out.name = display_name(bytes_in(list.ptr[0]).value_or(""));
    if (list.size > 1) out.stamp_cost = stamp_cost(list.ptr[1]);
    if (list.size > 2) out.compression = takes_compressed(list.ptr[2]);
    return out;
}

std::string delivery_app_data(const DeliveryAppData& data) {
    msgpack::sbuffer buffer;
    msgpack::packer<msgpack::sbuffer> out(buffer);
    const std::string name = display_name(data.name);
    out.pack_array(3);
    out.pack_bin(static_cast<std::uint32_t>(name.size()));
    out.pack_bin_body(name.data(), static_cast<std::uint32_t>(name.size()));
    if (data.stamp_cost) {
        out.pack(*data.stamp_cost);
    } else {
        out.pack_nil();
    }
    out.pack_array(data.compression ? 1 : 0);
    if (data.compression) out.pack(kCompression);
    return {buffer.data(), buffer.size()};
}

}  // namespace waypost::reticulum
