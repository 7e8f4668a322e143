// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>

#include "app/cli/cli.h"
#include "gateway/message/file_name.h"
#include "gateway/message/text.h"

namespace waypost::cli {
namespace {

namespace fs = std::filesystem;

struct Options {
    std::string id, output, budget;
    std::size_t number = 0;  // 0: the list
    bool small = false;
};

std::string path_of(const Options& options) {
    return "/messages/" + encode(options.id) + "/attachments";
}

void list(Context& context, const Json& reply) {
    if (context.json) return print_json(reply);
    const auto all = reply.getArray("attachments");
    if (all->size() == 0) return print("It has none.");
    for (unsigned i = 0; i < all->size(); ++i) {
        const auto a = all->getObject(i);
        print(a->getValue<std::string>("number") + "  " + a->getValue<std::string>("name") + "  " +
              a->getValue<std::string>("type") + "  " +
              short_size(a->getValue<Poco::UInt64>("bytes")));
    }
    if (reply.has("why_not")) print("Not to be had: " + reply.getValue<std::string>("why_not"));
}

// Writes beside the file and gives it its name when it is whole: what was there before stays until
// then, and half of an attachment never bears the name of one.
class Target {
  public:
    explicit Target(std::string file) : file_(std::move(file)), part_(file_ + ".part") {}
    Target(const Target&) = delete;
    Target& operator=(const Target&) = delete;
    ~Target() {
        if (out_.is_open()) std::remove(part_.c_str());
    }

    Result<std::ostream*> open() {
        if (file_ == "-") return &std::cout;
        out_.open(part_, std::ios::binary | std::ios::trunc);
        if (!out_) return Error{Code::Refused, "cannot write " + part_, false};
        return &out_;
    }
    Result<void> keep() {
        if (file_ == "-") return {};
        out_.close();
        std::error_code failed;
        if (out_.fail()) {
            failed = std::make_error_code(std::errc::io_error);
        } else {
            fs::rename(part_, file_, failed);
        }
        if (!failed) return {};
        std::remove(part_.c_str());
        return Error{Code::Full, "cannot write " + file_ + ": " + failed.message(), false};
    }

  private:
    const std::string file_;
    const std::string part_;
    std::ofstream out_;
};

// Cleaned by the box already; once more here, as the file is written here.
std::string own_name(const std::string& listed, bool smaller) {
    if (!smaller) return clean_file_name(listed);
    return clean_file_name(listed.substr(0, listed.rfind('.')) + ".webp");
}

void save(Context& context, const Options& options, const Json& reply) {
    const auto all = reply.getArray("attachments");
    if (options.number > all->size()) {
        return fail(context, {Code::NotFound,
                              "message " + options.id + " has " + std::to_string(all->size()) +
                                  " of them: waypost attachments " + options.id,
                              false});
    }
    const bool smaller = options.small || !options.budget.empty();
    const auto name = own_name(
        all->getObject(static_cast<unsigned>(options.number - 1))->getValue<std::string>("name"),
        smaller);
    const std::string file = options.output.empty() ? name : options.output;
    if (options.output.empty() && fs::exists(file)) {
        return fail(context, {Code::Conflict,
                              file + " exists already: say another name with --output", false});
    }
    Target target(file);
    const auto got = fetch(context,
                           path_of(options) + '/' + std::to_string(options.number) +
                               (smaller ? "?budget=" + encode(options.budget) : ""),
                           [&] { return target.open(); });
    if (!got.ok()) return fail(context, got.error());
    if (const auto kept = target.keep(); !kept.ok()) return fail(context, kept.error());
    if (file == "-") return;
    if (!context.json) return print("Saved " + file + ", " + short_size(*got));
    Json o;
    o.set("file", file);
    o.set("name", name);
    o.set("bytes", Poco::UInt64(*got));
    print_json(o);
}

void run(Context& context, const Options& options) {
    const auto reply = ask(context, "GET", path_of(options));
    if (!reply.ok()) return fail(context, reply.error());
    if (options.number == 0) return list(context, **reply);
    save(context, options, **reply);
}

}  // namespace

void add_attachments(CLI::App& app, Context& context) {
    auto options = std::make_shared<Options>();
    auto* command = app.add_subcommand("attachments", "what came with a message; N saves one");
    command->add_option("ID", options->id, "of the message, as in queue and trace")->required();
    auto* number =
        command->add_option("N", options->number, "which")->check(CLI::Range(1, 1'000'000));
    command->add_option("--output", options->output, "file to write, - for standard output")
        ->needs(number);
    auto* budget = command
                       ->add_option("--budget", options->budget,
                                    "a picture as WebP of this size at most: 20KiB")
                       ->needs(number);
    command->add_flag("--small", options->small, "likewise, of the size in the settings")
        ->needs(number)
        ->excludes(budget);
    command->callback([&context, options] { run(context, *options); });
}

}  // namespace waypost::cli
