// SPDX-License-Identifier: Apache-2.0
// `waypost trunk pipe`: bytes between two boxes, reliable and in order, or KISS frames as they are.
#include <memory>

#include "app/cli/trunk/kiss_loop.h"
#include "app/cli/trunk/pipe_loop.h"
#include "app/cli/trunk/tools.h"

namespace waypost::cli {
namespace {

struct PipeCommand {
    PipeOptions pipe;
    KissOptions kiss;
    bool is_kiss = false;
};

void run_pipe(PipeCommand& options, Context& context) {
    if (options.is_kiss) {
        options.kiss.radio = options.pipe.radio;
        options.kiss.link = options.pipe.link;
        return kiss_loop(options.kiss, context);
    }
    if (options.pipe.radio.code_file.empty())
        return fail(context,
                    bad_input("--code-file is required: what goes through a pipe is sealed. Make a "
                              "code with waypost trunk code"),
                    2);
    pipe_loop(options.pipe, context);
}

}  // namespace

void add_trunk_pipe(CLI::App& trunk, Context& context) {
    auto options = std::make_shared<PipeCommand>();
    auto* command = trunk.add_subcommand(
        "pipe", "bytes of standard input to the other end, and back; nothing is lost on the way");
    auto* serial = command->add_flag("--serial", options->pipe.serial,
                                     "a terminal for other programs instead; prints its path");
    auto* kiss =
        command->add_flag("--kiss", options->is_kiss,
                          "be a KISS modem: frames go as they are, unsealed and unrepaired");
    kiss->excludes(serial);
    command->add_option("--link", options->pipe.link, "a symbolic link to that terminal");
    command
        ->add_option("--listen", options->kiss.listen,
                     "127.0.0.1:PORT: KISS by TCP instead of a terminal")
        ->needs(kiss);
    command
        ->add_option("--wait", options->pipe.wait_s,
                     "seconds for the other end's first word; 0: for ever")
        ->check(CLI::Range(0.0, 1e6))
        ->capture_default_str();
    command
        ->add_option("--give-up", options->pipe.give_up_s,
                     "seconds without an answer after which the other end counts as gone; 0: never")
        ->check(CLI::Range(0.0, 1e6))
        ->capture_default_str();
    command
        ->add_option("--linger", options->pipe.linger_s,
                     "after the other's end of file: seconds without input that end this one")
        ->check(CLI::Range(0.0, 1e6))
        ->capture_default_str();
    command->add_flag("--wait-for-eof", options->pipe.wait_for_eof,
                      "the other's end of file does not end this one's input");
    add_radio_options(*command, options->pipe.radio, Sends::Yes);
    add_code_options(*command, options->pipe.radio, false);
    command->callback([&context, options] { run_pipe(*options, context); });
}

}  // namespace waypost::cli
