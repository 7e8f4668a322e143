// SPDX-License-Identifier: Apache-2.0
#include "gateway/conversation/publishing.h"

#include "gateway/conversation/writing.h"
#include "gateway/custody/compose.h"
#include "gateway/custody/held.h"
#include "gateway/custody/intake.h"

namespace waypost {
namespace {

constexpr char kConfirm[] = "public";
constexpr char kTold[] = "#public";

}  // namespace

bool Publishing::asks(const std::string& confirm) { return confirm == kConfirm; }

std::string Publishing::post(const command::PublicPost& c) {
    if (is_minor(box(), line_.owner)) return say("minor_out");
    if (box().router.public_address().empty()) return say("no_public");
    if (line_.doubted) return say("key_doubted");
    if (line_.from_stranger()) return say("group_named_only");
    if (c.text.empty()) return say("help_write");
    if (tables().state.get(kPublicConsentState, line_.owner)) return publish(c.text);
    line_.talk.draft = c.text;
    line_.talk.draft_box_ms = box().box_ms();
    line_.talk.confirm = kConfirm;
    return say("public_ask", {{"address", outside_address(box(), line_.owner).value}});
}

std::string Publishing::confirmed() {
    const std::string text = std::exchange(line_.talk.draft, {});
    if (text.empty() || line_.from_stranger() || line_.doubted) return say("nothing_asked");
    tables().state.put(kPublicConsentState, line_.owner, "1");
    return publish(text);
}

std::string Publishing::publish(const std::string& text) {
    return Writing(line_).send_to(box().router.public_address(), text, kTold);
}

}  // namespace waypost
