// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/mailserver/certificate.h"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <array>
#include <memory>

#include "bridges/email/mailserver/own_files.h"

namespace waypost::email {
namespace {

constexpr long kDay = 24 * 60 * 60;
constexpr long kValidDays = 820;
constexpr int kSerialBytes = 16;

template <auto Free>
struct Freed {
    template <class T>
    void operator()(T* value) const {
        Free(value);
    }
};
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Freed<X509_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, Freed<X509_EXTENSION_free>>;
using Bio = std::unique_ptr<BIO, Freed<BIO_free_all>>;

Error failed(const std::string& what) { return {Code::Internal, "OpenSSL cannot " + what, false}; }

bool add(X509* certificate, int what, const std::string& value) {
    const Extension extension(X509V3_EXT_conf_nid(nullptr, nullptr, what, value.c_str()));
    return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

bool set_serial(X509* certificate) {
    std::array<unsigned char, kSerialBytes> bytes{};
    if (RAND_bytes(bytes.data(), kSerialBytes) != 1) return false;
    bytes[0] &= 0x7f;  // positive: RFC 5280 4.1.2.2
    std::unique_ptr<BIGNUM, Freed<BN_free>> number(BN_bin2bn(bytes.data(), kSerialBytes, nullptr));
    return number && BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate));
}

std::string text_of(BIO* bio) {
    char* bytes = nullptr;
    const long size = BIO_get_mem_data(bio, &bytes);
    return size > 0 ? std::string(bytes, static_cast<std::size_t>(size)) : std::string();
}

bool fill(X509* x, EVP_PKEY* key, const std::string& name, const std::string& alternatives) {
    X509_NAME* subject = X509_get_subject_name(x);
    const auto* common = reinterpret_cast<const unsigned char*>(name.c_str());
    // A common name has 64 letters at most; the names that count stand in the extension.
    const bool fits = name.size() <= ub_common_name;
    return X509_set_version(x, X509_VERSION_3) == 1 && set_serial(x) &&
           X509_gmtime_adj(X509_getm_notBefore(x), -kDay) != nullptr &&
           X509_gmtime_adj(X509_getm_notAfter(x), (kValidDays - 1) * kDay) != nullptr &&
           (!fits || X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, common, -1, -1, 0)) &&
           X509_set_issuer_name(x, subject) == 1 && X509_set_pubkey(x, key) == 1 &&
           add(x, NID_subject_alt_name, alternatives) &&
           add(x, NID_basic_constraints, "critical,CA:FALSE") &&
           add(x, NID_ext_key_usage, "serverAuth") && X509_sign(x, key, EVP_sha256()) > 0;
}

std::string mark(const char* what) { return std::string("# ") + kOursMark + ": " + what + '\n'; }

}  // namespace

Result<void> make_certificate(const std::vector<std::string>& names,
                              const std::vector<std::string>& addresses,
                              const std::string& certificate_file, const std::string& key_file) {
    for (const std::string* file : {&certificate_file, &key_file}) {
        if (auto may = may_write(*file); !may.ok()) return may;
    }
    std::string alternatives;
    for (const std::string& name : names)
        alternatives += (alternatives.empty() ? "DNS:" : ",DNS:") + name;
    for (const std::string& address : addresses)
        alternatives += (alternatives.empty() ? "IP:" : ",IP:") + address;
    const Key key(EVP_EC_gen("P-256"));
    const Certificate certificate(X509_new());
    if (!key || !certificate || names.empty() ||
        !fill(certificate.get(), key.get(), names.front(), alternatives)) {
        return failed("make a certificate for " + alternatives);
    }
    const Bio key_text(BIO_new(BIO_s_secmem()));
    const Bio text(BIO_new(BIO_s_mem()));
    if (!key_text || !text ||
        PEM_write_bio_PKCS8PrivateKey(key_text.get(), key.get(), nullptr, nullptr, 0, nullptr,
                                      nullptr) != 1 ||
        PEM_write_bio_X509(text.get(), certificate.get()) != 1) {
        return failed("write a certificate");
    }
    const auto wrote = write_own_file(
        {key_file, mark("the key of its certificate") + text_of(key_text.get()), 0600, {}});
    if (!wrote.ok()) return wrote;
    return write_own_file(
        {certificate_file, mark("its own certificate") + text_of(text.get()), 0644, {}});
}

Result<CertificateInfo> look_at_certificate(const std::string& certificate_file) {
    const Bio file(BIO_new_file(certificate_file.c_str(), "r"));
    if (!file) return Error{Code::NotFound, "cannot read " + certificate_file, false};
    const Certificate certificate(PEM_read_bio_X509(file.get(), nullptr, nullptr, nullptr));
    if (!certificate) return bad_input(certificate_file + " holds no certificate in PEM");
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    int days = 0;
    int seconds = 0;
    if (X509_digest(certificate.get(), EVP_sha256(), digest.data(), &size) != 1 ||
        ASN1_TIME_diff(&days, &seconds, nullptr, X509_get0_notAfter(certificate.get())) != 1) {
        return failed("read " + certificate_file);
    }
    CertificateInfo info;
    info.days_left = days;
    for (unsigned i = 0; i < size; ++i) {
        static constexpr char kDigits[] = "0123456789ABCDEF";
        if (i > 0) info.fingerprint += ':';
        info.fingerprint += kDigits[digest[i] >> 4];
        info.fingerprint += kDigits[digest[i] & 15];
    }
    return info;
}

}  // namespace waypost::email
