// SPDX-License-Identifier: Apache-2.0
// What the ways in and out of one gateway's spool work with.
#pragma once

#include "bridges/nncp/routes.h"
#include "bridges/nncp/sent_log.h"
#include "bridges/nncp/sent_posts.h"
#include "gateway/transport.h"
#include "gateway/update/update_desk.h"

namespace waypost::nncp {

struct Home {  // all outlive whoever has it
    const NodeConfig& config;
    const Spool& spool;
    const Routes& routes;
    const NncpOptions& options;
    SentLog& sent;
    SentPosts& posts;
    TransportId transport;
    UpdateDesk* updates = nullptr;  // null: this box is no image
};

}  // namespace waypost::nncp
