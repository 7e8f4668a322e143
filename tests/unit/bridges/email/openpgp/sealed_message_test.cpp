// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/openpgp/sealed_message.h"

#include <gtest/gtest.h>

#include <chrono>

#include "bridges/email/openpgp/hidden_recipient.h"
#include "bridges/email/openpgp/rnp_types.h"

namespace waypost::email::openpgp {
namespace {

const OwnKey& ana() {
    static const OwnKey kKey = std::move(make_key("ana@hill.example")).value();
    return kKey;
}
const OwnKey& bob() {
    static const OwnKey kKey = std::move(make_key("bob@example.org")).value();
    return kKey;
}

// Sealed by other means than ours: compressed, unsigned; with `packets` as it stands, not as text.
std::string compressed(const std::string& plain, const Certificate& recipient,
                       bool packets = false) {
    const RnpTurn turn;
    const RnpContext context = new_context();
    const RnpInput key = input_of(recipient.bytes);
    EXPECT_EQ(rnp_import_keys(context.get(), key.get(), RNP_LOAD_SAVE_PUBLIC_KEYS, nullptr), 0u);
    rnp_key_handle_t handle = nullptr;
    EXPECT_EQ(rnp_locate_key(context.get(), "fingerprint", recipient.fingerprint.c_str(), &handle),
              0u);
    const RnpKey to(handle);
    const RnpInput input = input_of(plain);
    const RnpOutput output = output_of(0);
    rnp_op_encrypt_t raw = nullptr;
    EXPECT_EQ(rnp_op_encrypt_create(&raw, context.get(), input.get(), output.get()), 0u);
    const RnpEncrypt op(raw);
    EXPECT_EQ(rnp_op_encrypt_add_recipient(raw, to.get()), 0u);
    EXPECT_EQ(rnp_op_encrypt_set_compression(raw, "ZLIB", 9), 0u);
    EXPECT_EQ(rnp_op_encrypt_set_flags(raw, packets ? RNP_ENCRYPT_NOWRAP : 0), 0u);
    EXPECT_EQ(rnp_op_encrypt_execute(raw), 0u);
    return bytes_of(output);
}

// One-pass signature, literal data, signature: the three packets of a signed text, each short.
std::vector<std::string> signed_packets(const std::string& text, const OwnKey& signer) {
    const RnpTurn turn;
    const RnpContext context = new_context();
    const RnpInput key = input_of(signer.secret.reveal());
    EXPECT_EQ(rnp_import_keys(context.get(), key.get(),
                              RNP_LOAD_SAVE_PUBLIC_KEYS | RNP_LOAD_SAVE_SECRET_KEYS, nullptr),
              0u);
    rnp_key_handle_t handle = nullptr;
    EXPECT_EQ(rnp_locate_key(context.get(), "fingerprint", signer.certificate.fingerprint.c_str(),
                             &handle),
              0u);
    const RnpKey from(handle);
    const RnpInput input = input_of(text);
    const RnpOutput output = output_of(0);
    rnp_op_sign_t raw = nullptr;
    EXPECT_EQ(rnp_op_sign_create(&raw, context.get(), input.get(), output.get()), 0u);
    const RnpOwner<rnp_op_sign_t, rnp_op_sign_destroy> op(raw);
    EXPECT_EQ(rnp_op_sign_add_signature(raw, from.get(), nullptr), 0u);
    EXPECT_EQ(rnp_op_sign_execute(raw), 0u);
    const std::string all = bytes_of(output);
    std::vector<std::string> packets;
    for (std::size_t at = 0; at + 1 < all.size(); at += packets.back().size())
        packets.push_back(all.substr(at, static_cast<std::uint8_t>(all[at + 1]) + 2u));
    return packets;
}

std::string repeated(const std::string& piece, int count) {
    std::string all;
    for (int i = 0; i < count; ++i) all += piece;
    return all;
}

std::chrono::seconds time_to_open(const std::string& message,
                                  const std::vector<Certificate>& signers) {
    const auto began = std::chrono::steady_clock::now();
    (void)open_message(message, ana(), signers);
    return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() -
                                                            began);
}

TEST(Keys, ComeBackFromTheirBytes) {
    const auto again = load_key(Secret(std::string(ana().secret.reveal())));
    ASSERT_TRUE(again.ok()) << again.error().text;
    EXPECT_EQ(again->certificate.fingerprint, ana().certificate.fingerprint);
    EXPECT_EQ(again->certificate.bytes, ana().certificate.bytes);
    EXPECT_EQ(again->encryption_id.size(), 8u);
    const auto read = read_certificate(ana().certificate.bytes);
    ASSERT_TRUE(read.ok()) << read.error().text;
    EXPECT_EQ(read->fingerprint, ana().certificate.fingerprint);
    EXPECT_LT(read->bytes.size(), 600u) << "it goes with every mail";
}

TEST(Keys, WhatIsNoSingleGoodCertificateIsRefused) {
    const std::string& good = ana().certificate.bytes;
    EXPECT_FALSE(read_certificate("").ok());
    EXPECT_FALSE(read_certificate("hello").ok());
    EXPECT_FALSE(read_certificate(good + bob().certificate.bytes).ok()) << "two";
    EXPECT_FALSE(read_certificate(good.substr(0, good.size() / 2)).ok());
    EXPECT_FALSE(read_certificate(std::string(kMostCertificateBytes + 1, 'x')).ok());
    std::string changed = good;
    changed[changed.size() - 10] = static_cast<char>(changed[changed.size() - 10] ^ 1);
    EXPECT_FALSE(read_certificate(changed).ok()) << "the subkey's signature is wrong";
    EXPECT_FALSE(load_key(Secret(good)).ok()) << "no secret";
}

TEST(SealedMessage, OpensForItsRecipientAndNamesItsSigner) {
    const auto sealed = seal_message("Bring rope\r\n", ana().certificate, bob());
    ASSERT_TRUE(sealed.ok()) << sealed.error().text;
    EXPECT_EQ(sealed->find("Bring"), std::string::npos);
    const auto opened = open_message(*sealed, ana(), {bob().certificate});
    ASSERT_TRUE(opened.ok()) << opened.error().text;
    EXPECT_EQ(opened->bytes, "Bring rope\r\n");
    EXPECT_EQ(opened->signer, bob().certificate.fingerprint);
}

TEST(SealedMessage, AnUnknownOrWrongSignerIsNone) {
    const auto sealed = seal_message("x", ana().certificate, bob());
    const auto unknown = open_message(*sealed, ana(), {});
    ASSERT_TRUE(unknown.ok()) << unknown.error().text;
    EXPECT_EQ(unknown->signer, "");
    const auto carl = make_key("carl@example.org");
    const auto wrong = open_message(*sealed, ana(), {carl->certificate});
    ASSERT_TRUE(wrong.ok());
    EXPECT_EQ(wrong->signer, "");
    const auto unsigned_one = open_message(compressed("x", ana().certificate), ana(), {});
    ASSERT_TRUE(unsigned_one.ok()) << unsigned_one.error().text;
    EXPECT_EQ(unsigned_one->signer, "");
}

TEST(SealedMessage, IsForNobodyElse) {
    const auto sealed = seal_message("x", ana().certificate, bob());
    EXPECT_FALSE(open_message(*sealed, bob(), {}).ok());
}

TEST(SealedMessage, ChangedOrCutIsAnError) {
    const auto sealed = seal_message(std::string(5000, 'x'), ana().certificate, bob());
    const auto turn_free = sealed->size();
    for (const std::size_t at : {turn_free / 3, turn_free / 2, turn_free - 200}) {
        std::string changed = *sealed;
        changed[at] = changed[at] == 'A' ? 'B' : 'A';
        EXPECT_FALSE(open_message(changed, ana(), {bob().certificate}).ok()) << at;
        EXPECT_FALSE(open_message(sealed->substr(0, at), ana(), {}).ok()) << at;
    }
    EXPECT_FALSE(open_message("", ana(), {}).ok());
    EXPECT_FALSE(open_message("-----BEGIN PGP MESSAGE-----", ana(), {}).ok());
}

TEST(SealedMessage, ABombStopsAtTheLimit) {
    const std::string bomb = compressed(std::string(40u << 20, '\0'), ana().certificate);
    ASSERT_LT(bomb.size(), 1u << 20);
    const auto opened = open_message(bomb, ana(), {});
    ASSERT_FALSE(opened.ok());
    EXPECT_FALSE(open_message(std::string(9u << 20, 'x'), ana(), {}).ok()) << "sealed: too large";
}

// Unbounded, each of these costs librnp most of a minute.
constexpr int kVeryMany = 16000;
constexpr std::chrono::seconds kSoon{8};

TEST(SealedMessage, ThousandsOfSessionKeysInsideAreNotTried) {
    const std::string one = compressed("x", ana().certificate);
    std::string wrong = one.substr(0, static_cast<std::uint8_t>(one[1]) + 2u);
    wrong.back() = static_cast<char>(wrong.back() ^ 1);
    const std::string bomb = compressed(repeated(wrong, kVeryMany) + one, ana().certificate, true);
    ASSERT_LT(bomb.size(), 10000u);
    EXPECT_FALSE(open_message(bomb, ana(), {}).ok());
    EXPECT_LT(time_to_open(bomb, {}), kSoon);
}

TEST(SealedMessage, ThousandsOfSignaturesInsideAreNotChecked) {
    const auto packets = signed_packets("hello", bob());
    ASSERT_EQ(packets.size(), 3u);
    const auto with = [&](int signatures) {
        return compressed(repeated(packets[2], signatures) + packets[1], ana().certificate, true);
    };
    const auto good = open_message(with(1), ana(), {bob().certificate});
    ASSERT_TRUE(good.ok()) << good.error().text;
    EXPECT_EQ(good->signer, bob().certificate.fingerprint);
    const std::string bomb = with(kVeryMany);
    ASSERT_LT(bomb.size(), 10000u);
    const auto opened = open_message(bomb, ana(), {bob().certificate});
    ASSERT_TRUE(opened.ok()) << opened.error().text;
    EXPECT_EQ(opened->bytes, "hello");
    EXPECT_EQ(opened->signer, "") << "nobody signs that often";
    EXPECT_LT(time_to_open(bomb, {bob().certificate}), kSoon);
}

std::string hidden(std::string binary) {
    const std::size_t at = binary.find(ana().encryption_id);
    EXPECT_NE(at, std::string::npos);
    return binary.replace(at, 8, std::string(8, '\0'));
}

TEST(HiddenRecipient, GetsOurId) {
    const std::string message = hidden(compressed("for whoever can", ana().certificate));
    const auto opened = open_message(message, ana(), {});
    ASSERT_TRUE(opened.ok()) << opened.error().text;
    EXPECT_EQ(opened->bytes, "for whoever can");
}

TEST(HiddenRecipient, AnothersSessionKeyBeforeOursIsPassedOver) {
    // Delta Chat encrypts to its own user first. Here it is a session key for Bob that must only
    // fail to fit.
    const auto for_bob = compressed("x", bob().certificate);
    std::string first = for_bob.substr(0, static_cast<std::uint8_t>(for_bob[1]) + 2u);
    first.replace(first.find(bob().encryption_id), 8, std::string(8, '\0'));
    const auto opened =
        open_message(first + hidden(compressed("still readable", ana().certificate)), ana(), {});
    ASSERT_TRUE(opened.ok()) << opened.error().text;
    EXPECT_EQ(opened->bytes, "still readable");
}

TEST(HiddenRecipient, TooManyOrBrokenSessionKeysAreAnError) {
    const std::string id(8, 'k');
    const std::string one = std::string("\xC1\x0A\x03", 3) + std::string(9, '\0');
    std::string many;
    for (int i = 0; i < 65; ++i) many += one;
    EXPECT_FALSE(name_hidden_recipient(many, id, 64).ok());
    std::string few = one + one;
    ASSERT_TRUE(name_hidden_recipient(few, id, 64).ok());
    EXPECT_EQ(few.find(id), 3u);
    for (std::string bad : {std::string(), std::string("\xC1"), std::string("\xC1\xFF\x00", 3),
                            std::string("\xC1\x20\x03", 3), std::string("\xC1\xE1\x03", 3),
                            std::string("\x87\x01", 2), std::string("hello")}) {
        EXPECT_FALSE(name_hidden_recipient(bad, id, 64).ok()) << bad.size();
    }
}

}  // namespace
}  // namespace waypost::email::openpgp
