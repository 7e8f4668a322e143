// SPDX-License-Identifier: Apache-2.0
#include "gateway/certificates/certificate.h"

#include <arpa/inet.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rand.h>

#include <algorithm>
#include <array>

#include "gateway/certificates/openssl_owners.h"
#include "gateway/message/text.h"

namespace waypost {
namespace {

using openssl::Bio;
using openssl::Extension;
using openssl::Key;

constexpr long kDay = 24 * 60 * 60;
constexpr long kValidDays = 820;
constexpr int kSerialBytes = 16;

Error failed(const std::string& what) { return {Code::Internal, "OpenSSL cannot " + what, false}; }

bool add(X509* certificate, int what, const std::string& value) {
    const Extension extension(X509V3_EXT_conf_nid(nullptr, nullptr, what, value.c_str()));
    return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

bool set_serial(X509* certificate) {
    std::array<unsigned char, kSerialBytes> bytes{};
    if (RAND_bytes(bytes.data(), kSerialBytes) != 1) return false;
    bytes[0] &= 0x7f;  // positive: RFC 5280 4.1.2.2
    const openssl::Number number(BN_bin2bn(bytes.data(), kSerialBytes, nullptr));
    return number && BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate));
}

// A common name has 64 letters at most; the names that count stand in the extension.
bool set_common_name(X509_NAME* subject, const std::string& name) {
    const auto* text = reinterpret_cast<const unsigned char*>(name.c_str());
    return name.size() > ub_common_name ||
           X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, text, -1, -1, 0) == 1;
}

bool fill(X509* x, EVP_PKEY* key, const std::string& name, const std::string& alternatives) {
    X509_NAME* subject = X509_get_subject_name(x);
    return X509_set_version(x, X509_VERSION_3) == 1 && set_serial(x) &&
           X509_gmtime_adj(X509_getm_notBefore(x), -kDay) != nullptr &&
           X509_gmtime_adj(X509_getm_notAfter(x), (kValidDays - 1) * kDay) != nullptr &&
           set_common_name(subject, name) && X509_set_issuer_name(x, subject) == 1 &&
           X509_set_pubkey(x, key) == 1 && add(x, NID_subject_alt_name, alternatives) &&
           add(x, NID_basic_constraints, "critical,CA:FALSE") &&
           add(x, NID_ext_key_usage, "serverAuth") && X509_sign(x, key, EVP_sha256()) > 0;
}

bool fill(X509_REQ* x, EVP_PKEY* key, const std::string& name, const std::string& alternatives) {
    const Extension extension(
        X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, alternatives.c_str()));
    const openssl::Extensions all(sk_X509_EXTENSION_new_null());
    return extension && all && sk_X509_EXTENSION_push(all.get(), extension.get()) > 0 &&
           X509_REQ_set_version(x, X509_REQ_VERSION_1) == 1 &&
           set_common_name(X509_REQ_get_subject_name(x), name) &&
           X509_REQ_add_extensions(x, all.get()) == 1 && X509_REQ_set_pubkey(x, key) == 1 &&
           X509_REQ_sign(x, key, EVP_sha256()) > 0;
}

// "DNS:a.example,IP:192.0.2.1"; OpenSSL would read what follows a comma as one more.
Result<std::string> alternatives_of(const std::vector<std::string>& names,
                                    const std::vector<std::string>& addresses) {
    std::string all;
    const auto add_all = [&](const char* kind, const std::vector<std::string>& some) {
        for (const std::string& each : some) {
            if (each.empty() || each.find_first_of(",\n\r") != std::string::npos) return false;
            all += (all.empty() ? "" : ",") + std::string(kind) + each;
        }
        return true;
    };
    if (!add_all("DNS:", names) || !add_all("IP:", addresses) || names.empty())
        return bad_input("a certificate is for names without commas, one at least");
    return all;
}

Result<Secret> text_of_key(EVP_PKEY* key) {
    const Bio text(BIO_new(BIO_s_secmem()));
    if (!text ||
        PEM_write_bio_PKCS8PrivateKey(text.get(), key, nullptr, nullptr, 0, nullptr, nullptr) != 1)
        return failed("write a key");
    return Secret(openssl::text_of(text.get()));
}

// With a new key.
template <class X, class Write>
Result<KeyAnd> make(X* x, const std::vector<std::string>& names,
                    const Result<std::string>& alternatives, Write write) {
    if (!alternatives.ok()) return alternatives.error();
    const Key key(EVP_EC_gen("P-256"));
    const Bio text(BIO_new(BIO_s_mem()));
    if (x == nullptr || !key || !text || !fill(x, key.get(), names.front(), *alternatives) ||
        write(text.get(), x) != 1)
        return failed("make a certificate for " + *alternatives);
    auto key_text = text_of_key(key.get());
    if (!key_text.ok()) return key_text.error();
    return KeyAnd{std::move(*key_text), openssl::text_of(text.get())};
}

