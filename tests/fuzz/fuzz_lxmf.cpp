// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <cstdlib>

#include "gateway/message/text.h"
#include "radio/reticulum/lxmf/app_data.h"
#include "radio/reticulum/lxmf/message.h"

namespace {

using namespace waypost;
using namespace waypost::reticulum;

const Identity& signer() {
    static const Identity made = [] {
        const auto random = seeded_random(7);
        return Identity::generate(*random);
    }();
    return made;
}

bool same_files(const LxmfMessage& one, const LxmfMessage& other) {
    if (one.files.size() != other.files.size()) return false;
    for (std::size_t i = 0; i < one.files.size(); ++i)
        if (one.files[i].name != other.files[i].name || one.files[i].data != other.files[i].data)
            return false;
    return true;
}

// What was read is clean and within the limits, and is the same when it is sent on.
void check_message(std::string_view bytes) {
    LxmfLimits limits;
    limits.bytes = 65536;
    limits.text_bytes = 4096;
    limits.files = 8;
    limits.fields = 16;
    const auto read = read_lxmf(bytes, limits);
    if (!read.ok()) return;
    const LxmfMessage& message = read->message;
    const bool within = message.files.size() <= limits.files &&
                        message.other_fields.size() <= limits.fields && is_utf8(message.title) &&
                        is_utf8(message.content) && read->id.size() == kFullHash;
    if (!within || is_genuine(*read, signer().shown())) std::abort();
    const auto again = read_lxmf(pack_lxmf(message, signer()).full);
    const bool same = again.ok() && again->message.content == message.content &&
                      again->message.time == message.time &&
                      again->message.other_fields == message.other_fields &&
                      again->message.reply_to == message.reply_to &&
                      same_files(again->message, message);
    if (!same) std::abort();
}

}  // namespace

// A message as it comes over a link, and the same bytes as an announce's.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    check_message(bytes);
    const DeliveryAppData said = read_delivery_app_data(bytes);
    if (said.name.size() > kMostDisplayName || !is_utf8(said.name)) std::abort();
    const DeliveryAppData again = read_delivery_app_data(delivery_app_data(said));
    if (again.name != said.name || again.stamp_cost != said.stamp_cost) std::abort();
    return 0;
}
