// SPDX-License-Identifier: Apache-2.0
// Whatever a program writes: it is cut into lines, read, and answered by one line.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "bridges/exec/line_cutter.h"
#include "bridges/exec/lines.h"
#include "gateway/message/text.h"

using namespace waypost;
using namespace waypost::exec;

namespace {

void is_one_line(const std::string& line) {
    if (line.find('\n') + 1 != line.size() || !is_utf8(line)) std::abort();
}

void answer(const Accept& said) {
    if (said.id.empty() || said.to.size() > kMostRecipients || said.text.size() > kMostTextBytes)
        std::abort();
    std::vector<OfferedFile> files;
    for (const NamedFile& each : said.files) {
        const bool one = each.path.empty() || each.base64.empty();
        if (said.problem.empty() && (each.name.empty() || !one)) std::abort();
        files.push_back({{each.name, each.type, each.base64.size()}, each.path});
    }
    if (files.size() > kMostFiles) std::abort();
    is_one_line(accepted_line(said.id, said.to, std::vector<Verdict>(said.to.size() + 1)));
    Delivery delivery;
    delivery.to = {"sms", said.from};
    delivery.from = mailto("ana", "hill.example");
    delivery.text = said.text;
    delivery.subject = said.subject;
    is_one_line(deliver_line(1, said.origin_id, true, delivery, files));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    LineCutter cutter(256);
    for (std::size_t at = 0; at < bytes.size(); at += 7) cutter.feed(bytes.substr(at, 7));
    while (const auto line = cutter.next()) {
        if (line->text.size() > 256 || (line->too_long && !line->text.empty())) std::abort();
        const auto said = parse_line(line->text);
        if (!said.ok()) {
            is_one_line(error_line(said.error().text));
        } else if (const auto* accept = std::get_if<Accept>(&*said)) {
            answer(*accept);
        }
    }
    return 0;
}
