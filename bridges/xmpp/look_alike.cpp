// SPDX-License-Identifier: Apache-2.0
#include <unicode/uspoof.h>

#include <memory>
#include <stdexcept>

#include "bridges/xmpp/jid.h"
#include "gateway/message/text.h"

namespace waypost::xmpp {
namespace {

struct CloseChecker {
    void operator()(USpoofChecker* checker) const { uspoof_close(checker); }
};

// Many threads may check at once with one that nobody changes.
const USpoofChecker* checker() {
    static const std::unique_ptr<USpoofChecker, CloseChecker> instance = [] {
        UErrorCode status = U_ZERO_ERROR;
        std::unique_ptr<USpoofChecker, CloseChecker> made(uspoof_open(&status));
        uspoof_setChecks(made.get(), USPOOF_RESTRICTION_LEVEL | USPOOF_INVISIBLE, &status);
        uspoof_setRestrictionLevel(made.get(), USPOOF_HIGHLY_RESTRICTIVE);
        if (U_FAILURE(status)) throw std::runtime_error("ICU lacks its tables of look-alikes");
        return made;
    }();
    return instance.get();
}

}  // namespace

bool mixes_scripts(std::string_view local) {
    if (is_ascii(local)) return false;
    if (!is_utf8(local)) return true;
    UErrorCode status = U_ZERO_ERROR;
    const auto size = static_cast<std::int32_t>(local.size());
    return uspoof_checkUTF8(checker(), local.data(), size, nullptr, &status) != 0 ||
           U_FAILURE(status);
}

std::string skeleton(std::string_view local) {
    UErrorCode status = U_ZERO_ERROR;
    const auto size = static_cast<std::int32_t>(local.size());
    const std::int32_t needed =
        uspoof_getSkeletonUTF8(checker(), 0, local.data(), size, nullptr, 0, &status);
    if (status != U_BUFFER_OVERFLOW_ERROR && U_FAILURE(status)) return {};
    std::string out(static_cast<std::size_t>(needed), '\0');
    status = U_ZERO_ERROR;
    uspoof_getSkeletonUTF8(checker(), 0, local.data(), size, out.data(), needed, &status);
    return U_FAILURE(status) ? std::string() : out;
}

}  // namespace waypost::xmpp
