// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <cstdlib>

#include "bridges/xmpp/jid.h"
#include "gateway/message/text.h"

namespace {

namespace xmpp = waypost::xmpp;

void must(bool is) {
    if (!is) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto jid = xmpp::parse_jid(text);
    if (jid.ok()) {
        for (const std::string* part : {&jid->local(), &jid->domain(), &jid->resource()})
            must(part->size() <= 1023 && waypost::is_utf8(*part));
        must(!jid->domain().empty());
        // What is compared stays as it is.
        const auto again = xmpp::parse_jid(jid->text());
        must(again.ok() && *again == *jid);
    } else {
        must(!jid.error().text.empty() && !jid.error().retry);
    }
    const std::string local = xmpp::escape_local(text);
    if (!local.empty()) must(xmpp::unescape_local(local) == text);
    (void)xmpp::mixes_scripts(text);
    (void)xmpp::skeleton(text);
    return 0;
}
