// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "bridges/fetch/fetcher.h"
#include "gateway/pictures/web_pictures.h"

namespace waypost::activitypub {

struct PictureOptions {
    WebPictureOptions web;            // how small they become, in and out
    FetchOptions fetch;               // of pictures of others; most_bytes 0: none is fetched
    std::uint64_t room = 200u << 20;  // bytes of ours that are kept for others to fetch
};

inline constexpr std::size_t kMostPictures = 4;  // of one note, in and out

}  // namespace waypost::activitypub
