// SPDX-License-Identifier: Apache-2.0
#include "radio/reticulum/lxmf/message.h"

#include <cmath>

#include "gateway/message/text.h"
#include "radio/reticulum/lxmf/fields.h"
#include "radio/reticulum/msgpack_in.h"
#include "radio/reticulum/wire/crypto.h"

namespace waypost::reticulum {
namespace {

constexpr std::size_t kMostElements = 16;  // of the payload: 4, the stamp, and what may come
constexpr std::size_t kMostImageFormat = 32;

Error too_large(const std::string& what) {
    return {Code::TooLarge, "the LXMF message is too large: " + what, false};
}

// A pair [text, bytes] inside a file or image.
struct NamedBytes {
    std::string_view name, data;
};
std::optional<NamedBytes> named_bytes(const msgpack::object& object) {
    if (object.type != msgpack::type::ARRAY || object.via.array.size != 2) return std::nullopt;
    const auto name = bytes_in(object.via.array.ptr[0]);
    const auto data = bytes_in(object.via.array.ptr[1]);
    if (!name || !data) return std::nullopt;
    return NamedBytes{*name, *data};
}

// What is no list of files has none; an entry that is no file is left out.
Result<void> read_files(std::string_view raw, const LxmfLimits& limits, LxmfMessage& out) {
    const auto value = MsgpackReader(raw).value();
    if (value->type != msgpack::type::ARRAY) return {};
    const auto& list = value->via.array;
    if (list.size > limits.files)
        return too_large("at most " + std::to_string(limits.files) + " files");
    for (std::uint32_t i = 0; i < list.size; ++i)
        if (const auto file = named_bytes(list.ptr[i]))
            out.files.push_back({clean_name(file->name), std::string(file->data)});
    return {};
}

void read_image(std::string_view raw, LxmfMessage& out) {
    const auto value = MsgpackReader(raw).value();
    const auto image = named_bytes(*value);
    if (image && image->name.size() <= kMostImageFormat)
        out.image = LxmfImage{clean_name(image->name), std::string(image->data)};
}

std::string short_bytes(std::string_view raw, std::size_t most) {
    const auto value = MsgpackReader(raw).value();
    const auto bytes = bytes_in(*value);
    return bytes && bytes->size() <= most ? std::string(*bytes) : std::string();
}

Result<void> read_field(std::uint8_t key, std::string_view raw, const LxmfLimits& limits,
                        LxmfMessage& out) {
    if (key == kFieldFiles) {
        out.files.clear();
        return read_files(raw, limits, out);
    }
    if (key == kFieldImage) {
        read_image(raw, out);
    } else if (key == kFieldReplyTo) {
        out.reply_to = short_bytes(raw, kFullHash);
        if (out.reply_to.size() != kFullHash) out.reply_to.clear();
    } else {
        out.other_fields[key] = std::string(raw);
    }
    return {};
}

// Keys that are no number of one byte belong to nobody.
Result<void> read_fields(std::string_view raw, const LxmfLimits& limits, LxmfMessage& out) {
    MsgpackReader in(raw);
    const auto pairs = in.map_header();
    if (!pairs) return {};
    if (*pairs > limits.fields)
        return too_large("at most " + std::to_string(limits.fields) + " fields");
    for (std::size_t i = 0; i < *pairs; ++i) {
        const auto key = in.value();
        const auto value = in.raw();
        if (!value) return bad_input("the fields of the LXMF message are cut off");
        const auto number = number_in(*key);
        if (!number || *number > 0xff) continue;
        auto read = read_field(static_cast<std::uint8_t>(*number), *value, limits, out);
        if (!read.ok()) return read;
    }
    return {};
}

// The elements of a payload, and the bytes that count for id and signature.
struct Payload {
    std::vector<std::string_view> elements;
    std::string hashed;
};
Result<Payload> split_payload(std::string_view bytes) {
    MsgpackReader in(bytes);
    const auto count = in.array_header();
    if (!count || *count < 4 || *count > kMostElements)
        return bad_input("the payload of an LXMF message is a msgpack array of 4 or 5");
    const std::size_t begin = in.offset();
    std::size_t end_of_four = 0;
    Payload out;
    for (std::size_t i = 0; i < *count; ++i) {
        const auto element = in.raw();
        if (!element) return bad_input("the payload of the LXMF message is cut off or malformed");
        out.elements.push_back(*element);
        if (i == 3) end_of_four = in.offset();
    }
    if (!in.at_end()) return bad_input("the LXMF message has bytes after its payload");
    // A stamp was put behind when the message was signed already: it is taken off again without
    // touching the other bytes, which the sender may have packed in a way of his own.
    out.hashed = *count == 4 ? std::string(bytes)
                             : '\x94' + std::string(bytes.substr(begin, end_of_four - begin));
    return out;
}

Result<std::string> read_text(std::string_view raw) {
    const auto value = MsgpackReader(raw).value();
    if (value->type == msgpack::type::NIL && raw.size() == 1) return std::string();
    const auto bytes = bytes_in(*value);
    if (!bytes) return bad_input("title and content of an LXMF message are bytes");
    return std::string(*bytes);
}

Result<void> read_elements(const Payload& payload, const LxmfLimits& limits, ReceivedLxmf& out) {
    const auto time = MsgpackReader(payload.elements[0]).value();
    const auto seconds = real_in(*time);
    if (!seconds) return bad_input("the time of an LXMF message is a number");
    out.message.time = std::isfinite(*seconds) && *seconds > 0 ? *seconds : 0;
    const auto title = read_text(payload.elements[1]);
    if (!title.ok()) return title.error();
    const auto content = read_text(payload.elements[2]);
    if (!content.ok()) return content.error();
    if (title->size() + content->size() > limits.text_bytes)
        return too_large("at most " + std::to_string(limits.text_bytes) + " bytes of text");
    out.message.title = clean_title(*title);
    out.message.content = clean_utf8(*content);
    if (payload.elements.size() > 4) {
        out.stamp = short_bytes(payload.elements[4], kLxmfStamp);
    }
    return read_fields(payload.elements[3], limits, out.message);
}

}  // namespace

Result<ReceivedLxmf> read_lxmf(std::string_view full, const LxmfLimits& limits) {
    constexpr std::size_t kBefore = 2 * kHash + kSignature;
    if (full.size() > limits.bytes)
        return too_large("at most " + std::to_string(limits.bytes) + " bytes");
    if (full.size() <= kBefore) return bad_input("too short for an LXMF message");
    ReceivedLxmf out;
    out.message.to = full.substr(0, kHash);
    out.message.from = full.substr(kHash, kHash);
    out.signature = full.substr(2 * kHash, kSignature);
    const auto payload = split_payload(full.substr(kBefore));
    if (!payload.ok()) return payload.error();
    const std::string hashed = std::string(full.substr(0, 2 * kHash)) + payload->hashed;
    out.id = sha256(hashed);
    out.signed_part = hashed + out.id;
    const auto read = read_elements(*payload, limits, out);
    if (!read.ok()) return read.error();
    return out;
}

Result<ReceivedLxmf> read_opportunistic_lxmf(std::string_view to, std::string_view bytes,
                                             const LxmfLimits& limits) {
    if (to.size() != kHash) return bad_input("the destination of an LXMF message is 16 bytes");
    return read_lxmf(std::string(to).append(bytes), limits);
}

bool is_genuine(const ReceivedLxmf& received, const PublicIdentity& sender) {
    return destination_of("lxmf.delivery", sender) == received.message.from &&
           sender.verify(received.signed_part, received.signature);
}

}  // namespace waypost::reticulum
