// SPDX-License-Identifier: Apache-2.0
// A folder as one file: a pax tar, as nncp sends it: folders and regular files, no
// owners, no links, nothing that is special.
#pragma once

#include <string>

#include "bridges/nncp/toss/temp_file.h"

namespace waypost::nncp {

// `folder` is open; its entries are named below `name`. Written at the start of `into`. Links are
// not followed. A file that changes while it is read is taken as long as it was at the start.
Result<void> write_tar(int folder, const std::string& name, TempFile& into);

}  // namespace waypost::nncp
