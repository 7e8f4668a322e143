// SPDX-License-Identifier: Apache-2.0
// Certificates and keys in files of others, what the ACME client said, and its record.
#include <cstddef>
#include <cstdint>
#include <string>

#include "gateway/io/tls/server_context.h"
#include "web/tls/acme_client.h"
#include "web/tls/acme_plan.h"

namespace {

using namespace waypost;

void check(bool good) {
    if (!good) __builtin_trap();
}

void read_files(const std::string& text) {
    const auto facts = certificate_facts(text);
    const auto loaded = tls::load({Secret(text)});
    check(facts.ok() || !loaded.ok());
    if (facts.ok()) check(facts->fingerprint.size() == 95);
    (void)tls::is_accepted(text, false);
}

void read_output(const std::string& text) {
    const tls::NotIssued no = tls::why_not({1, text, false}, std::chrono::seconds(1));
    check(!no.why.empty() && no.why.size() < 400);
    for (const char c : no.why) check(static_cast<unsigned char>(c) >= ' ');
    const std::string chain = tls::chain_in(text);
    check(tls::chain_in(chain) == chain);
}

void read_record(const std::string& text) {
    const tls::AcmeState state = tls::state_from(text);
    check(state.asked_box_ms.size() <= tls::kMostAsked);
    check(tls::to_text(tls::state_from(tls::to_text(state))) == tls::to_text(state));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    read_files(text);
    read_output(text);
    read_record(text);
    return 0;
}
