// SPDX-License-Identifier: Apache-2.0
// Streams of batch SMTP. What is taken is written and read again as the same.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "bridges/nncp/batch_smtp.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace waypost::nncp;
    const auto mails = read_batch_smtp({reinterpret_cast<const char*>(data), size});
    if (!mails.ok()) return 0;
    const auto again = read_batch_smtp(batch_smtp(*mails, "x.test"));
    if (!again.ok() || again->size() != mails->size()) std::abort();
    for (std::size_t i = 0; i < mails->size(); ++i) {
        if ((*again)[i].bytes != (*mails)[i].bytes ||
            (*again)[i].recipients != (*mails)[i].recipients)
            std::abort();
    }
    return 0;
}
