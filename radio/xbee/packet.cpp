// SPDX-License-Identifier: Apache-2.0
#include "radio/xbee/packet.h"

namespace waypost::xbee {
namespace {

// Takes big-endian fields off the front; behind the end all are 0, and ok() is false.
class Reader {
  public:
    explicit Reader(std::string_view bytes) : left_(bytes) {}

    template <class T>
    T number() {
        std::uint64_t value = 0;
        for (const char byte : take(sizeof(T)))
            value = value << 8 | static_cast<unsigned char>(byte);
        return static_cast<T>(value);
    }
    std::uint8_t u8() { return number<std::uint8_t>(); }
    std::uint16_t u16() { return number<std::uint16_t>(); }
    std::uint64_t u64() { return number<std::uint64_t>(); }
    std::string letters() { return std::string(take(2)); }
    std::string text() {  // up to a zero
        const std::size_t end = left_.find('\0');
        ok_ &= end != std::string_view::npos;
        std::string out(take(ok_ ? end : 0));
        take(ok_ ? 1 : 0);
        return out;
    }
    std::string rest() { return std::string(std::exchange(left_, {})); }
    bool ok() const { return ok_; }

  private:
    std::string_view take(std::size_t size) {
        ok_ &= size <= left_.size();
        const std::string_view taken = ok_ ? left_.substr(0, size) : std::string_view();
        left_.remove_prefix(taken.size());
        return taken;
    }

    std::string_view left_;
    bool ok_ = true;
};

class Writer {
  public:
    explicit Writer(unsigned type) { u8(type); }
    Writer& u8(unsigned value) { return number(value, 1); }
    Writer& u16(unsigned value) { return number(value, 2); }
    Writer& u64(std::uint64_t value) { return number(value, 8); }
    Writer& bytes(std::string_view more) {
        out_.append(more);
        return *this;
    }
    std::string done() { return std::move(out_); }

  private:
    Writer& number(std::uint64_t value, int size) {
        for (int shift = 8 * (size - 1); shift >= 0; shift -= 8) {
            out_ += static_cast<char>(value >> shift & 255);
        }
        return *this;
    }
    std::string out_;
};

Endpoints endpoints(Reader& in) {
    Endpoints e;
    e.source = in.u8();
    e.destination = in.u8();
    e.cluster = in.u16();
    e.profile = in.u16();
    return e;
}

NodeDescription node(Reader& in) {
    NodeDescription n;
    n.address16 = in.u16();
    n.address = in.u64();
    n.name = in.text();
    n.parent16 = in.u16();
    n.device_type = in.u8();
    n.event = in.u8();
    n.profile = in.u16();
    n.manufacturer = in.u16();
    n.rest = in.rest();
    return n;
}

// Members of a braced list are read in their order.
Packet at_command(Reader& in, bool queued) {
    return AtCommand{in.u8(), in.letters(), in.rest(), queued};
}

Packet transmit(Reader& in, bool is_explicit) {
    Transmit t{in.u8(), in.u64(), in.u16(), {}, 0, 0, {}};
    if (is_explicit) t.endpoints = endpoints(in);
    t.radius = in.u8();
    t.options = in.u8();
    t.data = in.rest();
    return t;
}

Packet receive(Reader& in, bool is_explicit) {
    Receive r{in.u64(), in.u16(), {}, 0, {}};
    if (is_explicit) r.endpoints = endpoints(in);
    r.options = in.u8();
    r.data = in.rest();
    return r;
}

Packet packet_of(std::uint8_t type, Reader& in) {
    switch (type) {
        case 0x08:
        case 0x09:
            return at_command(in, type == 0x09);
        case 0x10:
        case 0x11:
            return transmit(in, type == 0x11);
        case 0x17:
            return RemoteAt{in.u8(), in.u64(), in.u16(), in.u8(), in.letters(), in.rest()};
        case 0x88:
            return AtAnswer{in.u8(), in.letters(), in.u8(), in.rest()};
        case 0x8A:
            return ModemStatus{in.u8(), in.rest()};
        case 0x8B:
            return TransmitStatus{in.u8(), in.u16(), in.u8(), static_cast<Delivery>(in.u8()),
                                  in.u8(), in.rest()};
        case 0x90:
        case 0x91:
            return receive(in, type == 0x91);
        case 0x95:
            return NodeIdentification{in.u64(), in.u16(), in.u8(), node(in)};
        case 0x97:
            return RemoteAtAnswer{in.u8(), in.u64(), in.u16(), in.letters(), in.u8(), in.rest()};
        default:
            return Unknown{type, in.rest()};
    }
}

void put(Writer& out, const Endpoints& e) {
    out.u8(e.source).u8(e.destination).u16(e.cluster).u16(e.profile);
}

struct Encoder {
    std::string operator()(const AtCommand& p) const {
        return Writer(p.queued ? 0x09 : 0x08).u8(p.id).bytes(p.name).bytes(p.value).done();
    }
    std::string operator()(const Transmit& p) const {
        Writer out(p.endpoints ? 0x11 : 0x10);
        out.u8(p.id).u64(p.to).u16(p.to16);
        if (p.endpoints) put(out, *p.endpoints);
        return out.u8(p.radius).u8(p.options).bytes(p.data).done();
    }
    std::string operator()(const RemoteAt& p) const {
        Writer out(0x17);
        out.u8(p.id).u64(p.to).u16(p.to16).u8(p.options);
        return out.bytes(p.name).bytes(p.value).done();
    }
    std::string operator()(const AtAnswer& p) const {
        return Writer(0x88).u8(p.id).bytes(p.name).u8(p.status).bytes(p.value).done();
    }
    std::string operator()(const ModemStatus& p) const {
        return Writer(0x8A).u8(p.status).bytes(p.rest).done();
    }
    std::string operator()(const TransmitStatus& p) const {
        Writer out(0x8B);
        out.u8(p.id).u16(p.to16).u8(p.retries).u8(static_cast<unsigned>(p.delivery));
        return out.u8(p.discovery).bytes(p.rest).done();
    }
    std::string operator()(const Receive& p) const {
        Writer out(p.endpoints ? 0x91 : 0x90);
        out.u64(p.from).u16(p.from16);
        if (p.endpoints) put(out, *p.endpoints);
        return out.u8(p.options).bytes(p.data).done();
    }
    std::string operator()(const NodeIdentification& p) const {
        Writer out(0x95);
        out.u64(p.from).u16(p.from16).u8(p.options).u16(p.node.address16).u64(p.node.address);
        out.bytes(p.node.name).u8(0).u16(p.node.parent16).u8(p.node.device_type).u8(p.node.event);
        return out.u16(p.node.profile).u16(p.node.manufacturer).bytes(p.node.rest).done();
    }
    std::string operator()(const RemoteAtAnswer& p) const {
        Writer out(0x97);
        out.u8(p.id).u64(p.from).u16(p.from16);
        return out.bytes(p.name).u8(p.status).bytes(p.value).done();
    }
    std::string operator()(const Unknown& p) const { return Writer(p.type).bytes(p.rest).done(); }
};

}  // namespace

Result<Packet> parse(std::string_view body) {
    Reader in(body);
    const std::uint8_t type = in.u8();
    Packet packet = packet_of(type, in);
    if (!in.ok()) return bad_input("an API frame is too short for its type");
    return packet;
}

Result<NodeDescription> parse_node(std::string_view bytes) {
    Reader in(bytes);
    NodeDescription found = node(in);
    if (!in.ok()) return bad_input("the description of a node is too short");
    return found;
}

std::string encode(const Packet& packet) { return std::visit(Encoder{}, packet); }

}  // namespace waypost::xbee
