// SPDX-License-Identifier: Apache-2.0
#include "radio/reticulum/resource/resource_link.h"

namespace waypost::reticulum {

ResourceLink over(const Link& link, Random& random) {
    ResourceLink out;
    out.seal = [&link, &random](std::string_view plain) { return link.encrypt(plain, random); };
    out.open = [&link](std::string_view token) -> std::optional<std::string> {
        auto plain = link.decrypt(token);
        if (!plain.ok()) return std::nullopt;
        return std::move(*plain);
    };
    out.mtu = link.mtu();
    return out;
}

}  // namespace waypost::reticulum
