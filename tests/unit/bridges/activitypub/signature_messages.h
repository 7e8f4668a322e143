// SPDX-License-Identifier: Apache-2.0
// Messages and keys that the specifications publish, and what tests make of them.
#pragma once

#include <string>

#include "bridges/activitypub/signature/signature.h"

namespace waypost::activitypub {

// draft-cavage-http-signatures-12 appendix C: RSA of 1024 bits.
inline constexpr std::string_view kDraftKey =
    "-----BEGIN PUBLIC KEY-----\n"
    "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDCFENGw33yGihy92pDjZQhl0C3\n"
    "6rPJj+CvfSC8+q28hxA161QFNUd13wuCTUcq0Qd2qsBe/2hFyc2DCJJg0h1L78+6\n"
    "Z4UMR7EOcpfdUE9Hf3m/hs+FUR45uBJeDK1HSFHD8bHKD6kv8FPGfJTotc+2xjJw\n"
    "oYi+1hqp1fIekaxsyQIDAQAB\n"
    "-----END PUBLIC KEY-----\n";

// RFC 9421 appendix B.1.1.
inline constexpr std::string_view kRfcRsaKey =
    "-----BEGIN RSA PUBLIC KEY-----\n"
    "MIIBCgKCAQEAhAKYdtoeoy8zcAcR874L8cnZxKzAGwd7v36APp7Pv6Q2jdsPBRrw\n"
    "WEBnez6d0UDKDwGbc6nxfEXAy5mbhgajzrw3MOEt8uA5txSKobBpKDeBLOsdJKFq\n"
    "MGmXCQvEG7YemcxDTRPxAleIAgYYRjTSd/QBwVW9OwNFhekro3RtlinV0a75jfZg\n"
    "kne/YiktSvLG34lw2zqXBDTC5NHROUqGTlML4PlNZS5Ri2U4aCNx2rUPRcKIlE0P\n"
    "uKxI4T+HIaFpv8+rdV6eUgOrB2xeI1dSFFn/nnv5OoZJEIB+VmuKn3DCUcCZSFlQ\n"
    "PSXSfBDiUGhwOw76WuSSsf1D4b/vLoJ10wIDAQAB\n"
    "-----END RSA PUBLIC KEY-----\n";
// The same as SPKI.
inline constexpr std::string_view kRfcRsaSpki =
    "-----BEGIN PUBLIC KEY-----\n"
    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAhAKYdtoeoy8zcAcR874L\n"
    "8cnZxKzAGwd7v36APp7Pv6Q2jdsPBRrwWEBnez6d0UDKDwGbc6nxfEXAy5mbhgaj\n"
    "zrw3MOEt8uA5txSKobBpKDeBLOsdJKFqMGmXCQvEG7YemcxDTRPxAleIAgYYRjTS\n"
    "d/QBwVW9OwNFhekro3RtlinV0a75jfZgkne/YiktSvLG34lw2zqXBDTC5NHROUqG\n"
    "TlML4PlNZS5Ri2U4aCNx2rUPRcKIlE0PuKxI4T+HIaFpv8+rdV6eUgOrB2xeI1dS\n"
    "FFn/nnv5OoZJEIB+VmuKn3DCUcCZSFlQPSXSfBDiUGhwOw76WuSSsf1D4b/vLoJ1\n"
    "0wIDAQAB\n"
    "-----END PUBLIC KEY-----\n";
// RFC 9421 appendix B.1.4, as a Multikey.
inline constexpr std::string_view kRfcEd25519Key =
    "z6Mkh4LmfP1ev9MNPGr7JbEbtD6BD4fsu1duEj83PMCs3xHG";

inline constexpr std::string_view kHello = "{\"hello\": \"world\"}";

// The request of draft-cavage appendix C.
inline SignedMessage draft_request() {
    SignedMessage message;
    message.method = "POST";
    message.target = "/foo?param=value&pet=dog";
    message.body = kHello;
    message.headers = {{"host", "example.com"},
                       {"date", "Sun, 05 Jan 2014 21:31:40 GMT"},
                       {"content-type", "application/json"},
                       {"digest", "SHA-256=X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE="},
                       {"content-length", "18"}};
    return message;
}
inline constexpr std::int64_t kDraftTime = 1'388'957'500;  // of its Date

// The request of RFC 9421 appendix B.2.
inline SignedMessage rfc_request() {
    SignedMessage message;
    message.method = "POST";
    message.target = "/foo?param=Value&Pet=dog";
    message.body = kHello;
    message.headers = {
        {"host", "example.com"},
        {"date", "Tue, 20 Apr 2021 02:07:55 GMT"},
        {"content-type", "application/json"},
        {"content-digest",
         "sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHW"
         "XvJwew==:"},
        {"content-length", "18"}};
    return message;
}

inline void set(SignedMessage& message, const std::string& name, std::string value) {
    message.headers.erase(name);
    message.headers.emplace(name, std::move(value));
}

}  // namespace waypost::activitypub
