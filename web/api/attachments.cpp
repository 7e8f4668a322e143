// SPDX-License-Identifier: Apache-2.0
// What came with a message. A stranger chose the bytes, the type and the name: they are given to be
// saved, and no browser shows or runs them in the console's name.
#include <algorithm>
#include <array>
#include <streambuf>

#include "gateway/config/config.h"
#include "gateway/message/file_name.h"
#include "gateway/message/text.h"
#include "web/api/api.h"

namespace waypost::api {
namespace {

// Everything else is named application/octet-stream: above all what a browser would run.
constexpr std::array kHarmless = {
    "image/jpeg", "image/png",  "image/gif",  "image/webp", "image/avif",     "image/heic",
    "image/heif", "audio/mpeg", "audio/mp4",  "audio/aac",  "audio/ogg",      "audio/amr",
    "audio/wav",  "video/mp4",  "video/webm", "video/3gpp", "application/pdf"};

std::string safe_type(const std::string& type) {
    const std::string lower = lower_ascii(type);
    const bool harmless = std::any_of(kHarmless.begin(), kHarmless.end(),
                                      [&](const char* each) { return lower == each; });
    return harmless ? lower : "application/octet-stream";
}

// RFC 6266: a plain name for old programs, and the name itself as RFC 8187 writes it.
std::string disposition(const std::string& name) {
    constexpr std::string_view kPlain = "!#$&+-.^_`|~";  // attr-char, besides letters and digits
    std::string ascii, encoded;
    for (const char c : name) {
        const bool letter =
            (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
        const bool printable = c >= ' ' && c < 0x7f && c != '"' && c != '\\' && c != '%';
        ascii += printable ? c : '_';
        if (letter || kPlain.find(c) != std::string_view::npos) {
            encoded += c;
        } else {
            constexpr char kHex[] = "0123456789ABCDEF";
            const auto byte = static_cast<unsigned char>(c);
            encoded += {'%', kHex[byte >> 4], kHex[byte & 15]};
        }
    }
    return "attachment; filename=\"" + ascii + "\"; filename*=UTF-8''" + encoded;
}

std::string as_webp(const std::string& name) {
    return clean_file_name(name.substr(0, name.rfind('.')) + ".webp");
}

// Counts what is written to it, and keeps nothing.
class Counter final : public std::streambuf {
  public:
    std::uint64_t bytes = 0;

  protected:
    std::streamsize xsputn(const char*, std::streamsize size) override {
        bytes += static_cast<std::uint64_t>(size);
        return size;
    }
    int overflow(int c) override {
        ++bytes;
        return c;
    }
};

Reply list(Desk& desk, const Request& request) {
    const auto found = desk.attachments(number_in(request, 0));
    if (!found.ok()) return fail(found.error());
    JsonList::Ptr all = new JsonList;
    for (std::size_t i = 0; i < found->all.size(); ++i) {
        const Attachment& each = found->all[i];
        Json::Ptr o = new Json;
        o->set("number", Poco::UInt64(i + 1));
        o->set("name", each.name);
        o->set("type", each.type);
        o->set("bytes", Poco::UInt64(each.bytes));
        all->add(o);
    }
    Reply reply;
    reply.body->set("attachments", all);
    reply.body->set("kept", found->kept);
    if (!found->why_not.empty()) reply.body->set("why_not", found->why_not);
    return reply;
}

// The whole is read twice, so that its length is known and what cannot be read is said before the
// first byte: memory does not grow with it.
Reply whole(std::shared_ptr<AttachmentContent> content) {
    Counter counter;
    std::ostream nowhere(&counter);
    if (const auto read = content->copy_to(nowhere); !read.ok()) return fail(read.error());
    Reply reply;
    reply.content_bytes = counter.bytes;
    reply.content_type = safe_type(content->about().type);
    reply.headers["Content-Disposition"] = disposition(content->about().name);
    reply.content = [content](std::ostream& out) { return content->copy_to(out); };
    return reply;
}

Reply small(Desk& desk, AttachmentContent& content, const std::string& size) {
    const std::int64_t budget = size.empty() ? 0 : parse_bytes(size);
    if (budget < 0 || (budget == 0 && !size.empty()))
        return fail(400, "bad-input", size + " is no size: 20KiB, 1MiB");
    auto picture = desk.small_picture(content, static_cast<std::size_t>(budget));
    if (!picture.ok()) return fail(picture.error());
    Reply reply;
    reply.content_bytes = picture->size();
    reply.content_type = "image/webp";
    reply.headers["Content-Disposition"] = disposition(as_webp(content.about().name));
    reply.content = [bytes = std::move(*picture)](std::ostream& out) -> Result<void> {
        out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
        if (!out.good()) return Error{Code::Network, "nobody takes the picture", true};
        return {};
    };
    return reply;
}

Reply get(Desk& desk, const Request& request) {
    const std::int64_t number = number_in(request, 1);
    const auto budget = request.query.find("budget");
    auto content = desk.open_attachment(number_in(request, 0),
                                        static_cast<std::size_t>(std::max<std::int64_t>(number, 0)),
                                        name_of(request.visitor));
    if (!content.ok()) return fail(content.error());
    if (!request.visitor.session.empty())
        desk.console().note(request.visitor, "open attachment", request.path.at(0));
    Reply reply = budget == request.query.end() ? whole(std::move(*content))
                                                : small(desk, **content, budget->second);
    reply.headers["X-Content-Type-Options"] = "nosniff";
    reply.headers["Content-Security-Policy"] = "default-src 'none'; sandbox";
    reply.headers["Cache-Control"] = "private, no-store";
    return reply;
}

}  // namespace

std::vector<Route> attachment_routes() {
    return {{"GET", "/messages/{id}/attachments", list},
            {"GET", "/messages/{id}/attachments/{number}", get}};
}

}  // namespace waypost::api
