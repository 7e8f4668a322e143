// SPDX-License-Identifier: Apache-2.0
// What goes to all subscribers of an area.
#include "bridges/nncp/packet/seal.h"
#include "bridges/nncp/spool/outbox.h"
#include "bridges/nncp/spool/sources.h"

namespace waypost::nncp {

Mth area_message(std::string_view header) { return blake2b(header); }

namespace {

Result<Mth> message_in(const Outbox::OpenPost& post) {
    auto fd = post();
    if (!fd.ok()) return fd.error();
    OwnFileSource source(std::move(fd).value());
    const auto header = read_start(source, kPacketHeaderBytes);
    if (!header.ok()) return header.error();
    return area_message(*header);
}

}  // namespace

Result<std::unique_ptr<NewPacket>> Outbox::seal_post(const Area& area, const Parcel& parcel) const {
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
    ParcelSource payload(parcel);
    auto packet = spool_.begin();
    if (!packet.ok()) return packet;
    const auto sealed = seal(sealing, parcel.plain, payload, **packet);
    if (!sealed.ok()) return sealed.error();
    if (const auto done = (*packet)->complete(); !done.ok()) return done.error();
    return packet;
}

Result<std::vector<Queued>> Outbox::post(const Area& area, const Parcel& parcel) const {
    const auto packet = seal_post(area, parcel);
    if (!packet.ok()) return packet.error();
    return send_post(
        area, [&] { return (*packet)->reopen(); }, parcel.nice);
}

Result<std::vector<Queued>> Outbox::send_post(const Area& area, const OpenPost& post,
                                              Nice nice) const {
    const auto message = message_in(post);
    if (!message.ok()) return message.error();
    std::vector<Parcel> copies;
    std::vector<std::unique_ptr<Source>> sources;
    for (const std::string& name : area.subscribers) {
        const Node* to = config_.find(name);
        if (to == nullptr || to->id == config_.self->id) continue;
        if (spool_.area_seen(to->id, area.id, *message)) continue;
        auto fd = post();
        if (!fd.ok()) return fd.error();
        sources.push_back(std::make_unique<OwnFileSource>(std::move(fd).value()));
        Parcel& copy = copies.emplace_back();
        copy.to = to;
        copy.plain = {PacketType::Area, 0, std::string(bytes_of(area.id))};
        copy.nice = nice;
        copy.source = sources.back().get();
    }
    // Ours first: whoever sends it back finds that we have it.
    auto marked = spool_.mark_area_seen(config_.self->id, area.id, *message);
    if (!marked.ok()) return marked.error();
    auto queued = send(copies);
    for (std::size_t i = 0; queued.ok() && marked.ok() && i < copies.size(); ++i)
        marked = spool_.mark_area_seen(copies[i].to->id, area.id, *message);
    if (!marked.ok()) return marked.error();
    return queued;
}

}  // namespace waypost::nncp
