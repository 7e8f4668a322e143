// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/dkim_signer.h"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <sys/types.h>

#include <cstdbool>
extern "C" {
#ifndef _Bool
#define _Bool bool
#endif
#include <dkim.h>
}

#include <stdexcept>

#include "gateway/message/text.h"

namespace waypost::email {
namespace {

constexpr int kLeastRsaBits = 1024;       // RFC 8301 3.2; 2048 are advised
constexpr std::size_t kInitialLine = 16;  // "DKIM-Signature: "

// RFC 6376 5.4.1, and what a mail program reads besides.
const char* const kSigned[] = {"From",           "Reply-To",     "Subject",
                               "Date",           "To",           "Cc",
                               "Message-ID",     "In-Reply-To",  "References",
                               "MIME-Version",   "Content-Type", "Content-Transfer-Encoding",
                               "Auto-Submitted", nullptr};
// What a reader sees first: a second one put on top would be shown instead (RFC 6376 8.15).
const char* const kOversigned[] = {"From", "To", "Subject", nullptr};

struct FreeKey {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
struct FreeBio {
    void operator()(BIO* bio) const { BIO_free(bio); }
};
struct FreeSignature {
    void operator()(DKIM* dkim) const { dkim_free(dkim); }
};
using Signature = std::unique_ptr<DKIM, FreeSignature>;

int no_passphrase(char*, int, int, void*) { return 0; }  // never ask a terminal

// Which algorithm a key is for, or why it is for none.
dkim_alg_t algorithm_of(std::string_view pem) {
    const std::unique_ptr<BIO, FreeBio> bio(
        BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    const std::unique_ptr<EVP_PKEY, FreeKey> key(
        PEM_read_bio_PrivateKey(bio.get(), nullptr, no_passphrase, nullptr));
    if (!key) throw std::runtime_error("dkim_key: no private key in PEM");
    if (EVP_PKEY_base_id(key.get()) == EVP_PKEY_ED25519) return DKIM_SIGN_ED25519SHA256;
    if (EVP_PKEY_base_id(key.get()) != EVP_PKEY_RSA)
        throw std::runtime_error("dkim_key: neither RSA nor Ed25519");
    if (EVP_PKEY_bits(key.get()) < kLeastRsaBits)
        throw std::runtime_error("dkim_key: RSA of less than 1024 bits is worth nothing");
    return DKIM_SIGN_RSASHA256;
}

// The C interface takes what it only reads as not const.
unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<unsigned char*>(const_cast<char*>(text.data()));
}

}  // namespace

struct DkimSigner::Library {
    DKIM_LIB* handle = dkim_init(nullptr, nullptr);
    Library() {
        if (handle == nullptr) throw std::runtime_error("libopendkim does not start");
        set(DKIM_OPTS_SIGNHDRS, kSigned);
        set(DKIM_OPTS_OVERSIGNHDRS, kOversigned);
    }
    ~Library() { dkim_close(handle); }
    Library(const Library&) = delete;
    Library& operator=(const Library&) = delete;
    template <std::size_t N>
    void set(dkim_opts_t option, const char* const (&names)[N]) {
        if (dkim_options(handle, DKIM_OP_SETOPT, option, const_cast<const char**>(names),
                         sizeof(const char**)) != DKIM_STAT_OK) {
            throw std::runtime_error("libopendkim does not take its options");
        }
    }
};

DkimSigner::DkimSigner(std::string domain, std::string selector, Secret key)
    : domain_(lower_ascii(domain)),
      selector_(std::move(selector)),
      key_(std::move(key)),
      algorithm_(algorithm_of(key_.reveal())),
      library_(std::make_unique<Library>()) {
    if (algorithm_ == DKIM_SIGN_ED25519SHA256 &&
        !dkim_libfeature(library_->handle, DKIM_FEATURE_ED25519))
        throw std::runtime_error("dkim_key: this libopendkim knows no Ed25519");
    // Better no start than mails without the signature that the operator believes they have.
    const auto tried = signature("From: <postmaster@" + domain_ + ">\r\n\r\nx\r\n");
    if (!tried.ok()) throw std::runtime_error("dkim_key: " + tried.error().text);
}

DkimSigner::~DkimSigner() = default;

void DkimSigner::check_key(const Secret& key) { algorithm_of(key.reveal()); }

bool DkimSigner::signs_for(std::string_view from_domain) const {
    const std::string domain = lower_ascii(from_domain);
    if (domain == domain_) return true;
    return domain.size() > domain_.size() + 1 &&
           domain.compare(domain.size() - domain_.size() - 1, std::string::npos, '.' + domain_) ==
               0;
}

Result<std::string> DkimSigner::signature(std::string_view mail) const {
    const auto failed = [](const char* why) {
        return Error{Code::Internal, std::string("the mail cannot be signed: ") + why, true};
    };
    const std::string key(key_.reveal());  // with the final NUL that the library wants
    DKIM_STAT status = DKIM_STAT_OK;
    const Signature dkim(dkim_sign(library_->handle, bytes_of("waypost"), nullptr, bytes_of(key),
                                   bytes_of(selector_), bytes_of(domain_), DKIM_CANON_RELAXED,
                                   DKIM_CANON_RELAXED, algorithm_, -1, &status));
    if (!dkim) return failed(dkim_getresultstr(status));
    status = dkim_chunk(dkim.get(), bytes_of(mail), mail.size());
    if (status == DKIM_STAT_OK) status = dkim_chunk(dkim.get(), nullptr, 0);
    if (status == DKIM_STAT_OK) status = dkim_eom(dkim.get(), nullptr);
    unsigned char* value = nullptr;
    std::size_t length = 0;
    if (status == DKIM_STAT_OK)
        status = dkim_getsighdr_d(dkim.get(), kInitialLine, &value, &length);
    if (status != DKIM_STAT_OK) return failed(dkim_getresultstr(status));
    std::string field = "DKIM-Signature: ";
    for (std::size_t i = 0; i < length; ++i) {
        const char c = static_cast<char>(value[i]);
        if (c == '\r') continue;
        if (c == '\n') field += '\r';
        field += c;
    }
    return field + "\r\n";
}

}  // namespace waypost::email
