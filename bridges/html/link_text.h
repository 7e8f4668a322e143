// SPDX-License-Identifier: Apache-2.0
// Web addresses for people who read them on a small display and may type them. Pure; any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace waypost {

inline constexpr std::size_t kLongestUrl = 2048;

// http or https with a host, at most kLongestUrl bytes, without white space, control characters,
// quotes or angle brackets: fit to be a link.
bool is_web_url(std::string_view url);

// Without scheme, "www.", who one logs in as, the names that advertisers give to clicks (utm_...),
// and a fragment that only says where on the page; letters that are not ASCII as letters:
// "https://www.news.example/ford?utm_source=x#top" -> "news.example/ford". Longer than `most` bytes
// it is the host and "/…". Empty: no web URL.
std::string short_link(std::string_view url, std::size_t most = 80);

// Whether `text` is this address as people write it, whole or its beginning ("news.example/for…").
bool is_own_address(std::string_view url, std::string_view text);

}  // namespace waypost
