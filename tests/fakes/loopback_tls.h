// SPDX-License-Identifier: Apache-2.0
// What servers of tests speak TLS with: a folder with cert.pem and key.pem, for "localhost" and
// 127.0.0.1, its own authority.
#pragma once

#include <Poco/Net/Context.h>

#include <string>

namespace waypost {

std::string new_test_folder();  // the caller removes it
Poco::Net::Context::Ptr loopback_tls(const std::string& folder);

}  // namespace waypost
