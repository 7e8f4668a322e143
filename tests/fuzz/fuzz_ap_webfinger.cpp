// SPDX-License-Identifier: Apache-2.0
// What another server says of a name, and the name.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "bridges/activitypub/remote/webfinger.h"
#include "bridges/fetch/web_url.h"
#include "gateway/message/text.h"

namespace {

void must(bool is) {
    if (!is) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace waypost::activitypub;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto found = parse_webfinger(text);
    if (found.ok()) {
        must(!found->actor.empty() && found->actor.size() <= 2048);
        (void)parse_acct(found->subject);
    } else {
        must(waypost::is_utf8(found.error().text) && !found.error().retry);
    }
    const auto acct = parse_acct(text.substr(0, text.find('\n')));
    if (!acct.ok()) return 0;
    const auto again = parse_acct(acct->text());
    must(again.ok() && again->text() == acct->text() && again->is(*acct));
    // Its server is asked for just this, and no other.
    const auto url = waypost::parse_web_url("https://" + acct->host + webfinger_path(*acct));
    must(url.ok() && url->authority() == acct->host && url->target() == webfinger_path(*acct));
    return 0;
}
