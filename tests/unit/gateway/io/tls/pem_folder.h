// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <string>

#include "gateway/base/durable_file.h"
#include "gateway/certificates/certificate.h"

namespace waypost::tls {

// A certificate of village.test and its key, in files.
class PemFolder : public ::testing::Test {
  protected:
    PemFolder() {
        std::filesystem::create_directories(folder_);
        renew();
    }
    ~PemFolder() override { std::filesystem::remove_all(folder_); }
    std::string chain() const { return folder_ + "/chain.pem"; }
    std::string key() const { return folder_ + "/key.pem"; }
    static void write(const std::string& path, const std::string& text, unsigned mode = 0600) {
        ASSERT_TRUE(write_durably({path, text, mode}).ok());
    }
    void renew() {
        const auto made = make_certificate({"village.test"}, {});
        write(key(), std::string(made->key.reveal()));
        write(chain(), made->text);
    }
    const std::string folder_ = testing::TempDir() + "pem-" + std::to_string(::getpid());
};

}  // namespace waypost::tls
