// SPDX-License-Identifier: Apache-2.0
// How the original of a message is taken apart again, long after it came. The core keeps originals
// and does not understand them; each kind of transport whose originals carry attachments gives one
// function (TransportKind::open_attachment), and app/ hands it to the Desk. It needs no running
// instance, so that old mail can be read where the account is gone.
#pragma once

#include <functional>
#include <istream>
#include <map>
#include <memory>
#include <ostream>
#include <string>

#include "gateway/base/result.h"
#include "gateway/message/message.h"

namespace waypost {

class Office;

// One attachment, found but not yet read. One thread at a time.
class AttachmentContent {
  public:
    virtual ~AttachmentContent() = default;
    // As it is listed with its message.
    virtual const Attachment& about() const = 0;
    // All its bytes, as its sender attached them, in memory that does not grow with them. They are
    // never looked into: an archive is bytes. An error after some have been written means that
    // they are not all; `out` gone bad is one. May be called again.
    virtual Result<void> copy_to(std::ostream& out) = 0;
};

// `number` counts from 1, in the order of Message::attachments. `original` can seek. Any thread.
using OpenAttachment = std::function<Result<std::unique_ptr<AttachmentContent>>(
    std::unique_ptr<std::istream> original, std::size_t number)>;

// By network ("email"): what takes its originals apart.
using Originals = std::map<std::string, OpenAttachment>;

// The attachments of an original in their order, the first `most`, until `take` gives an error,
// which is given back. One that is gone, or cannot be understood, has none; an error that may pass
// (Error::retry) is given back too. Blocks.
Result<void> each_attachment(Office& office, const Body& original, const OpenAttachment& open,
                             std::size_t most,
                             const std::function<Result<void>(AttachmentContent& content)>& take);

}  // namespace waypost
