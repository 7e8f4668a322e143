// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/mailserver/certificate.h"

#include <chrono>

#include "gateway/base/own_file.h"

namespace waypost::email {
namespace {

std::string mark(const char* what) { return std::string("# ") + kOursMark + ": " + what + '\n'; }

}  // namespace

Result<void> make_certificate(const std::vector<std::string>& names,
                              const std::vector<std::string>& addresses,
                              const std::string& certificate_file, const std::string& key_file) {
    for (const std::string* file : {&certificate_file, &key_file}) {
        if (auto may = may_write(*file); !may.ok()) return may;
    }
    const auto made = waypost::make_certificate(names, addresses);
    if (!made.ok()) return made.error();
    const auto wrote = write_own_file(
        {key_file, mark("the key of its certificate") + std::string(made->key.reveal()), 0600, {}});
    if (!wrote.ok()) return wrote;
    return write_own_file({certificate_file, mark("its own certificate") + made->text, 0644, {}});
}

Result<CertificateInfo> look_at_certificate(const std::string& certificate_file) {
    const auto text = read_file(certificate_file);
    if (!text.ok()) return text.error();
    const auto facts = certificate_facts(*text);
    if (!facts.ok()) return bad_input(certificate_file + ": " + facts.error().text);
    const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::system_clock::now().time_since_epoch());
    return CertificateInfo{*facts, days_until(facts->not_after_ms, now.count())};
}

}  // namespace waypost::email
