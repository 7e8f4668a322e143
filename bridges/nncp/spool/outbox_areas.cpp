// SPDX-License-Identifier: Apache-2.0
// What goes to all subscribers of an area.
#include <sodium.h>

#include <algorithm>

#include "bridges/nncp/packet/seal.h"
#include "bridges/nncp/packet/zstd.h"
#include "bridges/nncp/spool/outbox.h"
#include "bridges/nncp/spool/sources.h"

namespace waypost::nncp {

Mth area_message(std::string_view header) {
    Mth id{};
    crypto_generichash(id.data(), id.size(), reinterpret_cast<const unsigned char*>(header.data()),
                       header.size(), nullptr, 0);
    return id;
}

Result<std::unique_ptr<NewPacket>> Outbox::sealed_for(const Area& area,
                                                      const Parcel& parcel) const {
    if (!config_.self || !area.exchange_public)
        return Error{Code::Refused,
                     "to write to the area " + area.name + " its key `pub` and our own are needed",
                     false};
    Sealing sealing;
    sealing.sender = config_.self->id;
    sealing.sign_secret = &config_.self->signing;
    sealing.recipient = area.id;
    sealing.exchange_public = *area.exchange_public;
    sealing.nice = parcel.nice;
    MemorySource in_memory(parcel.payload);
    Source& raw = parcel.source != nullptr ? *parcel.source : in_memory;
    ZstdSource packing(raw);
    auto packet = spool_.begin();
    if (!packet.ok()) return packet;
    const bool pack = parcel.plain.type == PacketType::Exec;
    const auto sealed = seal(sealing, parcel.plain, pack ? packing : raw, **packet);
    if (!sealed.ok()) return sealed.error();
    if (const auto done = (*packet)->complete(); !done.ok()) return done.error();
    return packet;
}

Result<std::vector<Queued>> Outbox::post(const Area& area, const Parcel& parcel) const {
    const auto packet = sealed_for(area, parcel);
    if (!packet.ok()) return packet.error();
    const Mth message = area_message((*packet)->header());
    // Ours first: whoever sends it back finds that we have it.
    const auto marked = spool_.mark_area_seen(config_.self->id, area.id, message);
    if (!marked.ok()) return marked.error();
    return spread(area, message, parcel.nice, {config_.self->id},
                  [&]() -> Result<std::unique_ptr<Source>> {
                      auto fd = (*packet)->reopen();
                      if (!fd.ok()) return fd.error();
                      return std::unique_ptr<Source>(std::make_unique<OwnFileSource>(Fd(*fd)));
                  });
}

Result<std::vector<Queued>> Outbox::spread(
    const Area& area, const Mth& message, Nice nice, const std::vector<NodeId>& except,
    const std::function<Result<std::unique_ptr<Source>>()>& packet) const {
    std::vector<Queued> all;
    std::vector<Spool::Finished> finished;
    std::vector<NodeId> reached;
    const PlainHeader plain{PacketType::Area, 0,
                            std::string(reinterpret_cast<const char*>(area.id.data()), 32)};
    for (const std::string& name : area.subscribers) {
        const Node* node = config_.find(name);
        if (node == nullptr || spool_.area_seen(node->id, area.id, message) ||
            std::find(except.begin(), except.end(), node->id) != except.end())
            continue;
        const auto source = packet();
        if (!source.ok()) return source.error();
        auto layers = layers_of(*node, plain, 0);
        if (!layers.ok()) return layers.error();
        auto wrapped = wrap(std::move(layers).value(), nice, **source, false, all.emplace_back());
        if (!wrapped.ok()) return wrapped.error();
        finished.push_back(std::move(wrapped).value());
        reached.push_back(node->id);
    }
    const auto published = spool_.publish(std::move(finished));
    if (!published.ok()) return published.error();
    for (const NodeId& node : reached) {
        const auto marked = spool_.mark_area_seen(node, area.id, message);
        if (!marked.ok()) return marked.error();
    }
    return all;
}

}  // namespace waypost::nncp
