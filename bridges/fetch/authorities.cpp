// SPDX-License-Identifier: Apache-2.0
#include "bridges/fetch/authorities.h"

#include <openssl/err.h>
#include <openssl/x509_vfy.h>
#include <sys/stat.h>

namespace waypost {

std::shared_ptr<X509_STORE> Authorities::store() {
    const std::lock_guard lock(mutex_);
    struct stat now {};
    if (::stat(file_.c_str(), &now) != 0) return nullptr;
    const Version version{now.st_dev, now.st_ino, now.st_mtim.tv_sec, now.st_mtim.tv_nsec};
    if (store_ && version == version_) return store_;
    store_.reset();
    std::shared_ptr<X509_STORE> fresh(::X509_STORE_new(), ::X509_STORE_free);
    const bool read = fresh && ::X509_STORE_load_file(fresh.get(), file_.c_str()) == 1;
    ::ERR_clear_error();
    if (!read) return nullptr;
    // As libcurl does: an authority in the file counts though it is not the last of its chain.
    ::X509_STORE_set_flags(fresh.get(), X509_V_FLAG_TRUSTED_FIRST | X509_V_FLAG_PARTIAL_CHAIN);
    version_ = version;
    return store_ = std::move(fresh);
}

}  // namespace waypost
