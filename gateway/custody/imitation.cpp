// SPDX-License-Identifier: Apache-2.0
#include "gateway/custody/imitation.h"

#include <algorithm>
#include <array>

#include "gateway/commands/look_alike.h"
#include "gateway/message/text.h"

namespace waypost {
namespace {

constexpr std::size_t kAddressBytes = 32;
constexpr std::array<std::string_view, 8> kRoles = {
    "postmaster", "mailer-daemon", "gateway", "operator", "admin", "waypost", "post office", "SOS"};

}  // namespace

bool imitates(const Box& box, std::string_view name) {
    if (lower_ascii(name).find('@' + box.settings->domain) != std::string::npos) return true;
    const std::string look = look_of(name);
    if (look.empty()) return false;
    const std::string& village = box.settings->village;
    if (look == look_of(village) || look == look_of(village + " post")) return true;
    const auto same = [&](std::string_view other) { return look == look_of(other); };
    if (std::any_of(kRoles.begin(), kRoles.end(), same)) return true;
    const auto people = box.directory.get();
    const auto& persons = people->persons();
    return std::any_of(persons.begin(), persons.end(),
                       [&](const auto& each) { return same(each.first); });
}

std::string handle_like(const Box& box, std::string_view nickname) {
    const std::string look = look_of(nickname);
    const auto people = box.directory.get();
    for (const auto& [handle, person] : people->persons()) {
        if (handle == nickname || (!look.empty() && look == look_of(handle))) return handle;
    }
    return {};
}

std::string name_from_outside(const Box& box, const Address& address, const std::string& own_name,
                              std::size_t bytes) {
    const std::string name = own_name.empty() ? std::string(address.local_part()) : own_name;
    return imitates(box, name) ? one_line(address.value, kAddressBytes) : one_line(name, bytes);
}

}  // namespace waypost
