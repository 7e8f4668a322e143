// SPDX-License-Identifier: Apache-2.0
// "Who knows a way to this destination?" Its owner answers with an announce (path_response).
// SPEC.md section 7. Pure.
#pragma once

#include <string>
#include <string_view>

#include "gateway/base/result.h"
#include "radio/reticulum/wire/packet.h"

namespace waypost::reticulum {

struct PathRequest {
    std::string target;        // kHash bytes
    std::string transport_id;  // of a transport node that asks: kHash bytes, or empty
    std::string tag;           // 1..kHash bytes; target and tag twice: a repeat
};

const std::string& path_request_destination();  // where they all go to; the same for everybody
bool is_path_request(const Packet& packet);

// `tag`: kHash bytes of chance, new for each. Lengths other than these throw std::logic_error.
Packet build_path_request(std::string_view target, std::string_view tag);
Result<PathRequest> parse_path_request(const Packet& packet);

}  // namespace waypost::reticulum
