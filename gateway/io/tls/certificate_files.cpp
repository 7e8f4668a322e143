// SPDX-License-Identifier: Apache-2.0
#include "gateway/io/tls/certificate_files.h"

#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <fstream>

namespace waypost::tls {
namespace {

// Which file it is, and when it changed last.
std::string state_of(const std::string& path) {
    struct stat info {};
    if (::stat(path.c_str(), &info) != 0) return std::strerror(errno);
    return std::to_string(info.st_ino) + ' ' + std::to_string(info.st_size) + ' ' +
           std::to_string(info.st_mtim.tv_sec) + '.' + std::to_string(info.st_mtim.tv_nsec) + ' ' +
           std::to_string(info.st_ctim.tv_sec) + '.' + std::to_string(info.st_ctim.tv_nsec);
}

bool others_read(const std::string& path) {
    struct stat info {};
    return ::stat(path.c_str(), &info) == 0 && (info.st_mode & S_IROTH) != 0;
}

}  // namespace

Result<std::string> read_pem(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file)
        return Error{Code::NotFound, "cannot read " + path + ": " + std::strerror(errno), true};
    std::string text(kMostPemBytes + 1, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(file.gcount()));
    if (text.size() > kMostPemBytes) return bad_input(path + " is larger than 256 KiB");
    return text;
}

bool CertificateFiles::changed() {
    std::string now = state_of(certificate_) + '\n' + state_of(key_);
    if (now == seen_) return false;
    seen_ = std::move(now);
    return true;
}

Result<KeyAndChain> CertificateFiles::read() const {
    const auto chain = read_pem(certificate_);
    if (!chain.ok()) return chain.error();
    const std::string& key_file = key_.empty() ? certificate_ : key_;
    if (others_read(key_file))
        return bad_input("everybody on the machine can read the key: chmod o-r " + key_file);
    if (key_.empty()) return KeyAndChain{Secret(*chain)};
    auto key = read_pem(key_);
    if (!key.ok()) return key.error();
    return joined(Secret(std::move(*key)), *chain);
}

}  // namespace waypost::tls
