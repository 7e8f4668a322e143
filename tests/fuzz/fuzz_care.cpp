// SPDX-License-Identifier: Apache-2.0
// Signed commands as anybody may send them: bytes, and text with them. What is read has its fields
// in place; no chance makes a signature.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "gateway/care/care_acts.h"
#include "gateway/care/packet.h"

using namespace waypost;

namespace {

void must(bool holds) {
    if (!holds) std::abort();
}

void packet(const std::string& bytes) {
    const auto read = care::parse_packet(bytes);
    if (!read.ok()) return;
    must(read->bytes == bytes);
    must(read->command.size() + care::kFixedBytes == bytes.size());
    must(read->number <= care::kMostNumber);
    const auto again = care::packet_in(care::as_text(bytes));
    must(again.ok() && *again == bytes);
    static const care::SigningKey key = care::signing_key(Secret(std::string(32, 'k')));
    (void)care::is_signed_by(*read, key.key);
    const auto command = parse_care_command(read->command);
    if (command.ok()) must(is_care_verb(command->verb) && command->lines <= 30);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string bytes(reinterpret_cast<const char*>(data), size);
    packet(bytes);
    const auto in_text = care::packet_in(bytes);
    if (in_text.ok()) packet(*in_text);
    return 0;
}
