// SPDX-License-Identifier: Apache-2.0
// Apart from the rest of what the commands share: it needs no gateway.
#include <iostream>

#include "app/cli/cli.h"

namespace waypost::cli {

void print(const std::string& line) { std::cout << line << '\n'; }

void print_json(const Json& object) {
    object.stringify(std::cout);
    std::cout << '\n';
}

void fail(Context& context, const Error& error, int status) {
    context.status = status;
    if (context.json) {
        Json inner;
        inner.set("code", to_string(error.code));
        inner.set("text", error.text);
        Json outer;
        outer.set("error", inner);
        print_json(outer);
    } else {
        std::cerr << "waypost: " << error.text << '\n';
    }
}

void finish(Context& context, const Result<Json::Ptr>& reply, const std::string& line) {
    if (!reply.ok()) return fail(context, reply.error());
    if (!context.json) return print(line);
    Json ok;
    ok.set("ok", true);
    print_json(ok);
}

int run(CLI::App& app, const Context& context, int argc, char** argv) {
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& e) {
        return app.exit(e) == 0 ? 0 : 2;
    } catch (const std::exception& e) {
        std::cerr << "waypost: " << e.what() << '\n';
        return 1;
    }
    return context.status;
}

}  // namespace waypost::cli
