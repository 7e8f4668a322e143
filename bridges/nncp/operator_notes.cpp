// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/operator_notes.h"

#include "bridges/nncp/mail_in.h"
#include "gateway/base/log.h"
#include "gateway/message/text.h"

namespace waypost::nncp {
namespace {

constexpr std::size_t kMostBytes = 500;

}  // namespace

bool OperatorNotes::room_today() {
    if (room_.left(office_.clock().box())) return true;
    if (room_.say_so())
        log(Level::Warning, "nncp", "operator-not-told", {{"why", "enough for today"}});
    return false;
}

void OperatorNotes::tell(const Mth& packet, const std::string& text) {
    if (told_.count(packet) > 0) return;
    if (!room_today()) return;
    Message note;
    note.from = mailto("postmaster", office_.domain());
    note.from_name = office_.village() + " post";
    note.to = {note.from};
    note.network = "local";
    note.transport = transport_;
    note.origin_id = "for-nobody." + to_base32(packet);
    note.text = one_line(text, kMostBytes);
    note.trusted = true;  // the box's own word
    Handing handing(office_);
    handing.add(std::move(note));
    const auto said = handing.wait();
    if (said.ok()) told_.insert(packet);
    if (said.ok() && said->taken > said->had) room_.use(office_.clock().box());
    if (said.ok() && said->taken > 0) return;
    const std::string why = !said.ok()              ? said.error().text
                            : said->refused.empty() ? std::string()
                                                    : said->refused.front().text;
    log(Level::Warning, "nncp", "operator-not-told", {{"what", text}, {"why", why}});
}

}  // namespace waypost::nncp
