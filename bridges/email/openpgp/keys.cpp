// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/openpgp/keys.h"

#include <sodium.h>

#include "bridges/email/openpgp/rnp_types.h"

namespace waypost::email::openpgp {
namespace {

constexpr std::size_t kKeyIdBytes = 8;

Error no_memory() { return {Code::Internal, "no memory for a key", true}; }

Result<RnpKey> generate(const RnpContext& context, rnp_key_handle_t primary,
                        const std::string& address) {
    rnp_op_generate_t raw = nullptr;
    const auto created = primary == nullptr
                             ? rnp_op_generate_create(&raw, context.get(), "EDDSA")
                             : rnp_op_generate_subkey_create(&raw, context.get(), primary, "ECDH");
    if (created != RNP_SUCCESS) return rnp_error("a new key", created);
    const RnpGenerate op(raw);
    if (primary == nullptr) {
        (void)rnp_op_generate_set_userid(raw, ('<' + address + '>').c_str());
    } else {
        (void)rnp_op_generate_set_curve(raw, "Curve25519");
    }
    (void)rnp_op_generate_set_expiration(raw, 0);
    const auto done = rnp_op_generate_execute(raw);
    if (done != RNP_SUCCESS) return rnp_error("a new key", done);
    rnp_key_handle_t key = nullptr;
    if (rnp_op_generate_get_key(raw, &key) != RNP_SUCCESS) return no_memory();
    return RnpKey(key);
}

Result<Certificate> certificate_of(rnp_key_handle_t key) {
    const RnpOutput output = output_of(kMostCertificateBytes);
    if (!output) return no_memory();
    const auto done = rnp_key_export_autocrypt(key, nullptr, nullptr, output.get(), 0);
    if (done != RNP_SUCCESS) return rnp_error("a key that cannot encrypt", done);
    return Certificate{bytes_of(output), text_of(rnp_key_get_fprint, key)};
}

Result<RnpKey> encrypting_subkey(rnp_key_handle_t key) {
    rnp_key_handle_t subkey = nullptr;
    const auto found = rnp_key_get_default_key(key, "encrypt", 0, &subkey);
    if (found != RNP_SUCCESS) return rnp_error("a key that cannot encrypt", found);
    return RnpKey(subkey);
}

std::string from_hex(const std::string& hex) {
    std::string bytes(hex.size() / 2, '\0');
    sodium_hex2bin(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(), hex.data(),
                   hex.size(), nullptr, nullptr, nullptr);
    return bytes;
}

Result<OwnKey> own_key(rnp_key_handle_t key, Secret secret) {
    auto certificate = certificate_of(key);
    if (!certificate.ok()) return certificate.error();
    const auto subkey = encrypting_subkey(key);
    if (!subkey.ok()) return subkey.error();
    OwnKey own{std::move(secret), std::move(*certificate),
               from_hex(text_of(rnp_key_get_keyid, subkey->get()))};
    if (own.encryption_id.size() != kKeyIdBytes) return bad_input("a key without an id");
    return own;
}

// The one primary key of a context; an Error if there are more, or none.
Result<RnpKey> only_key(const RnpContext& context) {
    rnp_identifier_iterator_t raw = nullptr;
    if (rnp_identifier_iterator_create(context.get(), &raw, "fingerprint") != RNP_SUCCESS)
        return no_memory();
    const RnpOwner<rnp_identifier_iterator_t, rnp_identifier_iterator_destroy> each(raw);
    RnpKey primary;
    const char* fingerprint = nullptr;
    while (rnp_identifier_iterator_next(raw, &fingerprint) == RNP_SUCCESS && fingerprint) {
        rnp_key_handle_t handle = nullptr;
        if (rnp_locate_key(context.get(), "fingerprint", fingerprint, &handle) != RNP_SUCCESS ||
            handle == nullptr) {
            return no_memory();
        }
        RnpKey key(handle);
        bool is_primary = false;
        if (rnp_key_is_primary(key.get(), &is_primary) != RNP_SUCCESS || !is_primary) continue;
        if (primary) return bad_input("more than one key");
        primary = std::move(key);
    }
    if (!primary) return bad_input("no key");
    return primary;
}

Result<RnpKey> import_one(const RnpContext& context, std::string_view bytes, std::uint32_t what) {
    if (!context) return no_memory();
    const RnpInput input = input_of(bytes);
    if (!input) return no_memory();
    const auto done = rnp_import_keys(context.get(), input.get(), what, nullptr);
    if (done != RNP_SUCCESS) return rnp_error("no OpenPGP key", done);
    return only_key(context);
}

}  // namespace

Result<OwnKey> make_key(const std::string& address) {
    const RnpTurn turn;
    const RnpContext context = new_context();
    if (!context) return no_memory();
    const auto key = generate(context, nullptr, address);
    if (!key.ok()) return key.error();
    const auto subkey = generate(context, key->get(), address);
    if (!subkey.ok()) return subkey.error();
    const RnpOutput output = output_of(kMostCertificateBytes);
    if (!output) return no_memory();
    const auto done =
        rnp_key_export(key->get(), output.get(), RNP_KEY_EXPORT_SECRET | RNP_KEY_EXPORT_SUBKEYS);
    if (done != RNP_SUCCESS) return rnp_error("a new key", done);
    return own_key(key->get(), Secret(bytes_of(output)));
}

Result<OwnKey> load_key(Secret secret) {
    const RnpTurn turn;
    const RnpContext context = new_context();
    const auto key =
        import_one(context, secret.reveal(), RNP_LOAD_SAVE_PUBLIC_KEYS | RNP_LOAD_SAVE_SECRET_KEYS);
    if (!key.ok()) return key.error();
    bool has_secret = false;
    (void)rnp_key_have_secret(key->get(), &has_secret);
    if (!has_secret) return bad_input("a key without its secret");
    return own_key(key->get(), std::move(secret));
}

Result<Certificate> read_certificate(std::string_view bytes) {
    if (bytes.size() > kMostCertificateBytes)
        return Error{Code::TooLarge, "a key of more than 16 KiB", false};
    const RnpTurn turn;
    const RnpContext context = new_context();
    const auto key = import_one(context, bytes, RNP_LOAD_SAVE_PUBLIC_KEYS);
    if (!key.ok()) return key.error();
    bool valid = false;
    bool signs = false;
    (void)rnp_key_is_valid(key->get(), &valid);
    (void)rnp_key_allows_usage(key->get(), "sign", &signs);
    if (!valid || !signs) return bad_input("a key that has expired or cannot sign");
    const auto subkey = encrypting_subkey(key->get());
    if (!subkey.ok()) return subkey.error();
    return certificate_of(key->get());
}

}  // namespace waypost::email::openpgp
