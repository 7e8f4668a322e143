// SPDX-License-Identifier: Apache-2.0
#include "tests/fakes/loopback_tls.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "gateway/certificates/certificate.h"

namespace waypost {

std::string new_test_folder() {
    std::string name = (std::filesystem::temp_directory_path() / "waypost-test-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no folder for a test");
    return name;
}

Poco::Net::Context::Ptr loopback_tls(const std::string& folder) {
    const auto made = make_certificate({"localhost"}, {"127.0.0.1"});
    if (!made.ok()) throw std::runtime_error(made.error().text);
    std::ofstream(folder + "/cert.pem") << made->text;
    std::ofstream(folder + "/key.pem") << made->key.reveal();
    Poco::Net::Context::Params params;
    params.privateKeyFile = folder + "/key.pem";
    params.certificateFile = folder + "/cert.pem";
    params.verificationMode = Poco::Net::Context::VERIFY_NONE;
    return new Poco::Net::Context(Poco::Net::Context::TLS_SERVER_USE, params);
}

}  // namespace waypost
