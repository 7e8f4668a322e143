// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/opener.h"

namespace waypost::email {

Result<std::unique_ptr<SmtpClient>> FixedOpener::open(const OpenClient& open_client) {
    const auto later = [](Error error) {
        error.retry = true;
        return error;
    };
    auto wire = connect(target_);
    if (!wire.ok()) return later(wire.error());
    auto client = std::make_unique<SmtpClient>(std::move(*wire), target_, own_name_, login_);
    if (const auto opened = open_client(*client); !opened.ok()) return later(opened.error());
    return {std::move(client)};
}

}  // namespace waypost::email
