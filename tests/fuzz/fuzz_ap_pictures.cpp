// SPDX-License-Identifier: Apache-2.0
// What is kept of a note that waits for its pictures, names that others give them, and originals
// with files. Decoding the pictures themselves: fuzz_picture.
#include <cstdint>
#include <cstdlib>
#include <sstream>

#include "bridges/activitypub/pictures/attached.h"
#include "bridges/activitypub/pictures/media.h"
#include "bridges/activitypub/pictures/note_pictures.h"
#include "bridges/email/mime/mail_files.h"
#include "gateway/message/file_name.h"
#include "gateway/message/text.h"

namespace {

void must(bool is) {
    if (!is) std::abort();
}

using namespace waypost;

void look_at_names(const std::string& text) {
    const std::string name = activitypub::picture_name(text, "picture");
    must(!name.empty() && name.size() <= kFileNameBytes && is_utf8(name));
    must(name.find_first_of("/\\:\r\n") == std::string::npos && name.front() != '.');
    must(is_utf8(activitypub::description_in(text)));
    if (activitypub::Media::is_name(text)) must(text.find_first_of("/\\ ") == std::string::npos);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    look_at_names(text);
    const auto note = activitypub::read_waiting_note(text);
    if (note.ok()) {
        const std::string again = activitypub::write_waiting_note(*note);
        const auto twice = activitypub::read_waiting_note(again);
        must(twice.ok() && activitypub::write_waiting_note(*twice) == again);
    }
    std::istringstream in(text);
    (void)email::is_files_original(in);
    const auto files = email::files_of(in, 1000);
    if (!files.ok()) return 0;
    std::size_t all = 0;
    for (const email::MailFile& file : *files) all += file.bytes.size();
    must(all <= 4 * size + 1024);  // nothing is unpacked
    return 0;
}
