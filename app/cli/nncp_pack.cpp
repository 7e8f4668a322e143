// SPDX-License-Identifier: Apache-2.0
// waypost nncp pack: queues files, commands, requests, receipts and whole packets.
#include "app/cli/nncp_pack.h"

#include <fcntl.h>
#include <unistd.h>

#include <filesystem>

#include "app/cli/nncp_log.h"
#include "bridges/nncp/node/nice.h"
#include "bridges/nncp/spool/sources.h"

namespace waypost::cli {
namespace {

namespace fs = std::filesystem;
using nncp::Parcel;
using nncp::Queued;
using nncp::Source;

constexpr std::size_t kMostMail = 64 * 1024 * 1024;

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

Result<std::vector<Queued>> one(const Result<Queued>& queued) {
    if (!queued.ok()) return queued.error();
    return std::vector{*queued};
}

// The words of one exec, which send() finds a node for.
Parcel exec_of(const PackOptions& options) {
    std::vector<std::string> words{options.what};
    words.insert(words.end(), options.words.begin(), options.words.end());
    Parcel parcel = nncp::exec_parcel({}, words, {});
    if (options.fat) parcel.plain.type = nncp::PacketType::ExecFat;
    parcel.plain.nice = options.reply_nice.value_or(nncp::kNiceFile);
    parcel.nice = options.nice.value_or(nncp::kNiceExec);
    parcel.minsize = options.minsize * 1024;
    return parcel;
}

Result<std::vector<Queued>> pack_exec(const NncpNode& node, const PackOptions& options) {
    const Parcel parcel = exec_of(options);
    std::vector<Parcel> parcels;
    if (options.inputs.empty()) {
        nncp::FileSource input(STDIN_FILENO);
        ShownSource shown(input, 0);
        parcels.push_back(parcel);
        parcels.back().source = &shown;
        return send_parcels(node, options.node, std::move(parcels));
    }
    for (const std::string& file : options.inputs) {
        nncp::OwnFileSource source{nncp::Fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC))};
        auto text = nncp::read_all(source, kMostMail);
        if (!text.ok()) return Error{Code::NotFound, file + ": " + text.error().text, false};
        parcels.push_back(parcel);
        parcels.back().payload = std::move(text).value();
    }
    return send_parcels(node, options.node, std::move(parcels));
}

Result<std::vector<Queued>> pack_freq(const NncpNode& node, const PackOptions& options) {
    const auto [to, source] = split_target(options.node);
    const auto found = node.node(to);
    if (!found.ok()) return found.error();
    const auto name = clean_name(source);
    if (!name.ok()) return name.error();
    const auto as =
        clean_name(options.more.empty() ? fs::path(*name).filename().string() : options.more);
    if (!as.ok()) return as.error();
    Parcel parcel =
        nncp::freq_parcel(**found, *name, *as, options.reply_nice.value_or(nncp::kNiceFile));
    parcel.nice = options.nice.value_or(nncp::kNiceFreq);
    parcel.minsize = options.minsize * 1024;
    return one(nncp::Outbox(node.config, node.spool).send(parcel));
}

// Of one packet, or of all that lie in rx/ of the node.
Result<std::vector<Queued>> pack_ack(const NncpNode& node, const PackOptions& options) {
    const auto found = node.node(options.node);
    if (!found.ok()) return found.error();
    const nncp::Nice nice = options.nice.value_or(nncp::kNiceAck);
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
        parcels.back().nice = parcels.back().plain.nice = nice;
    }
    return nncp::Outbox(node.config, node.spool).send(parcels);
}

Result<std::vector<Queued>> pack_packet(const NncpNode& node, const PackOptions& options) {
    const auto found = node.node(options.node);
    if (!found.ok()) return found.error();
    nncp::OwnFileSource header_source{nncp::Fd(::open(options.what.c_str(), O_RDONLY | O_CLOEXEC))};
    const auto header = nncp::read_start(header_source, nncp::kPacketHeaderBytes);
    if (!header.ok()) return Error{Code::NotFound, "cannot read " + options.what, false};
    const auto decoded = nncp::decode_packet_header(*header);
    if (!decoded.ok()) return decoded.error();
    const nncp::Nice nice = options.nice.value_or(decoded->nice);
    nncp::OwnFileSource source{nncp::Fd(::open(options.what.c_str(), O_RDONLY | O_CLOEXEC))};
    return one(nncp::Outbox(node.config, node.spool).pass_on(**found, source, nice));
}

Result<void> read_nices(PackOptions& options) {
    for (const auto& [words, nice] : {std::pair(&options.nice_words, &options.nice),
                                      std::pair(&options.reply_words, &options.reply_nice)}) {
        if (words->empty()) continue;
        const auto read = nncp::parse_nice(*words);
        if (!read.ok()) return read.error();
        *nice = *read;
    }
    return {};
}

using Packing = Result<std::vector<Queued>> (*)(const NncpNode&, const PackOptions&);

CLI::App* add_kind(CLI::App& pack, NncpContext& nncp, const std::shared_ptr<PackOptions>& options,
                   const char* name, const char* help, Packing packing) {
    auto* command = pack.add_subcommand(name, help);
    command->add_option("--nice", options->nice_words,
                        "of the packet: 1 to 255, PRIORITY, BULK+10");
    command->add_option("--minsize", options->minsize, "KiB at least, by padding");
    command->callback([&nncp, options, packing, type = std::string(name)] {
        if (const auto read = read_nices(*options); !read.ok())
            return fail(nncp.context, read.error(), 2);
        const auto node = NncpNode::open(nncp);
        if (!node.ok()) return fail(nncp.context, node.error());
        const auto queued = packing(**node, *options);
        NncpLog log((*node)->config);
        if (queued.ok())
            for (const Queued& each : *queued) log.queued(type, each.first_hop, each.name);
        print_queued(nncp, **node, queued);
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
    exec->add_option("--reply-nice", o->reply_words);
    exec->add_flag("--no-compress", o->fat);
    auto* freq = add_kind(*pack, nncp, o, "freq", "ask for a file", pack_freq);
    freq->add_option("NODE:SRC", o->node)->required();
    freq->add_option("NAME", o->more, "it is to have here");
    freq->add_option("--reply-nice", o->reply_words);
    auto* ack =
        add_kind(*pack, nncp, o, "ack", "say that a packet, or all in rx, arrived", pack_ack);
    ack->add_option("NODE", o->node)->required();
    ack->add_option("PACKET", o->what);
    auto* packet = add_kind(*pack, nncp, o, "packet", "a whole packet on its way", pack_packet);
    packet->add_option("NODE", o->node, "it is for")->required();
    packet->add_option("FILE", o->what)->required();
}

}  // namespace waypost::cli
