// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/spool/outbox.h"

#include "bridges/nncp/packet/seal.h"
#include "bridges/nncp/spool/sources.h"

namespace waypost::nncp {
namespace {

// What is not longer goes from layer to layer in memory, else by way of tmp/.
constexpr std::size_t kSmallBytes = 256 * 1024;
constexpr std::size_t kMostInMemory = 2 * kSmallBytes;

Result<OwnFileSource> reopened(const NewPacket& packet) {
    auto fd = packet.reopen();
    if (!fd.ok()) return fd.error();
    return OwnFileSource(std::move(fd).value());
}

}  // namespace

Parcel exec_parcel(const Node& to, const std::vector<std::string>& words, std::string input) {
    Parcel parcel;
    parcel.to = &to;
    parcel.plain.type = PacketType::Exec;
    parcel.plain.nice = kNiceFile;
    for (const std::string& word : words) {
        if (&word != &words.front()) parcel.plain.path += '\0';
        parcel.plain.path += word;
    }
    parcel.nice = kNiceExec;
    parcel.payload = std::move(input);
    return parcel;
}

Parcel freq_parcel(const Node& to, const std::string& name, const std::string& as, Nice reply) {
    Parcel parcel;
    parcel.to = &to;
    parcel.plain = {PacketType::Freq, reply, name};
    parcel.nice = kNiceFreq;
    parcel.payload = as;
    return parcel;
}

Parcel ack_parcel(const Node& to, const Mth& name) {
    Parcel parcel;
    parcel.to = &to;
    parcel.plain = {PacketType::Ack, kNiceAck, std::string(bytes_of(name))};
    parcel.nice = kNiceAck;
    return parcel;
}

Result<void> Outbox::seal_layer(const Layer& layer, Nice nice, Source& payload, Sink& out) const {
    Sealing sealing;
    sealing.sender = config_.self->id;
    sealing.sign_secret = &config_.self->signing;
    sealing.recipient = layer.to->id;
    sealing.exchange_public = layer.to->exchange_public;
    sealing.nice = nice;
    sealing.pad = layer.pad;
    return seal(sealing, layer.plain, payload, out);
}

// Inmost first.
Result<std::vector<Outbox::Layer>> Outbox::layers_of(const Node& to, const PlainHeader& plain,
                                                     std::uint64_t pad) const {
    if (!config_.self)
        return Error{Code::Refused,
                     "this node configuration holds no keys of its own: it can carry packets, not "
                     "make them",
                     false};
    const auto hops = config_.hops(to);
    if (!hops.ok()) return hops.error();
    std::vector<Layer> layers{{&to, plain, pad}};
    for (auto hop = hops->rbegin(); hop != hops->rend(); ++hop) {
        const NodeId& next = layers.back().to->id;
        layers.push_back({*hop, {PacketType::Trns, 0, std::string(bytes_of(next))}, 0});
    }
    return layers;
}

Result<Spool::Finished> Outbox::wrap(std::vector<Layer> layers, Nice nice, Source& payload,
                                     bool small, Queued& queued) const {
    std::string inner;
    std::unique_ptr<NewPacket> file;
    for (std::size_t i = 0; i < layers.size(); ++i) {
        MemorySource in_memory(inner);
        OwnFileSource in_file{Fd()};
        if (file) {
            auto opened = reopened(*file);
            if (!opened.ok()) return opened.error();
            in_file = std::move(opened).value();
        }
        Source& source = i == 0 ? payload : file ? static_cast<Source&>(in_file) : in_memory;
        if (small && i + 1 < layers.size()) {
            MemorySink sink(kMostInMemory);
            MthSink hashing(sink);
            const auto sealed = seal_layer(layers[i], nice, source, hashing);
            if (!sealed.ok()) return sealed.error();
            inner = sink.take();
            if (i == 0) queued.inner = hashing.finish();
            continue;
        }
        auto next = spool_.begin();
        if (!next.ok()) return next.error();
        const auto sealed = seal_layer(layers[i], nice, source, **next);
        if (!sealed.ok()) return sealed.error();
        const auto name = (*next)->complete();
        if (!name.ok()) return name.error();
        queued.name = *name;
        if (i == 0) queued.inner = *name;
        file = std::move(next).value();
    }
    queued.first_hop = layers.back().to->id;
    return Spool::Finished{std::move(file), queued.first_hop, Way::Tx};
}

Result<Spool::Finished> Outbox::wrap(const Parcel& parcel, Queued& queued) const {
    ParcelSource input(parcel);
    bool small = parcel.source == nullptr && parcel.payload.size() <= kSmallBytes;
    if (parcel.minsize == 0) {
        auto layers = layers_of(*parcel.to, parcel.plain, 0);
        if (!layers.ok()) return layers.error();
        return wrap(std::move(layers).value(), parcel.nice, input, small, queued);
    }
    // How much padding there is depends on how long the payload is.
    auto held = spool_.begin();
    if (!held.ok()) return held.error();
    if (const auto copied = copy_all(input, **held); !copied.ok()) return copied.error();
    if (const auto done = (*held)->complete(); !done.ok()) return done.error();
    const int relays = static_cast<int>(parcel.to->via.size());
    const auto pad = pad_for((*held)->bytes(), parcel.minsize, relays);
    auto layers = layers_of(*parcel.to, parcel.plain, pad);
    auto source = reopened(**held);
    if (!layers.ok()) return layers.error();
    if (!source.ok()) return source.error();
    small = small && parcel.minsize <= kSmallBytes;
    return wrap(std::move(layers).value(), parcel.nice, *source, small, queued);
}

Result<std::vector<Queued>> Outbox::send(const std::vector<Parcel>& parcels,
                                         const Before& before) const {
    std::vector<Queued> all(parcels.size());
    std::vector<Spool::Finished> finished;
    for (std::size_t i = 0; i < parcels.size(); ++i) {
        auto packet = wrap(parcels[i], all[i]);
        if (!packet.ok()) return packet.error();
        finished.push_back(std::move(packet).value());
    }
    if (before) {
        if (const auto told = before(all, finished); !told.ok()) return told.error();
    }
    const auto published = spool_.publish(std::move(finished));
    if (!published.ok()) return published.error();
    return all;
}

Result<Queued> Outbox::publish(Spool::Finished packet, const Queued& queued) const {
    std::vector<Spool::Finished> one;
    one.push_back(std::move(packet));
    const auto published = spool_.publish(std::move(one));
    if (!published.ok()) return published.error();
    return queued;
}

Result<Queued> Outbox::send(const Parcel& parcel) const {
    Queued queued;
    auto packet = wrap(parcel, queued);
    if (!packet.ok()) return packet.error();
    return publish(std::move(packet).value(), queued);
}

Result<Queued> Outbox::exec(const Node& to, const std::vector<std::string>& words, Source& input,
                            Nice nice, bool fat) const {
    Parcel parcel = exec_parcel(to, words, {});
    if (fat) parcel.plain.type = PacketType::ExecFat;
    parcel.nice = nice;
    parcel.source = &input;
    return send(parcel);
}

Result<Queued> Outbox::file(const Node& to, const std::string& name, Source& input,
                            Nice nice) const {
    Parcel parcel;
    parcel.to = &to;
    parcel.plain = {PacketType::File, nice, name};
    parcel.nice = nice;
    parcel.source = &input;
    return send(parcel);
}

Result<Queued> Outbox::pass_on(const Node& to, Source& packet, Nice nice) const {
    if (to.via.empty()) {
        auto copied = spool_.begin();
        if (!copied.ok()) return copied.error();
        if (const auto done = copy_all(packet, **copied); !done.ok()) return done.error();
        const auto name = (*copied)->complete();
        if (!name.ok()) return name.error();
        return publish({std::move(copied).value(), to.id, Way::Tx}, {*name, *name, to.id});
    }
    auto layers = layers_of(to, {}, 0);
    if (!layers.ok()) return layers.error();
    layers->erase(layers->begin());  // the packet itself
    Queued queued;
    auto wrapped = wrap(std::move(layers).value(), nice, packet, false, queued);
    if (!wrapped.ok()) return wrapped.error();
    return publish(std::move(wrapped).value(), queued);
}

}  // namespace waypost::nncp
