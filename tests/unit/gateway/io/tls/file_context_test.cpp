// SPDX-License-Identifier: Apache-2.0
#include "gateway/io/tls/file_context.h"

#include <stdexcept>

#include "tests/unit/gateway/io/tls/pem_folder.h"

namespace waypost::tls {
namespace {

using FileContextTest = PemFolder;
using std::chrono::milliseconds;

TEST_F(FileContextTest, WhatFittedTogetherLastStaysInUse) {
    FileContext files(CertificateFiles(chain(), key()), "test", milliseconds(0));
    const auto first = files.context();
    EXPECT_EQ(files.context(), first);
    renew();
    const auto second = files.context();
    EXPECT_NE(second, first);
    write(chain(), "rubbish");
    EXPECT_EQ(files.context(), second);
    renew();
    EXPECT_NE(files.context(), second);
}

TEST_F(FileContextTest, DoesNotLookAtEachHandshake) {
    FileContext files(CertificateFiles(chain(), key()), "test", std::chrono::hours(1));
    const auto first = files.context();
    renew();
    EXPECT_EQ(files.context(), first);
}

TEST_F(FileContextTest, WithoutACertificateItDoesNotBegin) {
    write(chain(), "rubbish");
    EXPECT_THROW(FileContext(CertificateFiles(chain(), key()), "test"), std::runtime_error);
}

}  // namespace
}  // namespace waypost::tls
