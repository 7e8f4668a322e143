// SPDX-License-Identifier: Apache-2.0
// What the list of a mail promises, extraction keeps; and no name leaves the folder it is saved in.
#include <cstdint>
#include <cstdlib>
#include <sstream>

#include "bridges/email/mime/mail_attachment.h"
#include "bridges/email/mime/read_mail.h"
#include "gateway/message/file_name.h"
#include "gateway/message/text.h"

namespace {

void must(bool holds) {
    if (!holds) std::abort();
}

void check_name(const std::string& name) {
    must(!name.empty() && name.size() <= waypost::kFileNameBytes && waypost::is_utf8(name));
    must(name.find_first_of("/\\:\r\n") == std::string::npos && name.front() != '.');
    must(waypost::clean_file_name(name) == name);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string bytes(reinterpret_cast<const char*>(data), size);
    check_name(waypost::clean_file_name(bytes));
    const auto mail = waypost::email::read_mail(bytes);
    if (!mail.ok()) return 0;
    for (std::size_t i = 0; i <= mail->attachments.size() + 1; ++i) {
        const bool listed = i > 0 && i <= mail->attachments.size();
        const auto found =
            waypost::email::open_mail_attachment(std::make_unique<std::istringstream>(bytes), i);
        if (!found.ok()) {
            must(!listed || found.error().code == waypost::Code::TooLarge);
            continue;
        }
        must(listed);
        check_name((*found)->about().name);
        must((*found)->about().name == mail->attachments[i - 1].name);
        std::ostringstream out;
        must((*found)->copy_to(out).ok());
        must(out.str().size() <= 4 * size + 1024);  // nothing is unpacked
    }
    return 0;
}
