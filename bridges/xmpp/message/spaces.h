// SPDX-License-Identifier: Apache-2.0
// Namespaces of what a chat message carries, by XEP.
#pragma once

#include <string_view>

namespace waypost::xmpp::space {

inline constexpr std::string_view kOob = "jabber:x:oob";                                     // 0066
inline constexpr std::string_view kPubsubEvent = "http://jabber.org/protocol/pubsub#event";  // 0060
inline constexpr std::string_view kNick = "http://jabber.org/protocol/nick";                 // 0172
inline constexpr std::string_view kReceipts = "urn:xmpp:receipts";                           // 0184
inline constexpr std::string_view kPing = "urn:xmpp:ping";                                   // 0199
inline constexpr std::string_view kDelay = "urn:xmpp:delay";                                 // 0203
inline constexpr std::string_view kCarbons = "urn:xmpp:carbons:2";                           // 0280
inline constexpr std::string_view kForward = "urn:xmpp:forward:0";                           // 0297
inline constexpr std::string_view kCorrect = "urn:xmpp:message-correct:0";                   // 0308
inline constexpr std::string_view kMarkers = "urn:xmpp:chat-markers:0";                      // 0333
inline constexpr std::string_view kHints = "urn:xmpp:hints";                                 // 0334
inline constexpr std::string_view kIds = "urn:xmpp:sid:0";                                   // 0359
inline constexpr std::string_view kEncryption = "urn:xmpp:eme:0";                            // 0380
inline constexpr std::string_view kFasten = "urn:xmpp:fasten:0";                             // 0422
inline constexpr std::string_view kRetractOld = "urn:xmpp:message-retract:0";    // 0424 0.3
inline constexpr std::string_view kRetract = "urn:xmpp:message-retract:1";       // 0424
inline constexpr std::string_view kFallback = "urn:xmpp:fallback:0";             // 0428
inline constexpr std::string_view kFallbackOld = "urn:xmpp:feature-fallback:0";  // 0428 0.1
inline constexpr std::string_view kReactions = "urn:xmpp:reactions:0";           // 0444
inline constexpr std::string_view kReply = "urn:xmpp:reply:0";                   // 0461

}  // namespace waypost::xmpp::space
