// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/mime/charset.h"

#include <iconv.h>

#include <algorithm>
#include <map>

#include "gateway/message/text.h"

namespace waypost::email {
namespace {

constexpr std::size_t kLongestLabel = 40;
constexpr std::size_t kHtmlHead = 2048;  // looked at for a charset
constexpr std::string_view kBad = "\uFFFD";
constexpr const char* kGuess = "CP1252";

// What the label means, in iconv's words; empty: the bytes have to say.
std::string meaning(std::string_view label) {
    static const std::map<std::string_view, const char*> kMeanings = {
        {"us-ascii", ""},
        {"ascii", ""},
        {"ansi_x3.4-1968", ""},
        {"unknown-8bit", ""},
        {"x-unknown", ""},
        {"default", ""},
        {"x-user-defined", ""},
        {"utf8", ""},
        {"utf-8", ""},
        {"unicode-1-1-utf-7", "-"},
        {"utf-7", "-"},
        {"utf7", "-"},
        {"iso-8859-1", kGuess},
        {"iso8859-1", kGuess},
        {"iso_8859-1", kGuess},
        {"latin1", kGuess},
        {"latin-1", kGuess},
        {"8859_1", kGuess},
        {"windows-1252", kGuess},
        {"cp1252", kGuess},
        {"x-ansi", kGuess},
        {"iso-8859-9", "CP1254"},
        {"latin5", "CP1254"},
        {"iso-8859-11", "CP874"},
        {"tis-620", "CP874"},
        {"gb2312", "GB18030"},
        {"gbk", "GB18030"},
        {"x-gbk", "GB18030"},
        {"gb_2312-80", "GB18030"},
        {"cp936", "GB18030"},
        {"shift_jis", "CP932"},
        {"shift-jis", "CP932"},
        {"sjis", "CP932"},
        {"x-sjis", "CP932"},
        {"ms_kanji", "CP932"},
        {"ks_c_5601-1987", "CP949"},
        {"ks_c_5601", "CP949"},
        {"euc-kr", "CP949"},
        {"big5", "BIG5-HKSCS"},
        {"x-big5", "BIG5-HKSCS"},
        {"iso-8859-8-i", "ISO-8859-8"},
        {"x-mac-roman", "MACINTOSH"},
        {"macintosh", "MACINTOSH"},
        {"koi8-ru", "KOI8-U"},
        {"x-koi8-r", "KOI8-R"}};
    const auto found = kMeanings.find(label);
    return found != kMeanings.end() ? found->second : std::string(label);
}

// Small letters; nothing that is no name of a charset.
std::string clean_label(std::string_view label) {
    std::string out;
    for (const char c : lower_ascii(squeeze(label))) {
        const bool good = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                          std::string_view("-_.:+").find(c) != std::string_view::npos;
        if (good) out += c;
    }
    return out.size() <= kLongestLabel ? out : std::string();
}

// How many characters of several bytes are right, and how many bytes are wrong in UTF-8.
struct Utf8Count {
    std::size_t right = 0;
    std::size_t wrong = 0;
};

// Bytes of the character that begins so; 0: none does.
std::size_t utf8_size(unsigned char first) {
    if (first < 0x80) return 1;
    if (first < 0xC2) return 0;
    if (first < 0xE0) return 2;
    if (first < 0xF0) return 3;
    return first < 0xF5 ? 4 : 0;
}

Utf8Count count_utf8(std::string_view bytes) {
    Utf8Count count;
    for (std::size_t i = 0; i < bytes.size();) {
        const std::size_t size = utf8_size(static_cast<unsigned char>(bytes[i]));
        if (size == 1) {
            ++i;
        } else if (size > 1 && i + size <= bytes.size() && is_utf8(bytes.substr(i, size))) {
            ++count.right;
            i += size;
        } else if (count.right > 0 && i + size > bytes.size()) {
            break;  // the text was cut inside a character
        } else {
            ++count.wrong;
            ++i;
        }
    }
    return count;
}

class Iconv {
  public:
    explicit Iconv(const std::string& from) : handle_(::iconv_open("UTF-8", from.c_str())) {}
    ~Iconv() {
        if (known()) ::iconv_close(handle_);
    }
    Iconv(const Iconv&) = delete;
    Iconv& operator=(const Iconv&) = delete;

    bool known() const { return handle_ != reinterpret_cast<iconv_t>(-1); }

    std::string convert(std::string_view bytes) {
        std::string out;
        // iconv does not write to its input.
        char* in = const_cast<char*>(bytes.data());
        std::size_t left = bytes.size();
        char piece[4096];
        while (left > 0) {
            char* to = piece;
            std::size_t room = sizeof piece;
            const std::size_t before = left;
            const std::size_t done = ::iconv(handle_, &in, &left, &to, &room);
            out.append(piece, sizeof piece - room);
            if (done != static_cast<std::size_t>(-1)) break;
            if (left < before && errno == E2BIG) continue;
            if (errno == EINVAL) break;  // cut at the end
            if (errno == E2BIG && room == sizeof piece) break;
            if (errno != EILSEQ) continue;
            out += kBad;
            ++in;
            --left;
        }
        flush(out);
        return out;
    }

  private:
    void flush(std::string& out) {
        char piece[64];
        char* to = piece;
        std::size_t room = sizeof piece;
        ::iconv(handle_, nullptr, nullptr, &to, &room);
        out.append(piece, sizeof piece - room);
    }

    iconv_t handle_;
};

std::string convert(std::string_view bytes, const std::string& charset) {
    Iconv iconv(charset);
    return iconv.known() ? iconv.convert(bytes) : Iconv(kGuess).convert(bytes);
}

bool is_iso_2022_jp(std::string_view bytes) {
    return bytes.find("\x1b$B") != std::string_view::npos ||
           bytes.find("\x1b$@") != std::string_view::npos;
}

// Only marks of 8-bit text can be mistaken for UTF-8.
bool one_byte_latin(const std::string& charset) {
    return charset.empty() || charset == kGuess || !Iconv(charset).known();
}

}  // namespace

std::string to_utf8(std::string_view bytes, std::string_view label) {
    const std::string charset = meaning(clean_label(label));
    if (charset == "-") return std::string(bytes);
    if (bytes.substr(0, 3) == "\xEF\xBB\xBF") return std::string(bytes.substr(3));
    if (one_byte_latin(charset)) {
        if (is_iso_2022_jp(bytes)) return convert(bytes, "ISO-2022-JP");
        const Utf8Count count = count_utf8(bytes);
        if (count.wrong == 0 || (charset.empty() && count.right >= count.wrong))
            return std::string(bytes);
    }
    return convert(bytes, charset.empty() ? kGuess : charset);
}

std::string charset_of_html(std::string_view html) {
    const std::string head = lower_ascii(html.substr(0, kHtmlHead));
    const std::size_t found = head.find("charset=");
    if (found == std::string::npos) return {};
    const std::size_t from = head.find_first_not_of("\"' ", found + 8);
    if (from == std::string::npos) return {};
    return clean_label(head.substr(from, head.find_first_of("\"'> ;/", from) - from));
}

}  // namespace waypost::email
