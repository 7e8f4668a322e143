// SPDX-License-Identifier: Apache-2.0
// What a section of the settings says of files behind links in chats, with a domain and without.
#pragma once

#include "bridges/fetch/fetcher.h"
#include "gateway/config/config.h"

namespace waypost::xmpp {

inline constexpr Setting kMaxFileBytes{
    "max_file_bytes",
    Setting::Kind::Bytes,
    "10MiB",
    "0..1GiB",
    "bytes",
    "files behind links in chats are fetched up to this size; 0: none is",
    false,
    true};
inline constexpr Setting kUploadHosts{
    "upload_hosts",
    Setting::Kind::List,
    "",
    "",
    "",
    "servers of files in the village's own network, which may be asked for them and need no TLS: "
    "[\"10.0.0.1:5280\"]; any other private address is refused",
    false,
    true};

// Of a section that has these two, and `ca_file`.
inline FetchOptions fetch_options(const SectionValues& values) {
    FetchOptions fetch;
    fetch.most_bytes = static_cast<std::uint64_t>(values.bytes("max_file_bytes"));
    fetch.near = values.list("upload_hosts");
    fetch.ca_file = values.text("ca_file");
    return fetch;
}

}  // namespace waypost::xmpp
