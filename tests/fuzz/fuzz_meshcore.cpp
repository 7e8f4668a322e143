// SPDX-License-Identifier: Apache-2.0
#include <cstdint>

#include "radio/meshcore/address.h"
#include "radio/meshcore/session.h"
#include "tests/fakes/fake_clock.h"

// Whatever a companion radio sends, framed or not, before and after a handshake, and with texts
// under way; the office takes or puts off what comes of it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace waypost;
    FakeClock clock;
    meshcore::SessionOptions options;
    options.region = "EU868";
    options.rooms = {{std::string(meshcore::kPrefixBytes, 'r'), "pw"}};
    meshcore::Session session(options, clock);
    const auto take = [&](const meshcore::Actions& actions) {
        if (actions.text) session.decided(actions.text->text.size() % 2 == 0, clock.box());
    };
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    take(session.opened(clock.box()));
    take(session.received(bytes, clock.box()));
    meshcore::Outgoing out;
    out.attempt = {1, 1};
    out.to = meshcore::radio_address(std::string(meshcore::kPrefixBytes, 'a'));
    out.wire_id = meshcore::wire_id_of(out.to, 7);
    out.text = "hi";
    session.promise(out);
    take(session.send(out, clock.box()));
    for (std::size_t at = 0; at < bytes.size(); at += meshcore::kMaxFrame) {
        clock.advance(milliseconds(300));
        const auto payload = bytes.substr(at, meshcore::kMaxFrame);
        take(session.received(meshcore::frame(meshcore::Direction::FromRadio, payload),
                              clock.box()));
        take(session.tick(clock.box()));
    }
    clock.advance(std::chrono::minutes(3));
    take(session.tick(clock.box()));
    take(session.closed(clock.box()));
    take(session.give_back(clock.box()));
    return 0;
}
