// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <cstdlib>

#include "radio/xbee/session.h"
#include "radio/xbee/transparent.h"

using namespace waypost;
using namespace waypost::xbee;

namespace {

BoxTime now;

RadioActions later(FrameRadio& radio) {
    now = std::max(now, std::min(radio.next_tick(), now + std::chrono::minutes(1)));
    return radio.tick(now);
}

// A module that says OK to every line, and 1 to every question.
void get_ready(FrameRadio& radio) {
    std::string write = radio.opened(now).write;
    Deframer host(ApiMode::Escaped);
    for (int i = 0; i < 100 && !radio.ready(); ++i) {
        std::string answer;
        if (!write.empty() && write.back() == '\r') answer = write.size() == 5 ? "FF\r" : "OK\r";
        if (write == "+++") answer = "OK\r";
        for (const std::string& body : host.feed(write)) {
            const auto asked = std::get<AtCommand>(*parse(body));
            answer += frame(ApiMode::Escaped, encode(AtAnswer{asked.id, asked.name, 0, "\2"}));
        }
        write = answer.empty() ? later(radio).write : radio.received(answer, now).write;
    }
    if (!radio.ready()) std::abort();
}

void disturb(FrameRadio& radio, std::string_view bytes) {
    radio.received(bytes, now);
    later(radio);
    for (std::size_t at = 0; at < bytes.size(); at += 20) {
        // As a whole frame, so that what is inside is reached as well.
        radio.received(frame(ApiMode::Escaped, bytes.substr(at, 20)), now);
        radio.send({static_cast<std::uint32_t>(at), "x", ""}, now);
        later(radio);
    }
    (void)radio.details();
    radio.closed(now);
}

}  // namespace

// Whatever a module sends: before it is found, while it is ready, and without API mode.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const auto random = seeded_random(1);
    now = box_from_ms(1'000'000);
    Session fresh({}, 9600, *random);
    fresh.opened(now);
    disturb(fresh, bytes);
    Session ready({}, 9600, *random);
    get_ready(ready);
    disturb(ready, bytes);
    Transparent pipe(9600);
    get_ready(pipe);
    disturb(pipe, bytes);
    return 0;
}
