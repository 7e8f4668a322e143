// SPDX-License-Identifier: Apache-2.0
#include "gateway/io/http/request_reader.h"

#include <algorithm>
#include <charconv>
#include <cstring>

#include "gateway/message/text.h"

namespace waypost {
namespace {

constexpr std::string_view kHeadEnd = "\r\n\r\n";

Error without_end() { return {Code::TooLarge, "a request without end", false}; }

struct BodySize {
    std::uint64_t length = 0;
    bool chunked = false;
    bool doubtful = false;  // another reader may see another end
};

// False: it is no number, or one that is too large.
bool read_length(std::string_view line, std::uint64_t& length) {
    const std::size_t from = line.find_first_not_of(" \t");
    if (from == std::string_view::npos) return false;
    const std::size_t to = line.find_last_not_of(" \t") + 1;
    const auto read = std::from_chars(line.data() + from, line.data() + to, length);
    return read.ec == std::errc() && read.ptr == line.data() + to;
}

// Whether each line ends as RFC 9112 2.2 wants it: servers differ in what else they take for an
// end.
bool has_good_lines(std::string_view head) {
    for (std::size_t at = 0; at < head.size(); ++at)
        if (head[at] == '\n' && (at == 0 || head[at - 1] != '\r')) return false;
    return true;
}

// RFC 9112, 6.2 and 6.3. `head`: with the end of its last line.
BodySize size_in(const std::string& head) {
    static constexpr std::string_view kLength = "content-length:";
    static constexpr std::string_view kCoding = "transfer-encoding:";
    BodySize size;
    bool said = false;
    for (std::size_t at = head.find('\n') + 1; at < head.size();) {
        const std::size_t end = head.find('\n', at);
        const std::string line = lower_ascii(std::string_view(head).substr(at, end - 1 - at));
        if (line.starts_with(kLength)) {
            const bool good =
                read_length(std::string_view(line).substr(kLength.size()), size.length);
            if (!good || said) size.doubtful = true;
            said = true;
        } else if (line.starts_with(kCoding)) {
            size.chunked = size.doubtful = true;
        }
        at = end + 1;
    }
    return size;
}

}  // namespace

Result<void> RequestReader::add(std::string_view bytes) {
    if (!has_head()) {
        bytes_.append(bytes);
        return look_for_head();
    }
    const std::size_t most = head_ + limits_.most_body;
    const std::size_t kept = std::min(bytes.size(), most - std::min(most, bytes_.size()));
    bytes_.append(bytes.substr(0, kept));
    dropped_ += bytes.size() - kept;
    if (dropped_ > limits_.most_dropped) return without_end();
    return {};
}

bool RequestReader::whole() const {
    if (!has_head()) return false;
    if (cut_short_) return true;
    return chunked_ ? has_last_chunk() : bytes_.size() + dropped_ >= head_ + length_;
}

std::size_t RequestReader::take(char* room, std::size_t size) {
    const std::size_t taken = std::min(end() - taken_, size);
    std::memcpy(room, bytes_.data() + taken_, taken);
    taken_ += taken;
    return taken;
}

Result<void> RequestReader::next() {
    bytes_.erase(0, end());
    bytes_.shrink_to_fit();
    head_ = taken_ = 0;
    length_ = dropped_ = 0;
    chunked_ = doubtful_ = cut_short_ = false;
    return look_for_head();
}

std::size_t RequestReader::end() const {
    if (!has_head() || cut_short_) return head_;
    const std::uint64_t all = chunked_ ? bytes_.size() : head_ + length_;
    return static_cast<std::size_t>(std::min<std::uint64_t>(all, bytes_.size()));
}

Result<void> RequestReader::look_for_head() {
    const std::size_t end = bytes_.find(kHeadEnd);
    if (end == std::string::npos) {
        if (bytes_.size() >= limits_.most_head + kHeadEnd.size()) return without_end();
        return {};
    }
    if (end > limits_.most_head) return without_end();
    const std::string head = bytes_.substr(0, end + 2);
    if (!has_good_lines(head)) return bad_input("a line of the head has no good end");
    head_ = head.size() + 2;
    const BodySize size = size_in(head);
    length_ = size.length;
    chunked_ = size.chunked;
    doubtful_ = size.doubtful;
    cut_short_ = limits_.most_dropped == 0 && (chunked_ || length_ > limits_.most_body);
    return {};
}

// It is refused (411); but who still sends when the connection closes reads no answer.
bool RequestReader::has_last_chunk() const {
    static constexpr std::string_view kLast = "\r\n0\r\n\r\n";
    return dropped_ > 0 || (bytes_.size() >= head_ + kLast.size() - 2 && bytes_.ends_with(kLast));
}

}  // namespace waypost
