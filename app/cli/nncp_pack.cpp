// SPDX-License-Identifier: Apache-2.0
// waypost nncp pack: queues files, commands, requests, receipts and whole packets.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <memory>

#include "app/cli/nncp_cli.h"
#include "app/cli/progress_bar.h"
#include "bridges/nncp/spool/outbox.h"
#include "bridges/nncp/spool/sources.h"
#include "bridges/nncp/toss/reply.h"
#include "bridges/nncp/toss/safe_path.h"
#include "bridges/nncp/toss/tar.h"

namespace waypost::cli {
namespace {

namespace fs = std::filesystem;
using nncp::Parcel;
using nncp::Queued;
using nncp::Source;

constexpr std::string_view kArea = "area:";
constexpr std::size_t kMostMail = 64 * 1024 * 1024;

struct PackOptions {
    std::string nice, reply_nice;
    std::uint64_t minsize = 0, chunk = 0;  // KiB
    bool fat = false;
    std::string node, what, more;
    std::vector<std::string> words, inputs;
};

// Shows how far the reading of `source` is.
class ShownSource : public Source {
  public:
    ShownSource(Source& source, std::uint64_t all) : source_(source), bar_("packing") {
        now_.all_bytes = all;
    }
    Result<std::size_t> read(std::span<std::uint8_t> into) override {
        const auto got = source_.read(into);
        if (got.ok()) now_.bytes += *got;
        bar_.show(now_);
        return got;
    }

  private:
    Source& source_;
    ProgressBar bar_;
    nncp::Progress now_;
};

void print_queued(NncpContext& nncp, const NncpNode& node,
                  const Result<std::vector<Queued>>& queued) {
    if (!queued.ok()) return fail(nncp.context, queued.error());
    if (!nncp.json()) {
        for (const Queued& each : *queued)
            print(nncp::to_base32(each.name) + " for " + node.name_of(each.first_hop));
        return;
    }
    Poco::JSON::Array packets;
    for (const Queued& each : *queued) {
        Json one(Poco::JSON_PRESERVE_KEY_ORDER);
        one.set("packet", nncp::to_base32(each.name));
        one.set("inner", nncp::to_base32(each.inner));
        one.set("node", node.name_of(each.first_hop));
        packets.add(one);
    }
    Json all;
    all.set("packets", packets);
    print_json(all);
}

// To a node, or to all of an area.
Result<std::vector<Queued>> send(const NncpNode& node, const std::string& to,
                                 std::vector<Parcel> parcels) {
    const nncp::Outbox outbox(node.config, node.spool);
    if (!to.starts_with(kArea)) {
        const auto found = node.node(to);
        if (!found.ok()) return found.error();
        for (Parcel& each : parcels) each.to = *found;
        return outbox.send(parcels);
    }
    const nncp::Area* area = node.config.find_area(to.substr(kArea.size()));
    if (area == nullptr)
        return Error{Code::NotFound, "no area is called '" + to.substr(kArea.size()) + "'", false};
    std::vector<Queued> all;
    for (const Parcel& each : parcels) {
        const auto posted = outbox.post(*area, each);
        if (!posted.ok()) return posted;
        all.insert(all.end(), posted->begin(), posted->end());
    }
    return all;
}

Result<std::vector<Queued>> one(const Result<Queued>& queued) {
    if (!queued.ok()) return queued.error();
    return std::vector{*queued};
}

// The words of one exec, which send() finds a node for.
Result<Parcel> exec_of(const PackOptions& options) {
    const auto nice = nice_or(options.nice, nncp::kNiceExec);
    const auto reply = nice_or(options.reply_nice, nncp::kNiceFile);
    if (!nice.ok() || !reply.ok()) return nice.ok() ? reply.error() : nice.error();
    std::vector<std::string> words{options.what};
    words.insert(words.end(), options.words.begin(), options.words.end());
    Parcel parcel = nncp::exec_parcel({}, words, {});
    if (options.fat) parcel.plain.type = nncp::PacketType::ExecFat;
    parcel.plain.nice = *reply;
    parcel.nice = *nice;
    parcel.minsize = options.minsize * 1024;
    return parcel;
}

Result<std::vector<Queued>> pack_exec(const NncpNode& node, const PackOptions& options) {
    const auto parcel = exec_of(options);
    if (!parcel.ok()) return parcel.error();
    std::vector<Parcel> parcels;
    if (options.inputs.empty()) {
        nncp::FileSource input(STDIN_FILENO);
        ShownSource shown(input, 0);
        parcels.push_back(*parcel);
        parcels.back().source = &shown;
        return send(node, options.node, std::move(parcels));
    }
    for (const std::string& file : options.inputs) {
        nncp::OwnFileSource source{nncp::Fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC))};
        auto text = nncp::read_all(source, kMostMail);
        if (!text.ok()) return Error{Code::NotFound, file + ": " + text.error().text, false};
        parcels.push_back(*parcel);
        parcels.back().payload = std::move(text).value();
    }
    return send(node, options.node, std::move(parcels));
}

