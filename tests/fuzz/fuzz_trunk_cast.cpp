// SPDX-License-Identifier: Apache-2.0
// Invitations to casts and answers to them; rows for whoever was invited.
#include <cstdlib>

#include "radio/trunk/transport/casts_in.h"

namespace {

using namespace waypost::trunk;

struct StillAir final : Air {
    waypost::FrameLimits limits() const override { return {}; }
    std::chrono::microseconds airtime(std::size_t) const override {
        return std::chrono::milliseconds(100);
    }
    waypost::BoxTime may_send(waypost::BoxTime now, std::chrono::microseconds,
                              bool) const override {
        return now;
    }
};

void same_again(const CastInvitation& read) {
    const auto again = parse_invitation(encode_invitation(read));
    if (!again.ok() || again->letters != read.letters || again->cast != read.cast ||
        again->text_bytes != read.text_bytes || again->mail != read.mail)
        std::abort();
}

}  // namespace

// The first byte says how long the invitation is; rows of 64 bytes are behind it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    std::string_view in(reinterpret_cast<const char*>(data + 1), size - 1);
    const std::string_view invitation = in.substr(0, data[0]);
    in.remove_prefix(invitation.size());
    if (const auto read = parse_invitation(invitation); read.ok()) same_again(*read);
    (void)parse_answer(invitation);
    const StillAir air;
    CastsIn casts(air);
    waypost::BoxTime now{};
    if (!casts.invited(invitation, now).ok()) return 0;
    for (; !in.empty(); in.remove_prefix(std::min<std::size_t>(in.size(), 64))) {
        casts.heard(in.substr(0, 64), now);
        (void)casts.take_whole();
        now += std::chrono::seconds(1);
        for (const std::string& answer : casts.answers(now))
            if (!parse_answer(answer)) std::abort();
    }
    return 0;
}
