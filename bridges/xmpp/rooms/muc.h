// SPDX-License-Identifier: Apache-2.0
// Names of XEP-0045 and of what belongs to it.
#pragma once

#include <string_view>

namespace waypost::xmpp {

inline constexpr std::string_view kMucSpace = "http://jabber.org/protocol/muc";
inline constexpr std::string_view kMucUserSpace = "http://jabber.org/protocol/muc#user";
inline constexpr std::string_view kMucAdminSpace = "http://jabber.org/protocol/muc#admin";
inline constexpr std::string_view kMucOwnerSpace = "http://jabber.org/protocol/muc#owner";
inline constexpr std::string_view kDirectInviteSpace = "jabber:x:conference";   // XEP-0249
inline constexpr std::string_view kOccupantIdSpace = "urn:xmpp:occupant-id:0";  // XEP-0421

// Status codes (XEP-0045 section 15.6.2).
inline constexpr int kStatusSelf = 110;
inline constexpr int kStatusNickGiven = 210;
inline constexpr int kStatusNewNick = 303;
inline constexpr int kStatusKicked = 307;
inline constexpr int kStatusNoMember = 321;
inline constexpr int kStatusTechnical = 333;

}  // namespace waypost::xmpp
