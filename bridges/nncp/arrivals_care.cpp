// SPDX-License-Identifier: Apache-2.0
// Signed commands of operators: a mail to care@ of this box, in words. What they are worth the core
// says; its answer goes back to the node by mail, and so does a refusal.
#include "bridges/nncp/arrivals.h"
#include "bridges/nncp/spool/sources.h"
#include "gateway/base/encoding.h"
#include "gateway/message/care_text.h"

namespace waypost::nncp {
namespace {

constexpr std::uint64_t kMostCare = 4096;  // bytes, with what a person wrote around it

}  // namespace

Result<void> Arrivals::take_care(const Arrival& arrival, Content& input) {
    const auto source = input.source();
    const auto bytes = read_all(*source, kMostCare);
    if (!bytes.ok()) return sender_notes_.unread(arrival, bytes.error());
    const bool text = bytes->find(kCareMark) != std::string::npos;
    Message message;
    message.transport = home_.transport;
    message.network = "email";
    message.from = message.return_path = home_.routes.address_at(kCareName, *arrival.sender);
    message.to = {mailto(kCareName, office_.domain())};
    message.text = text ? *bytes : kCareMark + to_base64(*bytes);
    message.peer = "nncp:" + arrival.sender->name;
    message.program = message.automatic = true;
    message.privacy = Privacy::ToGateway;
    Handing handing(office_);
    handing.add(std::move(message));
    return finish({arrival, std::move(handing)});
}

}  // namespace waypost::nncp
