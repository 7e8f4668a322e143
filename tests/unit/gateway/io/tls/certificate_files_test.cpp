// SPDX-License-Identifier: Apache-2.0
#include "gateway/io/tls/certificate_files.h"

#include <fstream>
#include <sstream>

#include "tests/unit/gateway/io/tls/pem_folder.h"

namespace waypost::tls {
namespace {

using CertificateFilesTest = PemFolder;

std::string text_in(const std::string& path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
}

TEST_F(CertificateFilesTest, AreReadAgainWhenOneOfThemChanges) {
    CertificateFiles files(chain(), key());
    EXPECT_TRUE(files.changed());
    EXPECT_FALSE(files.changed());
    EXPECT_TRUE(load(*files.read()).ok());
    const std::string old_key = text_in(key());
    renew();
    EXPECT_TRUE(files.changed());
    EXPECT_FALSE(files.changed());
    write(key(), old_key);
    EXPECT_TRUE(files.changed());
    EXPECT_FALSE(load(*files.read()).ok()) << "the key of another certificate";
    std::filesystem::remove(key());
    EXPECT_TRUE(files.changed());
    EXPECT_EQ(files.read().error().code, Code::NotFound);
}

TEST_F(CertificateFilesTest, BothMayStandInOne) {
    write(chain(), text_in(key()) + text_in(chain()));
    EXPECT_TRUE(load(*CertificateFiles(chain(), "").read()).ok());
}

TEST_F(CertificateFilesTest, AKeyForEverybodyIsNone) {
    std::filesystem::permissions(key(), std::filesystem::perms(0644));
    const auto read = CertificateFiles(chain(), key()).read();
    ASSERT_FALSE(read.ok());
    EXPECT_NE(read.error().text.find("chmod o-r"), std::string::npos);
}

TEST_F(CertificateFilesTest, WhatIsTooLargeIsNotRead) {
    write(chain(), std::string(kMostPemBytes + 1, 'x'));
    EXPECT_FALSE(CertificateFiles(chain(), key()).read().ok());
    EXPECT_FALSE(read_pem(chain()).ok());
}

}  // namespace
}  // namespace waypost::tls
