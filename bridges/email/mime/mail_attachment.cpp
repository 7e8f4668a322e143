// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/mime/mail_attachment.h"

#include <cstdio>
#include <mutex>

#include "bridges/email/mime/mail_parts.h"
#include "bridges/email/mime/mail_tree.h"

namespace waypost::email {
namespace {

// GMime writes to what C calls a file; this one is a stream of ours.
struct Outlet {
    std::ostream& out;
    off64_t written = 0;
};

// 0 is how a cookie says that it could not write (fopencookie(3)).
ssize_t write_stream(void* cookie, const char* bytes, std::size_t size) {
    auto& outlet = *static_cast<Outlet*>(cookie);
    outlet.out.write(bytes, static_cast<std::streamsize>(size));
    if (!outlet.out.good()) return 0;
    outlet.written += static_cast<off64_t>(size);
    return static_cast<ssize_t>(size);
}

// GMime asks where it stands, and goes there before each write: no way leads anywhere else.
int stay(void* cookie, off64_t* offset, int whence) {
    const off64_t here = static_cast<Outlet*>(cookie)->written;
    const off64_t wanted = whence == SEEK_SET ? *offset : here + *offset;
    *offset = here;
    return wanted == here ? 0 : -1;
}

FILE* as_file(Outlet& outlet) {
    cookie_io_functions_t functions{};
    functions.write = write_stream;
    functions.seek = stay;
    return ::fopencookie(&outlet, "w", functions);
}

class MailAttachment final : public AttachmentContent {
  public:
    MailAttachment(std::unique_ptr<std::istream> original, MailTree tree, GMimeObject* object,
                   Attachment about)
        : original_(std::move(original)),
          tree_(std::move(tree)),
          object_(object),
          about_(std::move(about)) {}

    const Attachment& about() const override { return about_; }

    Result<void> copy_to(std::ostream& out) override {
        Outlet outlet{out};
        FILE* file = as_file(outlet);
        if (file == nullptr) return Error{Code::Internal, "no memory to read a mail", true};
        const GRef<GMimeStream> stream(g_mime_stream_file_new(file));  // closes the file
        const bool written = write(stream.get()) >= 0 && g_mime_stream_flush(stream.get()) == 0;
        if (!out.good()) return Error{Code::Network, "nobody takes the attachment", true};
        if (!written) return Error{Code::Internal, "the attachment cannot be read", true};
        return {};
    }

  private:
    // Decoded on the way, piece by piece.
    gssize write(GMimeStream* out) const {
        if (GMIME_IS_PART(object_)) {
            GMimeDataWrapper* content = g_mime_part_get_content(GMIME_PART(object_));
            return content == nullptr ? 0 : g_mime_data_wrapper_write_to_stream(content, out);
        }
        GMimeMessage* inner = g_mime_message_part_get_message(GMIME_MESSAGE_PART(object_));
        return inner == nullptr ? 0
                                : g_mime_object_write_to_stream(GMIME_OBJECT(inner), nullptr, out);
    }

    const std::unique_ptr<std::istream> original_;  // before the tree, which reads it to the last
    const MailTree tree_;
    GMimeObject* const object_;
    const Attachment about_;
};

// Of a mail that was not read to its end, only what ends before that is whole.
bool is_whole(const MailTree& tree, GMimeObject* object) {
    if (!tree.cut) return true;
    if (!GMIME_IS_PART(object)) return false;
    GMimeDataWrapper* content = g_mime_part_get_content(GMIME_PART(object));
    if (content == nullptr) return true;
    const gint64 end = g_mime_data_wrapper_get_stream(content)->bound_end;
    return end >= 0 && end < tree.end;
}

// Mails are taken apart one at a time: a hostile one costs the parser many times its size.
Result<MailTree> parse_in_turn(std::istream& original, const MailLimits& limits) {
    static std::mutex one_at_a_time;
    const std::lock_guard turn(one_at_a_time);
    return parse_mail(original, limits);
}

}  // namespace

Result<std::unique_ptr<AttachmentContent>> open_mail_attachment(
    std::unique_ptr<std::istream> original, std::size_t number) {
    const MailLimits limits;
    auto tree = parse_in_turn(*original, limits);
    if (!tree.ok()) return tree.error();
    const MailParts parts = read_parts(g_mime_message_get_mime_part(tree->message.get()), limits);
    if (number == 0 || number > parts.objects.size())
        return Error{Code::NotFound, "no attachment " + std::to_string(number), false};
    GMimeObject* object = parts.objects[number - 1];
    if (!is_whole(*tree, object))
        return Error{Code::TooLarge, "this mail has too many parts to take them all out", false};
    return {std::make_unique<MailAttachment>(std::move(original), std::move(*tree), object,
                                             parts.attachments[number - 1])};
}

}  // namespace waypost::email
