// SPDX-License-Identifier: Apache-2.0
#include "gateway/conversation/publishing.h"

#include "gateway/conversation/writing.h"
#include "gateway/custody/compose.h"
#include "gateway/custody/held.h"
#include "gateway/custody/intake.h"
#include "gateway/custody/profile.h"

namespace waypost {
namespace {

constexpr char kConfirm[] = "public";
constexpr char kTold[] = "#public";
constexpr std::chrono::milliseconds kTalkedLately = std::chrono::hours(24);

}  // namespace

bool Publishing::asks(const std::string& confirm) { return confirm == kConfirm; }

// Empty: he may.
std::string Publishing::why_not() const {
    if (is_minor(box(), line_.owner)) return say("minor_out");
    if (box().router.public_address().empty()) return say("no_public");
    if (line_.doubted) return say("key_doubted");
    if (line_.from_stranger()) return say("group_named_only");
    return {};
}

bool Publishing::may_post() const { return why_not().empty(); }

std::string Publishing::post(const command::PublicPost& c) {
    if (std::string no = why_not(); !no.empty()) return no;
    if (c.text.empty()) return say("help_write");
    if (tables().state.get(kPublicConsentState, line_.owner)) return publish(c.text);
    return ask(c.text);
}

std::string Publishing::post_by_word(const std::string& text) {
    const bool lately = !line_.talk.with.empty() &&
                        box().box_ms() - line_.talk.until_box_ms < kTalkedLately.count();
    return lately ? ask(text) : post({text});
}

std::string Publishing::ask(const std::string& text) {
    if (profile_of(box(), line_.owner) == Profile::None) return say("public_off");
    line_.talk.draft = text;
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
    if (profile_of(box(), line_.owner) == Profile::None) return say("public_off");
    return Writing(line_).send_to(box().router.public_address(), text, kTold);
}

std::string Publishing::profile(const command::Group& c) {
    if (std::string no = why_not(); !no.empty()) return no;
    const bool leaves = c.act == command::Group::Act::Leave;
    const Profile wanted = leaves               ? Profile::None
                           : c.text == "listed" ? Profile::Listed
                                                : Profile::Unlisted;
    set_profile(line_.ledger, line_.owner, wanted);
    const std::string address = outside_address(box(), line_.owner).value;
    if (leaves) return say("public_off");
    return say(wanted == Profile::Listed ? "public_listed" : "public_on", {{"address", address}});
}

}  // namespace waypost
