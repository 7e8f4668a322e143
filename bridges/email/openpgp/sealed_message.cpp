// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/openpgp/sealed_message.h"

#include <cstring>

#include "bridges/email/openpgp/hidden_recipient.h"
#include "bridges/email/openpgp/rnp_types.h"

namespace waypost::email::openpgp {
namespace {

constexpr std::string_view kArmor = "-----BEGIN PGP MESSAGE-----";

Error no_memory() { return {Code::Internal, "no memory for an encrypted message", true}; }

Result<std::string> binary(std::string_view sealed) {
    if (sealed.find(kArmor) == std::string_view::npos) return std::string(sealed);
    const RnpInput input = input_of(sealed.substr(sealed.find(kArmor)));
    const RnpOutput output = output_of(sealed.size());
    if (!input || !output) return no_memory();
    const auto done = rnp_dearmor(input.get(), output.get());
    if (done != RNP_SUCCESS) return rnp_error("the armor", done);
    return bytes_of(output);
}

Result<void> import(const RnpContext& context, std::string_view bytes, std::uint32_t what) {
    const RnpInput input = input_of(bytes);
    if (!input) return no_memory();
    const auto done = rnp_import_keys(context.get(), input.get(), what, nullptr);
    if (done != RNP_SUCCESS) return rnp_error("a key", done);
    return {};
}

RnpKey find(const RnpContext& context, const std::string& fingerprint) {
    rnp_key_handle_t key = nullptr;
    (void)rnp_locate_key(context.get(), "fingerprint", fingerprint.c_str(), &key);
    return RnpKey(key);
}

// What librnp does for a message is bounded here, since nothing in a message is: five kilobytes
// can unfold into thousands of session keys and signatures, of which each costs a millisecond.
struct Work {
    const OpenLimits& limits;
    int tried = 0;    // session keys
    int signers = 0;  // asked for
};

// Our key is locked by this while it lies in a context, so that each use of it asks us.
constexpr char kLock[] = "-";
constexpr char kLockCipher[] = "AES128";
constexpr std::size_t kLockIterations = 1024;  // the fewest there are: nothing is kept secret by it

bool unlock(rnp_ffi_t, void* context, rnp_key_handle_t, const char*, char* password,
            std::size_t size) noexcept {
    auto& work = *static_cast<Work*>(context);
    if (++work.tried > work.limits.recipients || size < sizeof kLock) return false;
    std::memcpy(password, kLock, sizeof kLock);
    return true;
}

void count_signer(rnp_ffi_t, void* context, const char*, const char*, bool secret) noexcept {
    if (!secret) ++static_cast<Work*>(context)->signers;
}

Result<void> import_locked(const RnpContext& context, const OwnKey& own) {
    const auto imported =
        import(context, own.secret.reveal(), RNP_LOAD_SAVE_PUBLIC_KEYS | RNP_LOAD_SAVE_SECRET_KEYS);
    if (!imported.ok()) return imported;
    const RnpKey key = find(context, own.certificate.fingerprint);
    rnp_key_handle_t raw = nullptr;
    if (!key || rnp_key_get_default_key(key.get(), "encrypt", 0, &raw) != RNP_SUCCESS)
        return no_memory();
    const RnpKey subkey(raw);
    const auto locked = rnp_key_protect(raw, kLock, kLockCipher, nullptr, nullptr, kLockIterations);
    if (locked != RNP_SUCCESS) return rnp_error("a key", locked);
    (void)rnp_key_lock(raw);
    return {};
}

// The one key that signed; none where any signature is bad or there are several.
std::string signer_of(rnp_op_verify_t op) {
    std::size_t count = 0;
    if (rnp_op_verify_get_signature_count(op, &count) != RNP_SUCCESS || count != 1) return {};
    rnp_op_verify_signature_t signature = nullptr;
    if (rnp_op_verify_get_signature_at(op, 0, &signature) != RNP_SUCCESS) return {};
    if (rnp_op_verify_signature_get_status(signature) != RNP_SUCCESS) return {};
    rnp_key_handle_t raw = nullptr;
    if (rnp_op_verify_signature_get_key(signature, &raw) != RNP_SUCCESS || !raw) return {};
    const RnpKey key(raw);
    bool primary = false;
    (void)rnp_key_is_primary(raw, &primary);
    return primary ? text_of(rnp_key_get_fprint, raw) : text_of(rnp_key_get_primary_fprint, raw);
}

bool whole(rnp_op_verify_t op) {
    bool valid = false;
    return rnp_op_verify_get_protection_info(op, nullptr, nullptr, &valid) == RNP_SUCCESS && valid;
}

// Once, with these keys to check signatures by.
Result<OpenedMessage> decrypt(const std::string& message, const OwnKey& key,
                              const std::vector<Certificate>& signers, Work& work) {
    const RnpContext context = new_context();
    if (!context) return no_memory();
    const auto own = import_locked(context, key);
    if (!own.ok()) return own.error();
    for (const Certificate& each : signers)
        (void)import(context, each.bytes, RNP_LOAD_SAVE_PUBLIC_KEYS);
    (void)rnp_ffi_set_pass_provider(context.get(), unlock, &work);
    (void)rnp_ffi_set_key_provider(context.get(), count_signer, &work);
    const RnpInput input = input_of(message);
    const RnpOutput output = output_of(work.limits.opened_bytes);
    rnp_op_verify_t raw = nullptr;
    if (!input || !output ||
        rnp_op_verify_create(&raw, context.get(), input.get(), output.get()) != RNP_SUCCESS) {
        return no_memory();
    }
    const RnpVerify op(raw);
    (void)rnp_op_verify_set_flags(raw, RNP_VERIFY_IGNORE_SIGS_ON_DECRYPT);
    const auto done = rnp_op_verify_execute(raw);
    if (done != RNP_SUCCESS) return rnp_error("decrypting", done);
    if (!whole(raw)) return bad_input("decrypting: nothing proves that it is whole");
    return OpenedMessage{bytes_of(output), signer_of(raw)};
}

}  // namespace

// First without anybody's key: what is asked for then says how many signatures there are.
Result<OpenedMessage> open_message(std::string_view sealed, const OwnKey& key,
                                   const std::vector<Certificate>& signers,
                                   const OpenLimits& limits) {
    if (sealed.size() > limits.sealed_bytes)
        return Error{Code::TooLarge, "too large to be decrypted here", false};
    const RnpTurn turn;
    auto message = binary(sealed);
    if (!message.ok()) return message.error();
    const auto named = name_hidden_recipient(*message, key.encryption_id, limits.recipients);
    if (!named.ok()) return named.error();
    Work work{limits};
    auto opened = decrypt(*message, key, {}, work);
    if (!opened.ok()) return opened;
    opened->signer.clear();  // by our own key: not by anybody who writes to us
    if (signers.empty() || work.signers == 0 || work.signers > limits.signatures) return opened;
    Work again{limits};
    auto checked = decrypt(*message, key, signers, again);
    if (checked.ok() && checked->signer != key.certificate.fingerprint)
        opened->signer = checked->signer;
    return opened;
}

Result<std::string> seal_message(std::string_view plain, const Certificate& recipient,
                                 const OwnKey& signer) {
    const RnpTurn turn;
    const RnpContext context = new_context();
    if (!context) return no_memory();
    const auto own = import(context, signer.secret.reveal(),
                            RNP_LOAD_SAVE_PUBLIC_KEYS | RNP_LOAD_SAVE_SECRET_KEYS);
    if (!own.ok()) return own.error();
    const auto peer = import(context, recipient.bytes, RNP_LOAD_SAVE_PUBLIC_KEYS);
    if (!peer.ok()) return peer.error();
    const RnpKey from = find(context, signer.certificate.fingerprint);
    const RnpKey to = find(context, recipient.fingerprint);
    const RnpInput input = input_of(plain);
    const RnpOutput output = output_of(0);
    rnp_op_encrypt_t raw = nullptr;
    if (!from || !to || !input || !output ||
        rnp_op_encrypt_create(&raw, context.get(), input.get(), output.get()) != RNP_SUCCESS) {
        return no_memory();
    }
    const RnpEncrypt op(raw);
    const auto added = rnp_op_encrypt_add_recipient(raw, to.get());
    if (added != RNP_SUCCESS) return rnp_error("encrypting", added);
    const auto will_sign = rnp_op_encrypt_add_signature(raw, from.get(), nullptr);
    if (will_sign != RNP_SUCCESS) return rnp_error("encrypting", will_sign);
    (void)rnp_op_encrypt_set_hash(raw, "SHA256");
    (void)rnp_op_encrypt_set_cipher(raw, "AES256");
    (void)rnp_op_encrypt_set_aead(raw, "None");
    (void)rnp_op_encrypt_set_armor(raw, true);
    const auto done = rnp_op_encrypt_execute(raw);
    if (done != RNP_SUCCESS) return rnp_error("encrypting", done);
    return bytes_of(output);
}

}  // namespace waypost::email::openpgp
