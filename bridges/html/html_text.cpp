// SPDX-License-Identifier: Apache-2.0
#include "bridges/html/html_text.h"

#include "bridges/html/mail_gather.h"
#include "bridges/html/post_gather.h"

namespace waypost {

std::string html_mail_to_text(std::string_view html, std::size_t most, IntroducesQuote introduces) {
    MailGather gather(most, introduces);
    return gather_text(html, gather, most);
}

std::string html_post_to_text(std::string_view html, const HtmlPostOptions& options) {
    PostGather gather(options);
    return gather_text(html, gather, options.most);
}

}  // namespace waypost
