// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/openpgp/secure_join.h"

#include <sodium.h>

#include <algorithm>
#include <sstream>

#include "bridges/email/openpgp/key_store.h"
#include "gateway/message/text.h"

namespace waypost::email::openpgp {
namespace {

// The core takes up to 32 letters, digits, - and _ of each.
constexpr std::size_t kNumberBytes = 12;
constexpr std::size_t kAuthBytes = 16;
constexpr std::size_t kNameBytes = 25;

std::string place(const Address& own) { return "openpgp-invitations " + key_name(own); }

bool same(const std::string& a, const std::string& b) {
    return a.size() == b.size() && !a.empty() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string upper_hex(const std::string& text) {
    std::string out;
    for (const char c : text) {
        if (c >= 'a' && c <= 'f') {
            out += static_cast<char>(c - 'a' + 'A');
        } else if (c != ' ') {
            out += c;
        }
    }
    return out;
}

std::string url_encoded(const std::string& text) {
    static constexpr char kHex[] = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                           (c >= '0' && c <= '9') || c == '.' || c == '_';
        if (plain) {
            out += c;
        } else if (c == ' ') {
            out += '+';
        } else {
            out += {'%', kHex[byte >> 4], kHex[byte & 15]};
        }
    }
    return out;
}

}  // namespace

std::optional<Handshake> read_handshake(const SplitMail& fields, bool encrypted) {
    if (!fields.has("secure-join") && !fields.has("secure-join-invitenumber")) return std::nullopt;
    const std::string step = fields.value("secure-join");
    Handshake handshake;
    handshake.invite_number = fields.value("secure-join-invitenumber");
    handshake.auth = fields.value("secure-join-auth");
    handshake.fingerprint = upper_hex(fields.value("secure-join-fingerprint"));
    if (!handshake.invite_number.empty()) {
        handshake.step = Handshake::Step::Request;
    } else if (encrypted && step == "vc-request-with-auth") {
        handshake.step = Handshake::Step::RequestWithAuth;
    }
    return handshake;
}

std::vector<Invitation> Invitations::load(const Address& own, std::int64_t now) const {
    std::vector<Invitation> all;
    std::istringstream lines(state_.get(place(own)).value_or(std::string()));
    Invitation each;
    while (all.size() < kMostInvitations &&
           lines >> each.number >> each.auth >> each.ends >> each.uses) {
        if (each.ends > now) all.push_back(each);
    }
    return all;
}

void Invitations::keep(const Address& own, const std::vector<Invitation>& all) {
    std::string text;
    for (const Invitation& each : all) {
        text += each.number + ' ' + each.auth + ' ' + std::to_string(each.ends) + ' ' +
                std::to_string(each.uses) + '\n';
    }
    state_.put(place(own), text);
}

Invitation Invitations::make(const Address& own, std::int64_t now) {
    std::vector<Invitation> all = load(own, now);
    if (all.size() == kMostInvitations) all.erase(all.begin());
    const std::int64_t ends = now + std::chrono::seconds(kInvitationLasts).count();
    all.push_back({random_.hex(kNumberBytes), random_.hex(kAuthBytes), ends, kMostUses});
    keep(own, all);
    return all.back();
}

bool Invitations::use_number(const Address& own, const std::string& number, std::int64_t now) {
    std::vector<Invitation> all = load(own, now);
    const auto found = std::find_if(all.begin(), all.end(), [&](const Invitation& each) {
        return each.uses > 0 && same(each.number, number);
    });
    if (found == all.end()) return false;
    --found->uses;
    keep(own, all);
    return true;
}

std::optional<Invitation> Invitations::find_auth(const Address& own, const std::string& auth,
                                                 std::int64_t now) const {
    const std::vector<Invitation> all = load(own, now);
    const auto found = std::find_if(all.begin(), all.end(),
                                    [&](const Invitation& each) { return same(each.auth, auth); });
    return found == all.end() ? std::nullopt : std::optional(*found);
}

std::string invitation_link(const std::string& fingerprint, const Invitation& invitation,
                            const Address& own, const std::string& name) {
    return "https://i.delta.chat/#" + fingerprint + "&i=" + invitation.number +
           "&s=" + invitation.auth + "&a=" + url_encoded(own.value) +
           "&n=" + url_encoded(one_line(name, kNameBytes));
}

}  // namespace waypost::email::openpgp
