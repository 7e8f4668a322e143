// SPDX-License-Identifier: Apache-2.0
// trunk_bits SCRIPT TRAINING TEXTS: primes a model (its training text plain, not compressed) and
// codes each line of TEXTS; prints a sum of the model and every code, and to stderr what it cost.
// By itself, without libraries, so that it can be built for another processor.
#include <sys/resource.h>

#include <cstdio>
#include <ctime>
#include <fstream>
#include <iterator>
#include <memory>

#include "radio/trunk/pack/coding.h"

using namespace waypost::pack;

namespace {

std::string read(const char* path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

// FNV-1a, 64 bits.
std::uint64_t sum_of(const ModelState& state) {
    std::uint64_t sum = 0xCBF2'9CE4'8422'2325;
    const auto* bytes = reinterpret_cast<const unsigned char*>(&state);
    for (std::size_t i = 0; i < sizeof state; ++i) sum = (sum ^ bytes[i]) * 0x100'0000'01B3;
    return sum;
}

double seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

}  // namespace

int main(int argc, char** argv) {
    if (argc != 4) return 2;
    const auto script = static_cast<Script>(std::stoi(argv[1]));
    const auto state = std::make_unique<ModelState>();
    clear(*state);
    const std::string training = read(argv[2]);
    prime(*state, training, script);
    const double primed = seconds();
    std::printf("%016llx\n", static_cast<unsigned long long>(sum_of(*state)));
    Journal journal(reinterpret_cast<std::byte*>(state.get()), sizeof *state);
    std::ifstream texts(argv[3]);
    std::size_t coded = 0;
    for (std::string text; std::getline(texts, text); coded += text.size()) {
        const std::string code = encode(*state, journal, text, script);
        for (const char byte : code) std::printf("%02x", static_cast<unsigned char>(byte));
        const auto back = decode(*state, journal, code, script, text.size());
        std::puts(back.ok() && *back == text ? "" : " does not come back");
    }
    std::printf("%016llx\n", static_cast<unsigned long long>(sum_of(*state)));
    rusage used{};
    getrusage(RUSAGE_SELF, &used);
    std::fprintf(stderr, "primed with %.0f KB/s, texts there and back %.0f KB/s, %ld MB at most\n",
                 static_cast<double>(training.size()) / 1000 / primed,
                 static_cast<double>(coded) / 1000 / (seconds() - primed), used.ru_maxrss / 1000);
    return 0;
}