// "NODE:NAME", where NODE may be "area:NEWS".
std::pair<std::string, std::string> split_target(const std::string& target) {
    const std::size_t from = target.starts_with(kArea) ? kArea.size() : 0;
    const auto colon = target.find(':', from);
    if (colon == target.npos) return {target, ""};
    return {target.substr(0, colon), target.substr(colon + 1)};
}

Result<std::string> clean_name(const std::string& wished) {
    const std::string name = fs::path(wished).lexically_normal().string();
    const auto parts = nncp::path_components(name);
    if (!parts.ok()) return parts.error();
    return name;
}

Result<std::vector<Queued>> pack_open_file(const NncpNode& node, const PackOptions& options, int fd,
                                           const std::string& to, const std::string& name) {
    struct stat info {};
    const auto nice = nice_or(options.nice, nncp::kNiceFile);
    if (!nice.ok()) return nice.error();
    if (::fstat(fd, &info) != 0) return nncp::disk_error("look at the file");
    const auto bytes = static_cast<std::uint64_t>(std::max<off_t>(info.st_size, 0));
    const std::uint64_t chunk = options.chunk * 1024;
    if (chunk > 0 && bytes > chunk) {
        const auto found = node.node(to);
        if (!found.ok()) return found.error();
        nncp::Outbox outbox(node.config, node.spool);
        const auto sent = nncp::send_file(
            fd, bytes, {*found, name, *nice, chunk, options.minsize * 1024}, outbox);
        if (!sent.ok()) return sent.error();
        return std::vector<Queued>();
    }
    nncp::FileSource source(fd);
    ShownSource shown(source, bytes);
    Parcel parcel;
    parcel.plain = {nncp::PacketType::File, *nice, name};
    parcel.nice = *nice;
    parcel.minsize = options.minsize * 1024;
    parcel.source = &shown;
    std::vector<Parcel> parcels;
    parcels.push_back(std::move(parcel));
    return send(node, to, std::move(parcels));
}

Result<std::vector<Queued>> pack_file(const NncpNode& node, const PackOptions& options) {
    auto [to, wished] = split_target(options.node);
    const bool standard = options.what == "-";
    if (wished.empty()) wished = fs::path(options.what).filename().string();
    if (standard && wished == "-") return bad_input("what comes from standard input needs a name");
    const auto name = clean_name(wished);
    if (!name.ok()) return name.error();
    if (standard) return pack_open_file(node, options, STDIN_FILENO, to, *name);
    const nncp::Fd fd(::open(options.what.c_str(), O_RDONLY | O_CLOEXEC));
    if (!fd.good()) return nncp::disk_error("open " + options.what);
    if (!fs::is_directory(options.what)) return pack_open_file(node, options, fd.get(), to, *name);
    auto tar = nncp::TempFile::make(node.spool.directory() / "tmp");
    if (!tar.ok()) return tar.error();
    const auto folder = fs::canonical(options.what).filename().string();
    if (const auto packed = nncp::write_tar(fd.get(), folder, *tar); !packed.ok())
        return packed.error();
    if (::lseek(tar->fd(), 0, SEEK_SET) < 0) return nncp::disk_error("read the tar");
    return pack_open_file(node, options, tar->fd(), to, *name + ".tar");
}

Result<std::vector<Queued>> pack_freq(const NncpNode& node, const PackOptions& options) {
    const auto [to, source] = split_target(options.node);
    const auto found = node.node(to);
    const auto nice = nice_or(options.nice, nncp::kNiceFreq);
    const auto reply = nice_or(options.reply_nice, nncp::kNiceFile);
    if (!found.ok()) return found.error();
    if (!nice.ok() || !reply.ok()) return nice.ok() ? reply.error() : nice.error();
    const auto name = clean_name(source);
    if (!name.ok()) return name.error();
    const auto as =
        clean_name(options.more.empty() ? fs::path(*name).filename().string() : options.more);
    if (!as.ok()) return as.error();
    Parcel parcel = nncp::freq_parcel(**found, *name, *as, *reply);
    parcel.nice = *nice;
    parcel.minsize = options.minsize * 1024;
    return one(nncp::Outbox(node.config, node.spool).send(parcel));
}

