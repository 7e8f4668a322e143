// SPDX-License-Identifier: Apache-2.0
#include "gateway/io/tls/server_context.h"

#include <Poco/Exception.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include "gateway/certificates/openssl_owners.h"

namespace waypost::tls {
namespace {

using openssl::Bio;
using openssl::Certificate;
using openssl::Freed;
using openssl::Key;

constexpr int kMostInChain = 10;
constexpr char kCiphers[] = "ECDHE+AESGCM:ECDHE+CHACHA20";  // of TLS 1.2; those of 1.3 are good

struct Chain {
    void operator()(STACK_OF(X509) * all) const { sk_X509_pop_free(all, X509_free); }
};
using Certificates = std::unique_ptr<STACK_OF(X509), Chain>;

Certificates certificates_in(std::string_view pem) {
    Certificates all(sk_X509_new_null());
    const Bio reader = openssl::reader_of(pem);
    while (all && reader && sk_X509_num(all.get()) < kMostInChain) {
        Certificate next(PEM_read_bio_X509(reader.get(), nullptr, nullptr, nullptr));
        if (!next || sk_X509_push(all.get(), next.get()) <= 0) break;
        next.release();  // NOLINT: the stack has it
    }
    ERR_clear_error();  // that there is no more is one
    return all;
}

// Nobody is asked for a password.
int no_password(char*, int, int, void*) { return -1; }

Poco::Net::Context::Ptr bare_context() {
    using Poco::Net::Context;
    Context::Params params;
    params.verificationMode = Context::VERIFY_NONE;
    params.cipherList = kCiphers;
    Context::Ptr context = new Context(Context::TLS_SERVER_USE, params);
    context->requireMinimumProtocol(Context::PROTO_TLSV1_2);
    SSL_CTX* ssl = context->sslContext();
    SSL_CTX_set_options(
        ssl, SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA);
    SSL_CTX_set_session_cache_mode(ssl, SSL_SESS_CACHE_OFF);  // tickets need no memory here
    return context;
}

}  // namespace

KeyAndChain joined(const Secret& key, const std::string& chain) {
    return {Secret(std::string(key.reveal()) + '\n' + chain)};
}

Result<Loaded> load(const KeyAndChain& from) {
    const std::string_view pem = from.pem.reveal();
    auto facts = certificate_facts(pem);
    if (!facts.ok()) return facts.error();
    const Certificates chain = certificates_in(pem);
    const Bio reader = openssl::reader_of(pem);
    const Key key(reader ? PEM_read_bio_PrivateKey(reader.get(), nullptr, no_password, nullptr)
                         : nullptr);
    ERR_clear_error();
    if (!key) return bad_input("there is no key in PEM, or it has a password");
    try {
        const auto context = bare_context();
        SSL_CTX* ssl = context->sslContext();
        if (SSL_CTX_use_certificate(ssl, sk_X509_value(chain.get(), 0)) != 1)
            return bad_input("the certificate cannot be used: its key is too weak");
        if (SSL_CTX_use_PrivateKey(ssl, key.get()) != 1 || SSL_CTX_check_private_key(ssl) != 1) {
            ERR_clear_error();
            return bad_input("the key is not the one of the certificate");
        }
        for (int i = 1; i < sk_X509_num(chain.get()); ++i) {
            if (SSL_CTX_add1_chain_cert(ssl, sk_X509_value(chain.get(), i)) != 1)
                return bad_input("the chain of the certificate cannot be used");
        }
        return Loaded{context, std::move(*facts)};
    } catch (const Poco::Exception& e) {
        return Error{Code::Internal, "TLS cannot be set up: " + e.displayText(), false};
    }
}

bool is_accepted(std::string_view pem, bool time_known) {
    const Certificates chain = certificates_in(pem);
    if (!chain || sk_X509_num(chain.get()) == 0) return false;
    const std::unique_ptr<X509_STORE, Freed<X509_STORE_free>> store(X509_STORE_new());
    const std::unique_ptr<X509_STORE_CTX, Freed<X509_STORE_CTX_free>> check(X509_STORE_CTX_new());
    if (!store || !check || X509_STORE_set_default_paths(store.get()) != 1 ||
        X509_STORE_CTX_init(check.get(), store.get(), sk_X509_value(chain.get(), 0), chain.get()) !=
            1 ||
        X509_STORE_CTX_set_default(check.get(), "ssl_server") != 1)
        return false;
    if (!time_known) X509_STORE_CTX_set_flags(check.get(), X509_V_FLAG_NO_CHECK_TIME);
    const bool good = X509_verify_cert(check.get()) == 1;
    ERR_clear_error();
    return good;
}

}  // namespace waypost::tls
