// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/mailbox/imap_response.h"

#include <algorithm>
#include <charconv>

namespace waypost::email {
namespace {

using Kind = ImapToken::Kind;

constexpr std::size_t kReadBytes = 16 * 1024;
constexpr std::string_view kAtomEnds = " ()\"";

Error endless() { return {Code::BadInput, "the provider's answer does not end", true}; }

// "... {12}" or "{12+}" at the end of a line; what stands before it stays in `line`.
std::optional<std::size_t> take_literal_mark(std::string& line) {
    if (line.empty() || line.back() != '}') return std::nullopt;
    const std::size_t open = line.rfind('{');
    if (open == std::string::npos) return std::nullopt;
    std::size_t bytes = 0;
    const char* const first = line.data() + open + 1;
    const char* const last = line.data() + line.size() - 1;
    const auto read = std::from_chars(first, last, bytes);
    const bool ends = read.ptr == last || (read.ptr + 1 == last && *read.ptr == '+');
    if (read.ec == std::errc::result_out_of_range)
        bytes = std::string::npos;
    else if (read.ec != std::errc() || !ends)
        return std::nullopt;
    line.resize(open);
    return bytes;
}

// From the quote at `at`; `at` ends behind the closing one.
bool take_quoted(std::string_view line, std::size_t& at, std::string& text) {
    for (++at; at < line.size(); ++at) {
        if (line[at] == '"') {
            ++at;
            return true;
        }
        if (line[at] == '\\' && at + 1 < line.size()) ++at;
        text += line[at];
    }
    return false;
}

bool tokenise(std::string_view line, std::size_t most, std::vector<ImapToken>& out) {
    for (std::size_t at = 0; at < line.size();) {
        if (line[at] == ' ') {
            ++at;
            continue;
        }
        if (out.size() >= most) return false;
        ImapToken token;
        if (line[at] == '(' || line[at] == ')') {
            token.kind = line[at++] == '(' ? Kind::Open : Kind::Close;
        } else if (line[at] == '"') {
            token.kind = Kind::Text;
            if (!take_quoted(line, at, token.text)) return false;
        } else {
            const std::size_t end = std::min(line.find_first_of(kAtomEnds, at), line.size());
            token.text = line.substr(at, end - at);
            at = end;
        }
        out.push_back(std::move(token));
    }
    return true;
}

}  // namespace

std::string_view ImapResponse::tag() const {
    if (lines.empty()) return {};
    return std::string_view(lines.front()).substr(0, lines.front().find(' '));
}

std::string_view ImapResponse::rest() const {
    if (lines.empty()) return {};
    const std::size_t space = lines.front().find(' ');
    if (space == std::string::npos) return {};
    return std::string_view(lines.front()).substr(space + 1);
}

std::optional<std::vector<ImapToken>> tokens_of(const ImapResponse& response,
                                                const ImapLimits& limits) {
    std::vector<ImapToken> tokens;
    for (std::size_t i = 0; i < response.lines.size(); ++i) {
        const std::string_view line = i == 0 ? response.rest() : response.lines[i];
        if (i > 0) tokens.push_back({Kind::Text, response.literals[i - 1]});
        if (!tokenise(line, limits.tokens, tokens)) return std::nullopt;
    }
    return tokens;
}

std::vector<std::string> response_code(std::string_view text) {
    if (text.empty() || text.front() != '[') return {};
    const std::string_view code = text.substr(1, text.find(']') - 1);
    std::vector<std::string> words;
    for (std::size_t at = 0; at < code.size();) {
        const std::size_t end = std::min(code.find(' ', at), code.size());
        if (end > at) words.emplace_back(code.substr(at, end - at));
        at = end + 1;
    }
    return words;
}

std::optional<std::string> quoted(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20 || byte >= 0x7f) return std::nullopt;
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out + '"';
}

Result<void> ImapReader::fill() {
    if (budget_ == 0) return endless();
    if (at_ > 0) {
        buffer_.erase(0, at_);
        at_ = 0;
    }
    char bytes[kReadBytes];
    const auto got = wire_.read(bytes, std::min(sizeof bytes, budget_));
    if (!got.ok()) return got.error();
    budget_ -= *got;
    buffer_.append(bytes, *got);
    return {};
}

Result<std::string> ImapReader::line() {
    std::size_t looked = 0;  // without an end among them
    for (;;) {
        const std::size_t lf = buffer_.find('\n', at_ + looked);
        if (lf != std::string::npos) {
            std::string line = buffer_.substr(at_, lf - at_);
            at_ = lf + 1;
            if (!line.empty() && line.back() == '\r') line.pop_back();
            return line;
        }
        looked = buffer_.size() - at_;
        if (looked > limits_.line_bytes) return endless();
        if (auto more = fill(); !more.ok()) return more.error();
    }
}

Result<std::string> ImapReader::literal(std::size_t bytes) {
    if (bytes > limits_.literal_bytes)
        return Error{Code::BadInput, "the provider sends more than was asked for", true};
    while (buffer_.size() - at_ < bytes) {
        if (auto more = fill(); !more.ok()) return more.error();
    }
    std::string text = buffer_.substr(at_, bytes);
    at_ += bytes;
    return text;
}

Result<ImapResponse> ImapReader::next() {
    ImapResponse response;
    for (;;) {
        auto text = line();
        if (!text.ok()) return text.error();
        const auto bytes = take_literal_mark(*text);
        response.lines.push_back(std::move(*text));
        if (!bytes) return response;
        if (response.literals.size() >= limits_.literals) return endless();
        auto value = literal(*bytes);
        if (!value.ok()) return value.error();
        response.literals.push_back(std::move(*value));
    }
}

}  // namespace waypost::email
