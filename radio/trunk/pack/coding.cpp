// SPDX-License-Identifier: Apache-2.0
#include "radio/trunk/pack/coding.h"

#include <algorithm>
#include <utility>

#include "radio/trunk/pack/predictor.h"
#include "radio/trunk/pack/range_coder.h"
#include "radio/trunk/varint.h"

namespace waypost::pack {
namespace {

constexpr char kRecordSeparator = '\x1E';
constexpr int kLengthBits = 28;

// `use(bit)` for each bit of a symbol, the highest first.
template <class Use>
void each_bit(char symbol, Use use) {
    for (int i = 7; i >= 0; --i) use((static_cast<std::uint8_t>(symbol) >> i & 1) != 0);
}

void learn(ModelState& state, std::string_view symbols) {
    Predictor predictor(state);
    for (const char symbol : symbols) {
        each_bit(symbol, [&](bool bit) {
            predictor.predict();
            predictor.learn(bit);
        });
    }
}

char decoded_symbol(RangeDecoder& decoder, Predictor& predictor) {
    std::uint32_t bits = 1;
    while (bits < 256) {
        const bool bit = decoder.decode(predictor.predict());
        predictor.learn(bit);
        bits = bits << 1 | (bit ? 1 : 0);
    }
    return static_cast<char>(bits);
}

}  // namespace

void prime(ModelState& state, std::string_view training, Script script) {
    while (!training.empty()) {
        const std::string_view text = training.substr(0, training.find(kRecordSeparator));
        learn(state, to_alphabet(text, script));
        training.remove_prefix(std::min(text.size() + 1, training.size()));
    }
}

std::string encode(ModelState& state, Journal& journal, std::string_view text, Script script) {
    const std::string symbols = to_alphabet(text, script);
    RangeEncoder encoder;
    Predictor predictor(state, &journal);
    for (const char symbol : symbols) {
        each_bit(symbol, [&](bool bit) {
            encoder.encode(bit, predictor.predict());
            predictor.learn(bit);
        });
    }
    journal.undo();
    std::string code;
    trunk::put_varint(code, symbols.size());
    return code + std::move(encoder).finish();
}

Result<std::string> decode(ModelState& state, Journal& journal, std::string_view code,
                           Script script, std::size_t limit) {
    const auto length = trunk::take_varint(code, kLengthBits);
    if (!length) return bad_input("packed text without its length");
    // A byte takes two symbols at most.
    if (*length > 2 * limit) return Error{Code::TooLarge, "packed text is longer than taken here"};
    std::string symbols;
    RangeDecoder decoder(code);
    Predictor predictor(state, &journal);
    while (symbols.size() < *length) symbols.push_back(decoded_symbol(decoder, predictor));
    journal.undo();
    if (decoder.has_rest()) return bad_input("packed text goes on after its end");
    return from_alphabet(symbols, script, limit);
}

}  // namespace waypost::pack
