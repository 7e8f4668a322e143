// SPDX-License-Identifier: Apache-2.0
// A request as it stands on the wire: request line, headers, an empty line, body. Its body is taken
// for a key too.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "bridges/activitypub/signature/base58.h"
#include "bridges/activitypub/signature/http_date.h"
#include "bridges/activitypub/signature/signature.h"
#include "bridges/activitypub/signature/structured_field.h"
#include "gateway/message/text.h"

namespace {

using namespace waypost::activitypub;

constexpr std::int64_t kNow = 1'618'884'480;

void must(bool is) {
    if (!is) std::abort();
}

std::string_view take_line(std::string_view& text) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return line;
}

SignedMessage message_of(std::string_view text) {
    SignedMessage message;
    const std::string_view first = take_line(text);
    const std::size_t space = std::min(first.find(' '), first.size());
    message.method = first.substr(0, space);
    message.target = first.substr(std::min(space + 1, first.size()));
    for (std::string_view line = take_line(text); !line.empty(); line = take_line(text)) {
        const std::size_t colon = std::min(line.find(':'), line.size());
        message.headers.emplace(waypost::lower_ascii(line.substr(0, colon)),
                                line.substr(std::min(colon + 1, line.size())));
    }
    message.body = text;
    return message;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const SignedMessage message = message_of(text);
    const auto claim = read_signature(message, {"hill.example", kNow});
    if (claim.ok()) {
        must(!claim->key_id.empty() && !claim->signature.empty() && !claim->base.empty());
        must(claim->covered.size() <= 32 && claim->signature.size() <= 1024);
        (void)verify(*claim, message.body);
    } else {
        must(!claim.error().text.empty() && waypost::is_utf8(claim.error().text));
    }
    SignatureClaim any;
    any.base = any.signature = message.target;
    must(!verify(any, message.body));
    // What is written of a list reads as the same list.
    if (const auto lists = parse_string_lists(text); lists.ok()) {
        const std::string written = "x=" + lists->front().second.text();
        const auto again = parse_string_lists(written);
        must(again.ok() && "x=" + again->front().second.text() == written);
    }
    if (const auto date = parse_http_date(text)) must(http_date(*date) == text);
    (void)from_base58(text);
    return 0;
}
