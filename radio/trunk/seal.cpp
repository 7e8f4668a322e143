// SPDX-License-Identifier: Apache-2.0
#include "radio/trunk/seal.h"

#include <sodium.h>

#include <stdexcept>

#include "radio/trunk/trunk_frame.h"

namespace waypost::trunk {
namespace {

const unsigned char* bytes_of(std::string_view s) {
    return reinterpret_cast<const unsigned char*>(s.data());
}

std::string blake2b(std::string_view key, std::size_t bytes,
                    std::initializer_list<std::string_view> parts) {
    crypto_generichash_state state;
    std::string out(bytes, '\0');
    if (crypto_generichash_init(&state, bytes_of(key), key.size(), bytes) != 0)
        throw std::logic_error("a key or hash of a length that BLAKE2b has not");
    for (const std::string_view part : parts) {
        // The length ahead: no two lists of parts are the same bytes.
        const std::string length = {static_cast<char>(part.size() >> 16 & 0xFF),
                                    static_cast<char>(part.size() >> 8 & 0xFF),
                                    static_cast<char>(part.size() & 0xFF)};
        crypto_generichash_update(&state, bytes_of(length), length.size());
        crypto_generichash_update(&state, bytes_of(part), part.size());
    }
    crypto_generichash_final(&state, reinterpret_cast<unsigned char*>(out.data()), bytes);
    return out;
}

std::string eight(std::uint64_t value) {
    std::string out;
    for (int i = 0; i < 8; ++i) out += static_cast<char>(value >> (8 * i) & 0xFF);
    return out;
}

std::string encode(const Nonce& nonce) {
    std::string out = {static_cast<char>(nonce.use), static_cast<char>(nonce.index),
                       static_cast<char>(nonce.fragments), '\0'};
    return out + eight(nonce.number);
}

}  // namespace

Use use_of(const Frame& frame) {
    switch (frame.type) {
        case FrameType::Single:
            return Use::Single;
        case FrameType::Fragment:
            return Use::Fragment;
        case FrameType::Bundle:
            return Use::Bundle;
        case FrameType::Report:
            return Use::Report;
        case FrameType::Hello:
            return Use::Hello;
        case FrameType::Poll:
            return Use::Poll;
        case FrameType::Hold:
            return Use::Hold;
        case FrameType::Extension:
            break;
    }
    if (frame.extension == ExtensionKind::Repair) return Use::Repair;
    return frame.extension == ExtensionKind::Beacon ? Use::Beacon : Use::Close;
}

FrameKey::FrameKey(std::string_view parent, std::string_view label, Form form) {
    if (form == Form::Clear) {
        tag_ = Secret(blake2b(parent, kKey, {"waypost trunk tag in clear", label}));
        return;
    }
    cipher_ = Secret(blake2b(parent, kKey, {"waypost trunk cipher", label}));
    tag_ = Secret(blake2b(parent, kKey, {"waypost trunk tag", label}));
}

std::string FrameKey::tag_of(const Nonce& nonce, std::string_view head, std::string_view body,
                             std::size_t bytes, std::string_view context) const {
    return blake2b(tag_.reveal(), 32, {encode(nonce), head, context, body}).substr(0, bytes);
}

std::string FrameKey::crypt(const Nonce& nonce, std::string_view text) const {
    if (cipher_.empty()) return std::string(text);
    std::string out(text.size(), '\0');
    crypto_stream_chacha20_ietf_xor(reinterpret_cast<unsigned char*>(out.data()), bytes_of(text),
                                    text.size(), bytes_of(encode(nonce)),
                                    bytes_of(cipher_.reveal()));
    return out;
}

std::string FrameKey::seal(const Nonce& nonce, std::string_view head, std::string_view text,
                           std::size_t tag_bytes, std::string_view context) const {
    const std::string body = crypt(nonce, text);
    return std::string(head) + body + tag_of(nonce, head, body, tag_bytes, context);
}

std::optional<std::string> FrameKey::open(const Nonce& nonce, std::string_view head,
                                          std::string_view body, std::string_view tag,
                                          std::string_view context) const {
    if (empty() || tag.size() < kReportTag) return std::nullopt;
    const std::string expected = tag_of(nonce, head, body, tag.size(), context);
    if (sodium_memcmp(expected.data(), tag.data(), tag.size()) != 0) return std::nullopt;
    return crypt(nonce, body);
}

SessionKeys session_keys(std::string_view psk, std::uint8_t link, std::string_view salt_of_asker,
                         std::string_view salt_of_answerer, bool second, Form form) {
    const char number = static_cast<char>(link);
    const Secret master(blake2b(
        psk, 64,
        {"waypost trunk session", std::string_view(&number, 1), salt_of_asker, salt_of_answerer}));
    FrameKey first_sends(master.reveal(), "first", form);
    FrameKey second_sends(master.reveal(), "second", form);
    if (second) return {std::move(second_sends), std::move(first_sends)};
    return {std::move(first_sends), std::move(second_sends)};
}

std::string object_tag(std::string_view psk, bool second, std::uint64_t number,
                       std::string_view bytes) {
    return blake2b(psk, 32,
                   {"waypost trunk object", second ? "second" : "first", eight(number), bytes})
        .substr(0, kObjectTag);
}

std::string random_bytes(Random& random, std::size_t count) {
    std::string out;
    while (out.size() < count) out += eight(random.next());
    out.resize(count);
    return out;
}

std::uint64_t ReplayWindow::whole(std::uint16_t low) const { return near(next_, low, 16); }

bool ReplayWindow::fresh(std::uint64_t counter) const {
    if (counter >= next_) return true;
    const std::uint64_t back = next_ - 1 - counter;
    return back < 64 && (seen_ >> back & 1) == 0;
}

void ReplayWindow::take(std::uint64_t counter) {
    if (counter >= next_) {
        const std::uint64_t step = counter - next_ + 1;
        seen_ = step >= 64 ? 0 : seen_ << step;
        next_ = counter + 1;
    }
    seen_ |= std::uint64_t{1} << (next_ - 1 - counter);
}

}  // namespace waypost::trunk
