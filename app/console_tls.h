// SPDX-License-Identifier: Apache-2.0
// The console's certificate and addresses, as [console] says.
#pragma once

#include <memory>

#include "gateway/config/config.h"
#include "gateway/delivery/office.h"
#include "web/site/site.h"

namespace waypost {

// Throws as certificate_keeper() does; no file is touched.
void check_console_tls(const Config& config);
// Null where [console] has no tls_listen. Throws std::runtime_error with a sentence for the
// operator. `office` outlives it.
std::shared_ptr<tls::CertificateKeeper> certificate_keeper(const Config& config,
                                                           GatewayOffice& office);
site::SiteOptions site_options(const Config& config,
                               std::shared_ptr<tls::CertificateKeeper> certificates);

}  // namespace waypost
