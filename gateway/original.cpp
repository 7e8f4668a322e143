// SPDX-License-Identifier: Apache-2.0
#include "gateway/original.h"

#include "gateway/transport.h"

namespace waypost {
namespace {

// No more come: an error only where they would another time.
Result<void> ended_by(const Error& error) {
    return error.retry ? Result<void>(error) : Result<void>();
}

}  // namespace

Result<void> each_attachment(Office& office, const Body& original, const OpenAttachment& open,
                             std::size_t most,
                             const std::function<Result<void>(AttachmentContent& content)>& take) {
    for (std::size_t number = 1; number <= most; ++number) {
        auto bytes = office.open_body(original);
        if (!bytes.ok()) return ended_by(bytes.error());
        const auto content = open(std::move(*bytes), number);
        if (!content.ok()) return ended_by(content.error());
        auto taken = take(**content);
        if (!taken.ok()) return taken;
    }
    return {};
}

}  // namespace waypost
