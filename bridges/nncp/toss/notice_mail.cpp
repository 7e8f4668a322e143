// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/toss/notice_mail.h"

#include "gateway/base/encoding.h"
#include "gateway/message/text.h"

namespace waypost::nncp {

namespace {

constexpr std::size_t kWordBytes = 39;  // of text in one encoded word
constexpr std::size_t kSubjectBytes = 400;
constexpr std::size_t kLine = 76;

std::string encoded_words(const std::string& text) {
    const std::string clean = clean_utf8(text);
    std::string_view left = cut_bytes(clean, kSubjectBytes);
    std::string out;
    while (!left.empty()) {
        std::string_view piece = cut_bytes(left, kWordBytes);
        if (piece.empty()) piece = left.substr(0, first_code_point(left).bytes);
        out += (out.empty() ? "=?UTF-8?B?" : "\n =?UTF-8?B?") + to_base64(piece) + "?=";
        left.remove_prefix(piece.size());
    }
    return out;
}

std::string one_line(const std::string& text) {
    std::string out;
    for (const char each : text) {
        if (each != '\r' && each != '\n') out += each;
    }
    return out;
}

}  // namespace

std::string notice_mail(const Notice& notice, const std::string& subject, const std::string& body) {
    std::string mail = "From: " + one_line(notice.from) + "\nTo: " + one_line(notice.to) +
                       "\nSubject: " + encoded_words(subject) +
                       "\nAuto-Submitted: auto-generated\n";
    if (body.empty()) return mail + "\n";
    mail +=
        "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n"
        "Content-Transfer-Encoding: base64\n\n";
    const std::string packed = to_base64(clean_utf8(body));
    for (std::size_t at = 0; at < packed.size(); at += kLine) {
        mail += packed.substr(at, kLine) + "\n";
    }
    return mail;
}

}  // namespace waypost::nncp
