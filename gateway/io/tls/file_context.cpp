// SPDX-License-Identifier: Apache-2.0
#include "gateway/io/tls/file_context.h"

#include <stdexcept>

#include "gateway/base/local_time.h"
#include "gateway/base/log.h"

namespace waypost::tls {

FileContext::FileContext(CertificateFiles files, std::string component,
                         std::chrono::milliseconds look)
    : files_(std::move(files)),
      component_(std::move(component)),
      look_(look),
      looked_(Steady::now()) {
    (void)files_.changed();
    const auto used = use();
    if (!used.ok()) throw std::runtime_error(files_.certificate() + ": " + used.error().text);
}

Poco::Net::Context::Ptr FileContext::context() {
    const auto now = Steady::now();
    if (now - looked_ < look_) return context_;
    looked_ = now;
    if (!files_.changed()) return context_;
    const auto used = use();
    if (!used.ok())
        log(Level::Error, component_, "certificate-not-taken",
            {{"file", files_.certificate()}, {"why", used.error().text}});
    return context_;
}

Result<void> FileContext::use() {
    const auto pem = files_.read();
    if (!pem.ok()) return pem.error();
    auto loaded = load(*pem);
    if (!loaded.ok()) return loaded.error();
    context_ = loaded->context;
    log(Level::Info, component_, "certificate",
        {{"issuer", loaded->facts.issuer}, {"until", local_date_time(loaded->facts.not_after_ms)}});
    return {};
}

}  // namespace waypost::tls
