// SPDX-License-Identifier: Apache-2.0
// What comes by links.
#include "bridges/nncp/link_parcels.h"
#include "gateway/base/log.h"

namespace waypost::nncp {
namespace {

// Told to the node that sent it.
constexpr char kAnotherPacket[] = "it came out as another packet";
constexpr char kNoPacket[] = "not a packet";

ParcelVerdict verdict(ParcelVerdict::Kind kind, std::string why = {}) {
    return {kind, std::move(why)};
}

}  // namespace

void LinkParcels::came(const TransportId& carrier, std::string bytes, OnVerdict on_verdict) {
    post(
        [this, carrier, bytes = std::move(bytes), on_verdict] { take(carrier, bytes, on_verdict); },
        [on_verdict] { on_verdict(verdict(ParcelVerdict::Kind::Later)); });
}

void LinkParcels::take(const TransportId& carrier, const std::string& bytes,
                       const OnVerdict& on_verdict) {
    const auto link = links_.find(carrier);
    if (link == links_.end()) return on_verdict(verdict(ParcelVerdict::Kind::Later));
    const NodeId& node = link->second.node->id;
    const auto packet = lengthen(bytes, {node, config_.nodes.at("self").id},
                                 [this](std::string_view first) { return id_beginning(first); });
    if (!packet.ok()) {
        const Code code = packet.error().code;
        log(Level::Warning, "nncp", "refused-of-link",
            {{"link", carrier}, {"why", packet.error().text}});
        return on_verdict(
            verdict(ParcelVerdict::Kind::Refused, code == Code::NotFound   ? kUnknownNode
                                                  : code == Code::Conflict ? kAnotherPacket
                                                                           : kNoPacket));
    }
    if (!arrivals_.known(node, packet->name)) {
        const auto kept = arrivals_.keep(node, packet->name, packet->packet);
        if (!kept.ok()) {
            log(Level::Warning, "nncp", "link", {{"link", carrier}, {"why", kept.error().text}});
            return on_verdict(verdict(ParcelVerdict::Kind::Later));
        }
    }
    keep(node, packet->name, on_verdict);
}

// What is known counts once its row is on disk as well.
void LinkParcels::keep(const NodeId& node, const Mth& name, const OnVerdict& on_verdict) {
    const auto later = [on_verdict] { on_verdict(verdict(ParcelVerdict::Kind::Later)); };
    state_.when_durable([self = shared_from_this(), node, name, on_verdict, later](bool on_disk) {
        if (!on_disk) return later();
        self->post(
            [self = self.get(), node, name, on_verdict, later] {
                if (!self->arrivals_.hand_on(node, name).ok()) return later();
                on_verdict(verdict(ParcelVerdict::Kind::Taken));
                self->came_();
            },
            later);
    });
}

std::optional<Hash32> LinkParcels::id_beginning(std::string_view first) const {
    std::optional<Hash32> found;
    const auto look_at = [&](const Hash32& id) {
        if (bytes_of(id).substr(0, first.size()) != first) return true;
        const bool one = !found || *found == id;
        found = id;
        return one;
    };
    for (const auto& [name, node] : config_.nodes)
        if (!look_at(node.id)) return std::nullopt;
    for (const auto& [name, area] : config_.areas)
        if (!look_at(area.id)) return std::nullopt;
    return found;
}

}  // namespace waypost::nncp
