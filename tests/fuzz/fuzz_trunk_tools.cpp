// SPDX-License-Identifier: Apache-2.0
// What comes from the air to the tools: pings, any packet to be shown, objects of a pipe; and a
// survey's file and the line of a KISS program.
#include <cstdint>
#include <cstdlib>

#include "radio/kiss/tnc.h"
#include "radio/trunk/tools/byte_stream.h"
#include "radio/trunk/tools/packet_text.h"
#include "radio/trunk/tools/survey.h"

namespace {

using namespace waypost::trunk;

// Bytes as objects, each with its length ahead.
void feed_stream(std::string_view bytes) {
    ByteStream stream;
    for (std::uint64_t number = 0; !bytes.empty(); ++number) {
        const std::size_t length = static_cast<std::uint8_t>(bytes[0]);
        const std::string object(bytes.substr(1, length));
        bytes.remove_prefix(1 + object.size());
        if (!stream.received({number, {object}, {}}).ok()) return;
        if (number % 3 == 0) stream.read(stream.readable().size() / 2);
        (void)stream.take_confirmable();
        if (stream.readable().size() > ByteStream::kUnread + 2 * ByteStream::kWindow * 2000)
            std::abort();
    }
}

void feed_survey(const std::string& bytes) {
    const auto points = read_csv(csv_head() + bytes);
    if (!points.ok()) return;
    Survey survey;
    for (const SurveyPoint& point : *points) {
        survey.add(point);
        const auto again = read_csv(csv_head() + csv_line(point));
        if (!again.ok() || csv_line(again->front()) != csv_line(point)) std::abort();
    }
    (void)table(survey);
    (void)text_plot(survey);
    (void)gnuplot_script(survey, "x.svg");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string bytes(reinterpret_cast<const char*>(data), size);
    static const ProbeKey key;
    if (const auto probe = key.parse(bytes); probe.ok()) {
        if (!key.parse(key.encode(*probe, bytes.size())).ok()) std::abort();
    }
    if (packet_text(bytes).size() > 100) std::abort();
    static const PacketReader reader(std::string(kKey, 'k'), 1, std::string(kSalt, 'a'),
                                     std::string(kSalt, 'b'));
    if (const auto frame = parse_frame(bytes); frame.ok()) (void)reader.open(*frame);
    feed_stream(bytes);
    feed_survey(bytes);
    waypost::kiss::Tnc tnc(255);
    tnc.from_host(bytes);
    while (const auto frame = tnc.next_frame())
        if (frame->empty() || frame->size() > 255) std::abort();
    return 0;
}
