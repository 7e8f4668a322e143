// SPDX-License-Identifier: Apache-2.0
#include "radio/lora_modem/rylr998/answers.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace waypost::rylr998 {
namespace {

constexpr std::string_view kPacket = "+RCV=";
constexpr std::string_view kError = "+ERR=";
constexpr std::size_t kMostLine = 128;
constexpr std::size_t kMostDigits = 5;

// A decimal number at the front of `text`, which loses it and the `end` behind it.
enum class Found { Yes, No, More };

Found take_number(std::string_view& text, std::string_view end, int& value) {
    const bool minus = !text.empty() && text.front() == '-';
    std::size_t at = minus ? 1 : 0;
    const std::size_t first = at;
    value = 0;
    while (at < text.size() && text[at] >= '0' && text[at] <= '9' && at - first < kMostDigits)
        value = value * 10 + (text[at++] - '0');
    if (minus) value = -value;
    const std::string_view behind = text.substr(at, end.size());
    if (behind.size() < end.size() && end.substr(0, behind.size()) == behind) return Found::More;
    if (at == first || behind != end) return Found::No;
    text.remove_prefix(at + end.size());
    return Found::Yes;
}

Answer broken_packet() {
    Answer answer;
    answer.kind = Answer::Kind::Broken;
    return answer;
}

Answer classify(std::string_view text) {
    Answer answer;
    answer.text = text;
    if (text == "+OK") answer.kind = Answer::Kind::Ok;
    if (text == "+READY") answer.kind = Answer::Kind::Ready;
    std::string_view digits = text;
    if (digits.substr(0, kError.size()) != kError) return answer;
    digits.remove_prefix(kError.size());
    if (take_number(digits, "", answer.error) == Found::Yes) answer.kind = Answer::Kind::Error;
    return answer;
}

}  // namespace

std::size_t AnswerReader::packet(std::string_view rest, std::vector<Answer>& answers) const {
    Answer answer;
    std::string_view left = rest.substr(kPacket.size());
    int size = 0;
    const auto broken = [&] {
        answers.push_back(broken_packet());
        return kPacket.size();
    };
    for (int* number : {&answer.from, &size}) {
        const Found found = take_number(left, ",", *number);
        if (found == Found::More) return 0;
        if (found == Found::No || *number < 0) return broken();
    }
    const auto bytes = static_cast<std::size_t>(size);
    if (bytes > kMostOnAir || answer.from > 65'535) return broken();
    if (left.size() <= bytes) return 0;
    answer.text = left.substr(0, bytes);
    if (left[bytes] != ',') return broken();
    left.remove_prefix(bytes + 1);
    for (const auto& [number, end] :
         {std::pair{&answer.rssi_dbm, ","}, std::pair{&answer.snr_db, "\r\n"}}) {
        const Found found = take_number(left, end, *number);
        if (found == Found::More) return 0;
        if (found == Found::No) return broken();
    }
    answer.kind = Answer::Kind::Packet;
    answers.push_back(std::move(answer));
    return rest.size() - left.size();
}

std::size_t AnswerReader::line(std::string_view rest, std::vector<Answer>& answers) const {
    const std::size_t end = rest.find('\n');
    const std::size_t inside = rest.find(kPacket);
    if (inside < end) return inside;  // half a line before it
    if (end == std::string_view::npos)
        return rest.size() > kMostLine ? rest.size() - kPacket.size() : 0;
    std::string_view text = rest.substr(0, end);
    if (!text.empty() && text.back() == '\r') text.remove_suffix(1);
    if (!text.empty() && text.size() <= kMostLine) answers.push_back(classify(text));
    return end + 1;
}

std::vector<Answer> AnswerReader::feed(std::string_view bytes) {
    std::vector<Answer> answers;
    buffer_.append(bytes);
    std::string_view rest = buffer_;
    while (!rest.empty()) {
        const bool is_packet = rest.substr(0, kPacket.size()) == kPacket;
        const std::size_t used = is_packet ? packet(rest, answers) : line(rest, answers);
        if (used == 0) break;
        rest.remove_prefix(used);
    }
    buffer_.erase(0, buffer_.size() - rest.size());
    return answers;
}

std::vector<Answer> AnswerReader::give_up_begun() {
    std::vector<Answer> answers;
    if (buffer_.empty()) return answers;
    if (buffer_.compare(0, kPacket.size(), kPacket) == 0) answers.push_back(broken_packet());
    buffer_.erase(0, 1);
    for (Answer& each : feed({})) answers.push_back(std::move(each));
    return answers;
}

const char* explain(int error) {
    switch (error) {
        case kNoEnd:
            return "the command has no end";
        case kNotAt:
            return "the command does not begin with AT";
        case kUnknownCommand:
            return "it does not know the command or the value";
        case kLengthDiffers:
            return "the data are not as long as was said";
        case 10:
            return "sending took too long";
        case kBadCrc:
            return "the CRC is wrong";
        case kTooLong:
            return "over 240 bytes";
        case 14:
            return "its memory cannot be written";
        case 15:
            return "an unknown failure";
        case kNotFinished:
            return "the last sending is not finished";
        case kPreamble:
            return "this preamble needs network 18";
        case kBadHeader:
            return "the header of what was heard is wrong";
        case 20:
            return "the time of the power saving mode is not allowed";
        default:
            return "";
    }
}

}  // namespace waypost::rylr998
