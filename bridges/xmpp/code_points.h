// SPDX-License-Identifier: Apache-2.0
// Which characters a PRECIS class takes (RFC 8264 sections 4, 8 and 9). Pure.
#pragma once

#include <cstdint>
#include <string_view>

namespace waypost::xmpp {

enum class Derived {
    Valid,       // in both classes
    FreeForm,    // in FreeformClass alone (ID_DIS or FREE_PVAL)
    Contextual,  // CONTEXTJ, CONTEXTO: where its neighbours allow it
    Disallowed,  // or not assigned
};
Derived derived_property(std::int32_t c);

// RFC 5892 appendix A: whether the contextual character at `at` may stand there.
bool context_allows(std::u32string_view text, std::size_t at);

}  // namespace waypost::xmpp