// -1: no time. Without time_t, which on 32-bit machines ends in 2038.
std::int64_t ms_of(const ASN1_TIME* time) {
    const openssl::Time epoch(ASN1_TIME_set(nullptr, 0));
    int days = 0;
    int seconds = 0;
    if (!epoch || ASN1_TIME_diff(&days, &seconds, epoch.get(), time) != 1) return -1;
    return (std::int64_t{days} * kDay + seconds) * 1000;
}

std::vector<std::string> names_of(const X509* x) {
    std::vector<std::string> names;
    const openssl::Names all(
        static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(x, NID_subject_alt_name, nullptr, nullptr)));
    for (int i = 0; all && i < sk_GENERAL_NAME_num(all.get()); ++i) {
        const GENERAL_NAME* each = sk_GENERAL_NAME_value(all.get(), i);
        if (each->type == GEN_DNS) {
            const auto* text = ASN1_STRING_get0_data(each->d.dNSName);
            names.emplace_back(reinterpret_cast<const char*>(text),
                               static_cast<std::size_t>(ASN1_STRING_length(each->d.dNSName)));
        } else if (each->type == GEN_IPADD) {
            const int family = ASN1_STRING_length(each->d.iPAddress) == 4 ? AF_INET : AF_INET6;
            std::array<char, INET6_ADDRSTRLEN> text{};
            if (::inet_ntop(family, ASN1_STRING_get0_data(each->d.iPAddress), text.data(),
                            text.size()) != nullptr)
                names.emplace_back(text.data());
        }
    }
    return names;
}

std::string entry_of(const X509_NAME* name, int what) {
    const int at = X509_NAME_get_index_by_NID(name, what, -1);
    if (at < 0) return {};
    unsigned char* bytes = nullptr;
    const int size =
        ASN1_STRING_to_UTF8(&bytes, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at)));
    if (size < 0) return {};
    std::string text(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
    OPENSSL_free(bytes);
    return text;
}

std::string fingerprint_of(const X509* x) {
    static constexpr char kDigits[] = "0123456789ABCDEF";
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    if (X509_digest(x, EVP_sha256(), digest.data(), &size) != 1) return {};
    std::string text;
    for (unsigned i = 0; i < size; ++i) {
        if (i > 0) text += ':';
        text += kDigits[digest[i] >> 4];
        text += kDigits[digest[i] & 15];
    }
    return text;
}

}  // namespace

Result<KeyAnd> make_certificate(const std::vector<std::string>& names,
                                const std::vector<std::string>& addresses) {
    const openssl::Certificate x(X509_new());
    return make(x.get(), names, alternatives_of(names, addresses),
                [](BIO* out, X509* made) { return PEM_write_bio_X509(out, made); });
}

Result<KeyAnd> make_request(const std::vector<std::string>& names) {
    const openssl::Request x(X509_REQ_new());
    return make(x.get(), names, alternatives_of(names, {}),
                [](BIO* out, X509_REQ* made) { return PEM_write_bio_X509_REQ(out, made); });
}

Result<CertificateFacts> certificate_facts(std::string_view pem) {
    if (pem.size() > kMostPemBytes) return bad_input("a certificate has 256 KiB at most");
    const Bio reader = openssl::reader_of(pem);
    const openssl::Certificate x(reader ? PEM_read_bio_X509(reader.get(), nullptr, nullptr, nullptr)
                                        : nullptr);
    if (!x) return bad_input("there is no certificate in PEM");
    CertificateFacts facts;
    facts.names = names_of(x.get());
    const X509_NAME* issuer = X509_get_issuer_name(x.get());
    facts.issuer = entry_of(issuer, NID_commonName);
    if (facts.issuer.empty()) facts.issuer = entry_of(issuer, NID_organizationName);
    facts.fingerprint = fingerprint_of(x.get());
    facts.not_before_ms = ms_of(X509_get0_notBefore(x.get()));
    facts.not_after_ms = ms_of(X509_get0_notAfter(x.get()));
    if (facts.not_before_ms < 0 || facts.not_after_ms < 0)
        return bad_input("the certificate does not say from when to when it is good");
    return facts;
}

int days_until(std::int64_t not_after_ms, std::int64_t now_ms) {
    constexpr std::int64_t kDayMs = kDay * 1000;
    const std::int64_t left = not_after_ms - now_ms;
    return static_cast<int>(left >= 0 ? left / kDayMs : -((-left + kDayMs - 1) / kDayMs));
}

bool is_for(const CertificateFacts& facts, const std::string& host) {
    const std::string wanted = lower_ascii(host);
    const std::size_t dot = wanted.find('.');
    const std::string any = dot == std::string::npos ? std::string() : '*' + wanted.substr(dot);
    return std::any_of(facts.names.begin(), facts.names.end(), [&](const std::string& each) {
        const std::string name = lower_ascii(each);
        return name == wanted || (!any.empty() && dot > 0 && name == any);
    });
}

const std::string* lacked_name(const CertificateFacts& facts,
                               const std::vector<std::string>& names) {
    const auto found = std::find_if(names.begin(), names.end(),
                                    [&](const std::string& each) { return !is_for(facts, each); });
    return found == names.end() ? nullptr : &*found;
}

}  // namespace waypost
