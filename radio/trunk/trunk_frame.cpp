// SPDX-License-Identifier: Apache-2.0
#include "radio/trunk/trunk_frame.h"

namespace waypost::trunk {
namespace {

char byte(std::uint64_t value) { return static_cast<char>(value & 0xFF); }
std::uint8_t at(std::string_view s, std::size_t i) { return static_cast<std::uint8_t>(s[i]); }

struct Shape {
    std::size_t head;
    std::size_t tag;
};

Shape shape_of(const Frame& frame) {
    switch (frame.type) {
        case FrameType::Single:
        case FrameType::Bundle:
            return {3, kSingleTag};
        case FrameType::Fragment:
            return {4, kFragmentTag};
        case FrameType::Report:
            return {3, kReportTag};
        case FrameType::Hello:
            return {2 + kSalt, kHelloTag};
        case FrameType::Poll:
        case FrameType::Hold:
            return {1, kReportTag};
        case FrameType::Extension:
            break;
    }
    if (frame.extension == ExtensionKind::Repair) return {6, kFragmentTag};
    return {4, kReportTag};
}

bool known(ExtensionKind kind) {
    return kind == ExtensionKind::Beacon || kind == ExtensionKind::Close ||
           kind == ExtensionKind::Repair;
}

std::uint16_t two(std::string_view s, std::size_t i) {
    return static_cast<std::uint16_t>(at(s, i) << 8 | at(s, i + 1));
}

void read_head(Frame& frame, std::string_view packet) {
    if (frame.type == FrameType::Hello) {
        frame.link = at(packet, 1);
        frame.salt = packet.substr(2, kSalt);
        return;
    }
    const std::size_t start = frame.type == FrameType::Extension ? 2 : 1;
    if (frame.head.size() >= start + 2) frame.number = two(packet, start);
    if (frame.head.size() >= start + 3) frame.index = at(packet, start + 2);
    if (frame.head.size() >= start + 4) frame.fragments = at(packet, start + 3);
}

}  // namespace

std::string encode_head(const Frame& frame) {
    std::string out(1, byte(static_cast<unsigned>(frame.type) << 5 |
                            static_cast<unsigned>(frame.remaining & 7) << 2 |
                            (frame.second ? 2U : 0U) | (frame.epoch ? 1U : 0U)));
    if (frame.type == FrameType::Hello) {
        out += byte(frame.link);
        return out.append(frame.salt);
    }
    if (frame.type == FrameType::Extension) out += byte(static_cast<unsigned>(frame.extension));
    const std::size_t length = shape_of(frame).head;
    if (length >= 3) {
        out += byte(frame.number >> 8);
        out += byte(frame.number);
    }
    if (frame.type == FrameType::Fragment || length == 6) out += byte(frame.index);
    if (length == 6) out += byte(frame.fragments);
    return out;
}

std::size_t tag_bytes(const Frame& frame) { return shape_of(frame).tag; }

Result<Frame> parse_frame(std::string_view packet) {
    if (packet.empty()) return bad_input("an empty packet");
    Frame frame;
    const unsigned first = at(packet, 0);
    frame.type = static_cast<FrameType>(first >> 5);
    frame.remaining = static_cast<int>(first >> 2 & 7);
    frame.second = (first & 2) != 0;
    frame.epoch = (first & 1) != 0;
    if (frame.type == FrameType::Extension) {
        if (packet.size() < 2) return bad_input("an extension without kind");
        frame.extension = static_cast<ExtensionKind>(at(packet, 1));
        if (!known(frame.extension)) return Error{Code::NotFound, "an unknown extension", false};
    }
    const Shape shape = shape_of(frame);
    if (packet.size() < shape.head + shape.tag) return bad_input("a packet that is cut short");
    frame.head = packet.substr(0, shape.head);
    frame.tag = packet.substr(packet.size() - shape.tag);
    frame.body = packet.substr(shape.head, packet.size() - shape.head - shape.tag);
    read_head(frame, packet);
    if (shape.head == 1 && !frame.body.empty()) return bad_input("a poll that is too long");
    return frame;
}

namespace {

enum Item : unsigned { kHeld, kGapsToEnd, kGaps, kOther };
enum Other : unsigned { kSnr, kSingleBehind, kBundleBehind, kWaiting };

char item(Item kind, unsigned value) { return byte(static_cast<unsigned>(kind) << 6 | value); }

bool read_gaps(Report& report, int offset, bool to_end, std::string_view& in) {
    if (in.empty() || report.gaps.size() >= static_cast<std::size_t>(kWindow)) return false;
    Gaps gaps{offset, at(in, 0), {}};
    in.remove_prefix(1);
    std::size_t length = in.size();
    if (!to_end) {
        if (in.empty()) return false;
        length = at(in, 0);
        in.remove_prefix(1);
    }
    if (length > in.size() || length > 32) return false;
    gaps.map = std::string(in.substr(0, length));
    in.remove_prefix(length);
    report.gaps.push_back(std::move(gaps));
    return true;
}

bool read_other(Report& report, unsigned what, std::string_view& in) {
    if (what == kWaiting) {
        report.waiting = true;
        return true;
    }
    if (what == kSnr) {
        if (in.empty()) return false;
        report.snr_quarter = static_cast<std::int8_t>(in[0]);
        in.remove_prefix(1);
        return true;
    }
    if ((what != kSingleBehind && what != kBundleBehind) || in.size() < 2) return false;
    report.behind = Behind{what == kBundleBehind, two(in, 0), std::string(in.substr(2))};
    in = {};
    return true;
}

}  // namespace

std::string encode_report(const Report& report) {
    std::string out(1, byte(report.low));
    if (report.waiting) out += item(kOther, kWaiting);
    if (report.snr_quarter) {
        out += item(kOther, kSnr);
        out += byte(static_cast<std::uint64_t>(*report.snr_quarter));
    }
    for (const int offset : report.held) out += item(kHeld, static_cast<unsigned>(offset));
    for (const Gaps& gaps : report.gaps) {
        const bool to_end = &gaps == &report.gaps.back() && !report.behind;
        out += item(to_end ? kGapsToEnd : kGaps, static_cast<unsigned>(gaps.offset));
        out += byte(static_cast<unsigned>(gaps.base));
        if (!to_end) out += byte(gaps.map.size());
        out += gaps.map;
    }
    if (report.behind) {
        out += item(kOther, report.behind->bundle ? kBundleBehind : kSingleBehind);
        out += byte(report.behind->number >> 8);
        out += byte(report.behind->number);
        out += report.behind->bytes;
    }
    return out;
}

Result<Report> parse_report(std::string_view body) {
    if (body.empty()) return bad_input("an empty report");
    Report report;
    report.low = at(body, 0);
    body.remove_prefix(1);
    while (!body.empty()) {
        const unsigned first = at(body, 0);
        const unsigned value = first & 63;
        body.remove_prefix(1);
        bool good = true;
        switch (static_cast<Item>(first >> 6)) {
            case kHeld:
                report.held.push_back(static_cast<int>(value));
                break;
            case kGapsToEnd:
                good = read_gaps(report, static_cast<int>(value), true, body);
                break;
            case kGaps:
                good = read_gaps(report, static_cast<int>(value), false, body);
                break;
            case kOther:
                good = read_other(report, value, body);
                break;
        }
        if (!good) return bad_input("a broken report");
    }
    return report;
}

std::string encode_hello(const Hello& hello) {
    std::string out;
    out += byte(hello.version);
    out += byte(hello.answer ? 1 : 0);
    for (const std::uint64_t value :
         {std::uint64_t{hello.features}, hello.next, hello.next - hello.oldest, hello.low,
          std::uint64_t{hello.deaf_ms}, std::uint64_t{hello.payload}, std::uint64_t{hello.speed}})
        put_varint(out, value);
    return out + hello.facts;
}

Result<Hello> parse_hello(std::string_view body) {
    if (body.size() < 2) return bad_input("a hello that is cut short");
    Hello hello;
    hello.version = at(body, 0);
    hello.answer = (at(body, 1) & 1) != 0;
    body.remove_prefix(2);
    std::uint64_t values[7];
    for (std::uint64_t& value : values) {
        const auto taken = take_varint(body);
        if (!taken) return bad_input("a hello that is cut short");
        value = *taken;
    }
    if (values[0] > UINT32_MAX || values[2] > values[1] || values[4] > 60'000 ||
        values[5] > 65'535 || values[6] > 65'535 || values[1] >> 56 != 0 || values[3] >> 56 != 0)
        return bad_input("a hello with values that cannot be");
    hello.features = static_cast<std::uint32_t>(values[0]);
    hello.next = values[1];
    hello.oldest = values[1] - values[2];
    hello.low = values[3];
    hello.deaf_ms = static_cast<std::uint32_t>(values[4]);
    hello.payload = static_cast<std::uint32_t>(values[5]);
    hello.speed = static_cast<std::uint32_t>(values[6]);
    if (body.size() > kMostFacts) return bad_input("a hello with too many facts");
    hello.facts = std::string(body);
    return hello;
}

std::string encode_beacon(const Beacon& beacon) {
    std::string out;
    put_varint(out, beacon.airtime_left_s);
    put_varint(out, beacon.waiting_objects);
    put_varint(out, beacon.waiting_bytes);
    return out;
}

Result<Beacon> parse_beacon(std::string_view body) {
    const auto left = take_varint(body);
    const auto objects = take_varint(body);
    const auto bytes = take_varint(body);
    if (!left || !objects || !bytes || (*left | *objects | *bytes) > UINT32_MAX)
        return bad_input("a broken beacon");
    return Beacon{static_cast<std::uint32_t>(*left), static_cast<std::uint32_t>(*objects),
                  static_cast<std::uint32_t>(*bytes)};
}

std::string encode_bundle(const std::vector<std::string>& objects) {
    std::string out;
    for (const std::string& each : objects) {
        put_varint(out, each.size());
        out += each;
    }
    return out;
}

Result<std::vector<std::string>> parse_bundle(std::string_view bytes) {
    std::vector<std::string> objects;
    while (!bytes.empty()) {
        const auto length = take_varint(bytes);
        if (!length || *length > bytes.size()) return bad_input("a broken bundle");
        objects.emplace_back(bytes.substr(0, *length));
        bytes.remove_prefix(*length);
    }
    return objects;
}

std::uint64_t near(std::uint64_t about, std::uint64_t low, int bits) {
    const std::uint64_t turn = std::uint64_t{1} << bits;
    std::uint64_t value = (about & ~(turn - 1)) | (low & (turn - 1));
    if (value > about && value - about > turn / 2 && value >= turn) value -= turn;
    if (value < about && about - value > turn / 2) value += turn;
    return value;
}

}  // namespace waypost::trunk
