// SPDX-License-Identifier: Apache-2.0
// `./dev bench NAME`
#include <cstdio>
#include <exception>
#include <functional>
#include <map>
#include <string>

#include "tests/bench/bench.h"

int main(int argc, char** argv) {
    using namespace waypost::bench;
    const std::map<std::string, std::function<int()>> benches = {
        {"ingest", ingest},
        {"slow-disk", slow_disk},
        {"through", through},
        {"queue-scale", queue_scale},
        {"idle", idle},
        {"radio-latency", radio_latency},
        {"email", email},
        {"village", village},
        {"languages", languages},
        {"spam", spam},
        {"nncp", nncp},
        {"trunk", trunk_link},
        {"trunk-text", trunk_text},
        {"trunk-message", trunk_message},
        {"xmpp", xmpp},
        {"xmpp-rate", xmpp_rate},
        {"xmpp-memory", xmpp_memory},
        {"xmpp-cut", xmpp_cut},
        {"activitypub", activitypub},
        {"activitypub-in", activitypub_in},
        {"activitypub-out", activitypub_out},
        {"activitypub-memory", activitypub_memory},
        {"activitypub-fan-out", activitypub_fan_out},
        {"mqtt", mqtt_mesh},
        {"store-copy", store_copy}};
    // "activitypub in" and "activitypub-in" are the same.
    std::string name = argc > 1 ? argv[1] : "";
    if (argc == 3) name += std::string("-") + argv[2];
    const auto chosen = benches.find(argc > 3 ? "" : name);
    if (chosen == benches.end()) {
        std::fputs("which bench?", stderr);
        for (const auto& [each, run] : benches) std::fprintf(stderr, " %s", each.c_str());
        std::fputs("\n", stderr);
        return 2;
    }
    try {
        return chosen->second();
    } catch (const std::exception& e) {
        std::fprintf(stderr, "bench %s: %s\n", name.c_str(), e.what());
        return 1;
    }
}
