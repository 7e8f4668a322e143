// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/packet/tar_block.h"

#include <charconv>

namespace waypost::nncp {
namespace {

struct Field {
    std::size_t at, size;
};
constexpr Field kName{0, 100}, kMode{100, 8}, kUser{108, 8}, kGroup{116, 8}, kSize{124, 12},
    kTime{136, 12}, kSum{148, 8}, kMagic{257, 6}, kVersion{263, 2}, kPrefix{345, 155};
constexpr std::size_t kType = 156;

std::string_view text_in(std::string_view block, Field field) {
    const auto text = block.substr(field.at, field.size);
    return text.substr(0, text.find('\0'));
}

void put(std::string& block, Field field, std::string_view text) {
    block.replace(field.at, text.size(), text);
}

// Octal with a final NUL; what is too large for it in base 256, as GNU and Go do it.
void put_number(std::string& block, Field field, std::uint64_t number) {
    const std::size_t digits = field.size - 1;
    if (number >> (3 * digits) != 0) {
        for (std::size_t i = 0; i < field.size; ++i, number >>= 8)
            block[field.at + digits - i] = static_cast<char>(number & 0xFF);
        block[field.at] = static_cast<char>(0x80);
        return;
    }
    for (std::size_t i = 0; i < digits; ++i, number >>= 3)
        block[field.at + digits - 1 - i] = static_cast<char>('0' + (number & 7));
}

Result<std::uint64_t> number_in(std::string_view block, Field field) {
    auto text = block.substr(field.at, field.size);
    if (static_cast<unsigned char>(text[0]) == 0x80) {
        std::uint64_t number = 0;
        for (const char c : text.substr(1)) {
            if (number >> 55 != 0) return bad_input("a size in a tar is too large");
            number = (number << 8) | static_cast<unsigned char>(c);
        }
        return number;
    }
    while (text.starts_with(' ')) text.remove_prefix(1);
    text = text.substr(0, text.find_first_of(std::string_view(" \0", 2)));
    std::uint64_t number = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number, 8);
    if (read.ec != std::errc() || read.ptr != text.data() + text.size() || number >> 63 != 0)
        return bad_input("a number in a tar is none");
    return number;
}

std::uint64_t sum_of(std::string_view block) {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < kTarBlock; ++i) {
        const bool own = i >= kSum.at && i < kSum.at + kSum.size;
        sum += own ? ' ' : static_cast<unsigned char>(block[i]);
    }
    return sum;
}

}  // namespace

Result<std::string> encode(const TarEntry& entry) {
    std::string block(kTarBlock, '\0');
    std::string_view name = entry.path;
    if (name.size() > kName.size) {
        // The shortest name that leaves a prefix which fits; a slash stands between them.
        const auto slash = name.substr(0, kPrefix.size + 1).rfind('/');
        if (slash == name.npos || name.size() - slash - 1 > kName.size)
            return bad_input("too long a path for a tar: " + entry.path);
        put(block, kPrefix, name.substr(0, slash));
        name.remove_prefix(slash + 1);
    }
    put(block, kName, name);
    put_number(block, kMode, entry.mode != 0 ? entry.mode : entry.type == '5' ? 0700 : 0400);
    for (const Field field : {kUser, kGroup}) put_number(block, field, 0);
    put_number(block, kTime, entry.time);
    put_number(block, kSize, entry.bytes);
    block[kType] = entry.type;
    put(block, kMagic, std::string_view("ustar\0", 6));
    put(block, kVersion, "00");
    put_number(block, {kSum.at, 7}, sum_of(block));
    block[kSum.at + 7] = ' ';
    return block;
}

std::string encode_any(TarEntry entry) {
    if (auto block = encode(entry); block.ok()) return std::move(block).value();
    // The length counts its own digits.
    const std::string record = " path=" + entry.path + '\n';
    std::size_t length = record.size();
    while (length != record.size() + std::to_string(length).size())
        length = record.size() + std::to_string(length).size();
    const std::string pax = std::to_string(length) + record;
    entry.path.resize(kName.size);
    return encode({"pax", pax.size(), 'x'}).value() + pax +
           std::string(tar_filler(pax.size()), '\0') + encode(entry).value();
}

Result<TarEntry> decode_tar_entry(std::string_view block) {
    if (block.size() != kTarBlock || block.substr(kMagic.at, 5) != "ustar")
        return bad_input("no header of a tar");
    const auto sum = number_in(block, kSum);
    if (!sum.ok() || *sum != sum_of(block)) return bad_input("a header of a tar is damaged");
    const auto bytes = number_in(block, kSize);
    if (!bytes.ok()) return bytes.error();
    TarEntry entry;
    const auto prefix = text_in(block, kPrefix);
    if (!prefix.empty()) entry.path = std::string(prefix) + '/';
    entry.path += text_in(block, kName);
    entry.bytes = *bytes;
    entry.type = block[kType] == '\0' ? '0' : block[kType];
    return entry;
}

// Each: its length in decimal, a space, KEY=VALUE and a newline.
Result<void> apply_pax(std::string_view records, TarEntry& next) {
    while (!records.empty()) {
        std::size_t length = 0;
        const auto read = std::from_chars(records.data(), records.data() + records.size(), length);
        const auto head = static_cast<std::size_t>(read.ptr - records.data());
        if (read.ec != std::errc() || length > records.size() || length < head + 3 ||
            records[head] != ' ' || records[length - 1] != '\n')
            return bad_input("a pax record is damaged");
        const auto record = records.substr(head + 1, length - head - 2);
        const auto equals = record.find('=');
        if (equals == record.npos) return bad_input("a pax record has no '='");
        const auto key = record.substr(0, equals), value = record.substr(equals + 1);
        if (key == "path") next.path = value;
        if (key == "size") {
            const auto size =
                std::from_chars(value.data(), value.data() + value.size(), next.bytes);
            if (size.ec != std::errc() || size.ptr != value.data() + value.size())
                return bad_input("a size in a pax record is none");
        }
        records.remove_prefix(length);
    }
    return {};
}

}  // namespace waypost::nncp
