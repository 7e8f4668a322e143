// SPDX-License-Identifier: Apache-2.0
// Batches as messages of post.proto, which both forms write and read: what makes sense is judged
// in one place.
#pragma once

#include "bridges/post/post.h"
#include "post.pb.h"

namespace waypost::post {

pb::Batch wire_of(const Batch& batch);
// As decode_batch().
Result<Batch> batch_of(const pb::Batch& wire, const Limits& limits);

}  // namespace waypost::post
