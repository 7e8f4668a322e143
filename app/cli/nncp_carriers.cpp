// SPDX-License-Identifier: Apache-2.0
// waypost nncp xfer and bundle.
#include <fcntl.h>
#include <unistd.h>

#include <memory>

#include "app/cli/nncp_cli.h"
#include "app/cli/progress_bar.h"
#include "bridges/nncp/carrier/bundle_spool.h"
#include "bridges/nncp/carrier/xfer.h"
#include "bridges/nncp/spool/files.h"
#include "bridges/nncp/spool/sources.h"

namespace waypost::cli {
namespace {

struct CarryCommand {
    std::string directory, nice, file = "-";
    std::vector<std::string> nodes;
    bool receive = false, transmit = false, keep = false, mkdir = false, remove = false,
         dry_run = false;
};

// Niceness, nodes and a bar. An Error has been told.
bool set_options(NncpContext& nncp, const NncpNode& node, const CarryCommand& command,
                 ProgressBar& bar, nncp::TransferOptions& options) {
    const auto limit = nice_or(command.nice, 255);
    auto nodes = node.ids(command.nodes);
    if (!limit.ok() || !nodes.ok()) {
        fail(nncp.context, limit.ok() ? nodes.error() : limit.error(), 2);
        return false;
    }
    options.limit = *limit;
    options.nodes = std::move(nodes).value();
    options.keep = command.keep;
    options.progress = [&bar](const nncp::Progress& now) {
        bar.show(now);
        return true;
    };
    return true;
}

void xfer(NncpContext& nncp, const CarryCommand& command) {
    const auto node = NncpNode::open(nncp);
    if (!node.ok()) return fail(nncp.context, node.error());
    nncp::XferOptions options;
    Result<nncp::TransferReport> report = nncp::TransferReport();
    {
        ProgressBar bar("copying");
        if (!set_options(nncp, **node, command, bar, options)) return;
        options.receive = command.receive || !command.transmit;
        options.transmit = command.transmit || !command.receive;
        options.make_folders = command.mkdir;
        options.sync = waits_for_disk();
        report = nncp::xfer((*node)->config, (*node)->spool, command.directory, options);
    }
    if (!report.ok()) return fail(nncp.context, report.error());
    print_transfers(nncp, **node, *report);
}

Result<nncp::Fd> bundle_file(const CarryCommand& command) {
    if (command.file == "-") return nncp::Fd(::dup(command.receive ? STDIN_FILENO : STDOUT_FILENO));
    nncp::Fd fd(command.receive
                    ? ::open(command.file.c_str(), O_RDONLY | O_CLOEXEC)
                    : ::open(command.file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
    if (!fd.good()) return nncp::disk_error("open " + command.file);
    return fd;
}

// To standard output, or to a file: only there can be read again what was written, and deleted.
Result<nncp::TransferReport> write_bundle(const NncpNode& node, const CarryCommand& command, int fd,
                                          const nncp::TransferOptions& options) {
    if (options.nodes.empty()) return bad_input("name the nodes whose packets are to go");
    if (command.remove && command.file == "-")
        return bad_input(
            "what went to a pipe cannot be proven: write to --file, or delete later "
            "with --rx --delete from the bundle");
    nncp::FileSink sink(fd);
    auto report = nncp::write_bundle(node.config, node.spool, options.nodes, sink, options);
    if (!report.ok() || report->stopped || command.file == "-") return report;
    if (waits_for_disk() && ::fsync(fd) != 0) return nncp::disk_error("sync " + command.file);
    if (!command.remove) return report;
    (void)::posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
    if (::lseek(fd, 0, SEEK_SET) < 0) return nncp::disk_error("read " + command.file);
    nncp::FileSource source(fd);
    return nncp::delete_bundled(node.config, node.spool, source, options);
}

void bundle(NncpContext& nncp, const CarryCommand& command) {
    if (command.receive == command.transmit)
        return fail(nncp.context, bad_input("write --rx or --tx"), 2);
    const auto node = NncpNode::open(nncp);
    if (!node.ok()) return fail(nncp.context, node.error());
    const auto fd = bundle_file(command);
    if (!fd.ok()) return fail(nncp.context, fd.error());
    Result<nncp::TransferReport> report = nncp::TransferReport();
    {
        ProgressBar bar("bundle");
        nncp::TransferOptions options;
        if (!set_options(nncp, **node, command, bar, options)) return;
        nncp::FileSource source(fd->get());
        const auto& [config, spool] = **node;
        report = command.transmit ? write_bundle(**node, command, fd->get(), options)
                 : command.remove
                     ? nncp::delete_bundled(config, spool, source, options, command.dry_run)
                     : nncp::read_bundle(config, spool, source, options, command.dry_run);
    }
    if (!report.ok()) return fail(nncp.context, report.error());
    // Standard output is the bundle.
    if (command.transmit && command.file == "-") {
        if (report->stopped) fail(nncp.context, *report->stopped);
        return;
    }
    print_transfers(nncp, **node, *report);
}

}  // namespace

void add_nncp_carriers(CLI::App& group, NncpContext& nncp) {
    auto x = std::make_shared<CarryCommand>();
    auto* xfer_command =
        group.add_subcommand("xfer", "exchange packets with a directory: a stick, a network share");
    xfer_command->add_option("DIR", x->directory)->required();
    xfer_command->add_flag("--rx", x->receive, "only take");
    xfer_command->add_flag("--tx", x->transmit, "only give");
    xfer_command->add_flag("--keep", x->keep, "delete nothing on either side");
    xfer_command->add_flag("--mkdir", x->mkdir, "make the folders of nodes that are missing");
    xfer_command->add_option("--node", x->nodes, "only of these");
    xfer_command->add_option("--nice", x->nice, "nothing nicer");
    xfer_command->callback([&nncp, x] { xfer(nncp, *x); });

    auto b = std::make_shared<CarryCommand>();
    auto* bundle_command =
        group.add_subcommand("bundle", "packets as one stream, for tapes and one-way links");
    bundle_command->add_flag("--tx", b->transmit, "write what waits for the nodes");
    bundle_command->add_flag("--rx", b->receive, "take what is for us; each packet is verified");
    bundle_command->add_option("--file", b->file, "instead of standard input or output");
    bundle_command->add_flag("--delete", b->remove,
                             "with --rx: nothing is taken, but what the bundle proves to hold is "
                             "deleted from our queue; with --tx --file: the same, right away");
    bundle_command->add_flag("--dry-run", b->dry_run, "only say what would be done");
    bundle_command->add_option("--nice", b->nice, "nothing nicer");
    bundle_command->add_option("NODE", b->nodes);
    bundle_command->callback([&nncp, b] { bundle(nncp, *b); });
}

}  // namespace waypost::cli