// Of one packet, or of all that lie in rx/ of the node.
Result<std::vector<Queued>> pack_ack(const NncpNode& node, const PackOptions& options) {
    const auto found = node.node(options.node);
    const auto nice = nice_or(options.nice, nncp::kNiceAck);
    if (!found.ok() || !nice.ok()) return found.ok() ? nice.error() : found.error();
    std::vector<nncp::Mth> names;
    if (options.what.empty()) {
        const auto all = node.spool.list((*found)->id, nncp::Way::Rx);
        if (!all.ok()) return all.error();
        for (const auto& each : *all) names.push_back(each.name);
    } else {
        const auto name = nncp::hash_from_base32(options.what);
        if (!name.ok()) return name.error();
        names.push_back(*name);
    }
    std::vector<Parcel> parcels;
    for (const nncp::Mth& name : names) {
        parcels.push_back(nncp::ack_parcel(**found, name));
        parcels.back().nice = parcels.back().plain.nice = *nice;
    }
    return nncp::Outbox(node.config, node.spool).send(parcels);
}

Result<std::vector<Queued>> pack_packet(const NncpNode& node, const PackOptions& options) {
    const auto found = node.node(options.node);
    if (!found.ok()) return found.error();
    nncp::OwnFileSource header_source{nncp::Fd(::open(options.what.c_str(), O_RDONLY | O_CLOEXEC))};
    std::string header(nncp::kPacketHeaderBytes, '\0');
    const auto got =
        header_source.read({reinterpret_cast<std::uint8_t*>(header.data()), header.size()});
    if (!got.ok()) return Error{Code::NotFound, "cannot read " + options.what, false};
    const auto decoded = nncp::decode_packet_header(header.substr(0, *got));
    if (!decoded.ok()) return decoded.error();
    const auto nice = nice_or(options.nice, decoded->nice);
    if (!nice.ok()) return nice.error();
    nncp::OwnFileSource source{nncp::Fd(::open(options.what.c_str(), O_RDONLY | O_CLOEXEC))};
    return one(nncp::Outbox(node.config, node.spool).pass_on(**found, source, *nice));
}

using Packing = Result<std::vector<Queued>> (*)(const NncpNode&, const PackOptions&);

CLI::App* add_kind(CLI::App& pack, NncpContext& nncp, const std::shared_ptr<PackOptions>& options,
                   const char* name, const char* help, Packing packing) {
    auto* command = pack.add_subcommand(name, help);
    command->add_option("--nice", options->nice, "of the packet: 1 to 255, PRIORITY, BULK+10");
    command->add_option("--minsize", options->minsize, "KiB at least, by padding");
    command->callback([&nncp, options, packing] {
        const auto node = NncpNode::open(nncp);
        if (!node.ok()) return fail(nncp.context, node.error());
        print_queued(nncp, **node, packing(**node, *options));
    });
    return command;
}

}  // namespace

void add_nncp_pack(CLI::App& group, NncpContext& nncp) {
    auto* pack = group.add_subcommand("pack", "queue a packet for a node or area:NAME");
    pack->require_subcommand(1);
    auto o = std::make_shared<PackOptions>();
    auto* file = add_kind(*pack, nncp, o, "file", "a file, or a folder as tar", pack_file);
    file->add_option("SRC", o->what, "- is standard input")->required();
    file->add_option("NODE:NAME", o->node, "and the name it is to have there")->required();
    file->add_option("--chunked", o->chunk, "KiB in each of several packets");
    auto* exec = add_kind(*pack, nncp, o, "exec", "a command; its input comes from standard input",
                          pack_exec);
    exec->add_option("NODE", o->node)->required();
    exec->add_option("HANDLE", o->what, "sendmail, rmail, ...")->required();
    exec->add_option("ARGUMENT", o->words);
    exec->add_option("--input", o->inputs, "files instead: one packet each, queued together");
    exec->add_option("--reply-nice", o->reply_nice);
    exec->add_flag("--no-compress", o->fat);
    auto* freq = add_kind(*pack, nncp, o, "freq", "ask for a file", pack_freq);
    freq->add_option("NODE:SRC", o->node)->required();
    freq->add_option("NAME", o->more, "it is to have here");
    freq->add_option("--reply-nice", o->reply_nice);
    auto* ack =
        add_kind(*pack, nncp, o, "ack", "say that a packet, or all in rx, arrived", pack_ack);
    ack->add_option("NODE", o->node)->required();
    ack->add_option("PACKET", o->what);
    auto* packet = add_kind(*pack, nncp, o, "packet", "a whole packet on its way", pack_packet);
    packet->add_option("NODE", o->node, "it is for")->required();
    packet->add_option("FILE", o->what)->required();
}

}  // namespace waypost::cli
