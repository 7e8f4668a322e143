// SPDX-License-Identifier: Apache-2.0
// What a section of the settings says of pictures that go to the fediverse, with a domain and
// without.
#pragma once

#include "bridges/activitypub/pictures/picture_options.h"
#include "gateway/config/config.h"

namespace waypost::activitypub {

inline constexpr Setting kPictureSide{
    "picture_side", Setting::Kind::Integer,
    "1280",         "64..4096",
    "pixels",       "pictures are made so small that no side is longer",
    false,          true};
inline constexpr Setting kPictureQuality{
    "picture_quality",
    Setting::Kind::Integer,
    "75",
    "20..95",
    "",
    "of the JPEGs that they become; less where a picture does not fit",
    false,
    true};
inline constexpr Setting kPictureBytes{
    "picture_bytes", Setting::Kind::Bytes,
    "256KiB",        "8KiB..8MiB",
    "bytes",         "most that one picture may take when it is small",
    false,           true};

inline constexpr Setting kFetchPictures{
    "fetch_pictures",
    Setting::Kind::Bytes,
    "10MiB",
    "0..30MiB",
    "bytes",
    "pictures of posts that are written to somebody here are fetched up to this size; 0: none is",
    false,
    true};

// Of a section that has these. `fetch`: how else its servers are asked.
inline FetchOptions picture_fetch_options(const SectionValues& values, FetchOptions fetch) {
    fetch.most_bytes = static_cast<std::uint64_t>(values.bytes("fetch_pictures"));
    return fetch;
}
inline WebPictureOptions web_picture_options(const SectionValues& values) {
    WebPictureOptions web;
    web.side = static_cast<int>(values.integer("picture_side"));
    web.quality = static_cast<int>(values.integer("picture_quality"));
    web.bytes = static_cast<std::size_t>(values.bytes("picture_bytes"));
    return web;
}

}  // namespace waypost::activitypub
