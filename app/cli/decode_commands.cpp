// SPDX-License-Identifier: Apache-2.0
// `waypost decode KIND`: one stream in hex per line; per line one JSON object.
#include <iostream>

#include "app/cli/cli.h"
#include "app/cli/decode_kinds.h"

namespace waypost::cli {

void add_decode(CLI::App& app, Context& context) {
    auto* decode = app.add_subcommand("decode", "bytes in hex on standard input, JSON out");
    decode->require_subcommand(1);
    for (const DecodeKind& kind : decode_kinds()) {
        decode->add_subcommand(kind.name, kind.help)->callback([&context, &kind] {
            for (std::string line; std::getline(std::cin, line);) {
                bool bad = false;
                print_json(decode_line(kind, line, bad));
                if (bad) context.status = 1;
            }
        });
    }
}

}  // namespace waypost::cli
