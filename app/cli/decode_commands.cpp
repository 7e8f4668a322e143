// SPDX-License-Identifier: Apache-2.0
// `waypost decode KIND`: one stream in hex per line; per line one JSON object.
#include <iostream>
#include <memory>

#include "app/cli/cli.h"
#include "app/cli/decode_kinds.h"
#include "gateway/base/encoding.h"

namespace waypost::cli {

namespace {

void decode_input(const DecodeKind& kind, Context& context) {
    for (std::string line; std::getline(std::cin, line);) {
        bool bad = false;
        print_json(decode_line(kind, line, bad));
        if (bad) context.status = 1;
    }
}

struct TrunkKeys {
    std::string key, salts;
    int link = 1;
};

// Hex of so many bytes, or nothing.
Result<std::string> secret_bytes(const std::string& name, const std::string& hex,
                                 std::size_t bytes) {
    const auto read = from_hex(hex);
    if (read && (read->empty() || read->size() == bytes)) return *read;
    return bad_input(name + " is " + std::to_string(2 * bytes) + " digits of hex");
}

void decode_trunk_input(const TrunkKeys& keys, Context& context) {
    const auto key = secret_bytes("--key", keys.key, trunk::kKey);
    const auto salts = secret_bytes("--salts", keys.salts, 2 * trunk::kSalt);
    if (!key.ok()) return fail(context, key.error(), 2);
    if (!salts.ok()) return fail(context, salts.error(), 2);
    std::optional<trunk::PacketReader> reader;
    if (!key->empty())
        reader.emplace(*key, static_cast<std::uint8_t>(keys.link), salts->substr(0, trunk::kSalt),
                       salts->empty() ? std::string() : salts->substr(trunk::kSalt));
    decode_input({"trunk", "",
                  [&](const std::string& packet) {
                      return decode_trunk(reader ? &*reader : nullptr, packet);
                  }},
                 context);
}

void add_trunk_kind(CLI::App& decode, Context& context) {
    auto keys = std::make_shared<TrunkKeys>();
    auto* trunk = decode.add_subcommand("trunk", "packets of the trunk, one a line");
    trunk->add_option("--key", keys->key,
                      "of the pairing, 32 bytes in hex: opens hellos and pings");
    trunk->add_option(
        "--salts", keys->salts,
        "of a session's two hellos, the question's and the answer's, 32 bytes in hex: "
        "with the key they open what was sent in the session");
    trunk->add_option("--link", keys->link, "number of the pairing")->check(CLI::Range(0, 255));
    trunk->callback([&context, keys] { decode_trunk_input(*keys, context); });
}

}  // namespace

void add_decode(CLI::App& app, Context& context) {
    auto* decode = app.add_subcommand("decode", "bytes in hex on standard input, JSON out");
    decode->require_subcommand(1);
    for (const DecodeKind& kind : decode_kinds())
        decode->add_subcommand(kind.name, kind.help)->callback([&context, &kind] {
            decode_input(kind, context);
        });
    add_trunk_kind(*decode, context);
}

}  // namespace waypost::cli
