// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "radio/reticulum/wire/announce.h"
#include "radio/reticulum/wire/hdlc.h"
#include "radio/reticulum/wire/link_handshake.h"
#include "radio/reticulum/wire/path_request.h"
#include "radio/reticulum/wire/proof.h"
#include "radio/reticulum/wire/token.h"

namespace waypost::reticulum {
namespace {

void want(bool holds) {
    if (!holds) std::abort();
}

// Keys, a link that we asked for and its both ends; made once.
struct Bench {
    Bench() {
        auto answered = answer_link_request(asked.request(), own, *random).value();
        here.emplace(asked.accept(answered.proof).value());
        there.emplace(std::move(answered.link));
    }
    std::unique_ptr<Random> random = seeded_random(1);
    Identity own = Identity::generate(*random);
    LinkInitiation asked =
        LinkInitiation::begin(destination_of("lxmf.delivery", own.shown()), own.shown(), *random);
    std::optional<Link> here, there;
};

// The same frames however the stream is cut, and framed again they come back.
void hdlc(std::string_view bytes) {
    HdlcParser whole, single;
    const auto frames = whole.feed(bytes);
    std::vector<std::string> again;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        for (auto& frame : single.feed(bytes.substr(i, 1))) again.push_back(std::move(frame));
    }
    want(again == frames && whole.broken() == single.broken());
    for (const auto& frame : frames) {
        HdlcParser parser;
        want(parser.feed(hdlc_frame(frame)) == std::vector<std::string>{frame});
    }
}

void on_link(const Bench& bench, const Packet& packet) {
    bench.here->open(packet).ok();
    bench.there->read_rtt(packet).ok();
    bench.there->read_identify(packet).ok();
    bench.there->check_close(packet).ok();
    bench.there->is_keepalive_from_peer(packet);
    // Nothing that was not signed by the other side proves anything.
    want(!bench.here->check_proof(packet, std::string(kFullHash, 'h')).ok());
}

void one_packet(const Bench& bench, const Packet& packet) {
    if (const auto announce = validate_announce(packet); announce.ok())
        want(announce->destination == packet.destination && announce->app_data.size() <= kMtu);
    if (const auto request = parse_path_request(packet); request.ok())
        want(request->target.size() == kHash && request->tag.size() <= kHash);
    if (const auto answered = answer_link_request(packet, bench.own, *bench.random); answered.ok())
        want(packet_bytes(answered->proof).ok() && answered->link.mtu() <= kMtu &&
             answered->link.most_plain() <= kMostOnLink);
    bench.asked.accept(packet).ok();
    want(!check_proof(packet, std::string(kFullHash, 'h'), bench.own.shown()).ok());
    decrypt_own(bench.own, packet.data).ok();
    on_link(bench, packet);
}

// What somebody with the keys of a link may say on it.
void well_encrypted(const Bench& bench, std::string_view plain) {
    for (const auto context : {Context::LinkRtt, Context::LinkIdentify, Context::LinkClose}) {
        const auto packet = bench.here->seal(context, plain, *bench.random);
        if (!packet.ok()) return;
        want(bench.there->open(*packet).value() == plain);
        const auto seconds = bench.there->read_rtt(*packet);
        want(!seconds.ok() || *seconds >= 0);
        on_link(bench, *packet);
    }
}

}  // namespace
}  // namespace waypost::reticulum

// A stream, a packet, the data of packets to us and on a link.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace waypost::reticulum;
    static const Bench bench;
    const std::string bytes(reinterpret_cast<const char*>(data), size);
    hdlc(bytes);
    well_encrypted(bench, bytes);
    const auto packet = parse_packet(bytes);
    if (!packet.ok()) return 0;
    want(packet_bytes(*packet).value() == bytes);
    one_packet(bench, *packet);
    Packet ours = *packet;
    ours.destination = bench.here->id();
    ours.destination_type = DestinationType::Link;
    on_link(bench, ours);
    bench.asked.accept(ours).ok();
    return 0;
}
