// SPDX-License-Identifier: Apache-2.0
#include "gateway/custody/return_path.h"

#include <charconv>

namespace waypost {
namespace {

constexpr std::int64_t kBackWithinDays =
    60;  // the other side tries for days, and couriers are slow
constexpr int kBase = 36;

std::string digits_of(DeliveryId delivery) {
    char digits[16];
    const auto end = std::to_chars(digits, digits + sizeof digits, delivery, kBase);
    return {digits, end.ptr};
}

std::string purpose(const std::string& digits) { return std::string(kReportName) + ' ' + digits; }

}  // namespace

Address return_path_of(const Box& box, DeliveryId delivery) {
    const std::string digits = digits_of(delivery);
    const std::string token = box.tokens.make(purpose(digits), box.day() + kBackWithinDays);
    return mailto(std::string(kReportName) + '+' + digits + '-' + token, box.settings->domain);
}

std::optional<DeliveryId> reported_on(const Box& box, const Route& route) {
    if (route.kind != Route::Kind::Report) return std::nullopt;
    const std::size_t dash = route.token.find('-');
    if (dash == std::string::npos) return std::nullopt;
    DeliveryId delivery = 0;
    const char* first = route.token.data();
    const auto read = std::from_chars(first, first + dash, delivery, kBase);
    if (read.ec != std::errc() || read.ptr != first + dash) return std::nullopt;
    // The token was made over the digits as we write them.
    const std::string token = route.token.substr(dash + 1);
    if (!box.tokens.valid(purpose(digits_of(delivery)), token, box.day())) return std::nullopt;
    return delivery;
}

}  // namespace waypost
