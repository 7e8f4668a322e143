// SPDX-License-Identifier: Apache-2.0
// A mail that goes on as it came, by an account that may send under its own address only: From,
// Reply-To and the mark in Subject are replaced, and a DKIM signature over them goes. Pure.
#pragma once

#include <string>
#include <string_view>

#include "gateway/message/delivery.h"

namespace waypost::email {

// `mail` with CRLF line ends; `delivery` as as_account() made it.
std::string under_account(std::string_view mail, const Delivery& delivery);

}  // namespace waypost::email
