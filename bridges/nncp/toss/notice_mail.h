// SPDX-License-Identifier: Apache-2.0
// The mail that says that something came. Pure.
#pragma once

#include <string>

#include "bridges/nncp/node/node_config.h"

namespace waypost::nncp {

inline constexpr std::size_t kNoticeBytes = 256 * 1024;

// `subject` may have come from anybody: it becomes one encoded line (RFC 2047). `body` in base64.
std::string notice_mail(const Notice& notice, const std::string& subject, const std::string& body);

}  // namespace waypost::nncp
