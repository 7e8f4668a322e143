// SPDX-License-Identifier: Apache-2.0
// waypost nncp toss: processes what arrived, as nncp-toss does it.
#include <memory>

#include "app/cli/nncp_cli.h"
#include "app/cli/progress_bar.h"
#include "bridges/nncp/toss/local_handlers.h"
#include "bridges/nncp/toss/toss.h"

namespace waypost::cli {
namespace {

using nncp::Fate;
using nncp::PacketType;
using nncp::Tossed;

struct TossCommand {
    std::string node, nice;
    std::vector<std::string> skip;
};

nncp::Progress waiting(const NncpNode& node) {
    nncp::Progress all;
    const auto nodes = node.spool.nodes();
    if (!nodes.ok()) return all;
    for (const nncp::NodeId& id : *nodes) {
        const auto packets = node.spool.list(id, nncp::Way::Rx);
        if (!packets.ok()) continue;
        all.all_packets += packets->size();
        for (const auto& each : *packets) all.all_bytes += each.bytes;
    }
    return all;
}

Result<std::set<PacketType>> types_of(const std::vector<std::string>& names) {
    std::set<PacketType> types;
    for (const std::string& name : names) {
        bool known = false;
        for (std::uint32_t code = 1; code <= 7; ++code) {
            const auto type = static_cast<PacketType>(code);
            const std::string full = to_string(type);
            if (full != name && full != name + "-fat") continue;
            types.insert(type);
            known = true;
        }
        if (!known) return bad_input("no packet is of the type '" + name + "'");
    }
    return types;
}

Json object_of(const NncpNode& node, const Tossed& tossed) {
    Json one(Poco::JSON_PRESERVE_KEY_ORDER);
    one.set("packet", nncp::to_base32(tossed.packet.name));
    one.set("node", node.name_of(tossed.packet.node));
    one.set("fate", to_string(tossed.fate));
    if (!tossed.what.empty()) one.set("what", tossed.what);
    if (!tossed.why.empty()) one.set("why", tossed.why);
    if (tossed.failures > 0) one.set("failures", tossed.failures);
    return one;
}

void print_counts(NncpContext& nncp, const NncpNode& node, const nncp::TossCounts& counts,
                  const Poco::JSON::Array& packets) {
    const auto troubles = counts.busy.size() + counts.troubled.size();
    if (counts.kept + counts.put_aside + troubles > 0) nncp.context.status = 1;
    if (!nncp.json()) {
        for (const nncp::NodeId& id : counts.busy)
            print(node.name_of(id) + ": another program tosses there now");
        for (const nncp::NodeTrouble& each : counts.troubled)
            print(node.name_of(each.node) + ": " + each.error.text);
        print("done " + std::to_string(counts.done) + ", seen before " +
              std::to_string(counts.duplicates) + ", kept " + std::to_string(counts.kept) +
              ", put aside " + std::to_string(counts.put_aside) + ", left " +
              std::to_string(counts.left));
        return;
    }
    Json all(Poco::JSON_PRESERVE_KEY_ORDER);
    all.set("done", counts.done);
    all.set("duplicates", counts.duplicates);
    all.set("kept", counts.kept);
    all.set("put_aside", counts.put_aside);
    all.set("left", counts.left);
    Poco::JSON::Array busy;
    for (const nncp::NodeId& id : counts.busy) busy.add(node.name_of(id));
    all.set("busy", busy);
    Poco::JSON::Array troubled;
    for (const nncp::NodeTrouble& each : counts.troubled) {
        Json one(Poco::JSON_PRESERVE_KEY_ORDER);
        one.set("node", node.name_of(each.node));
        one.set("why", each.error.text);
        troubled.add(one);
    }
    all.set("troubled", troubled);
    all.set("packets", packets);
    print_json(all);
}

void toss(NncpContext& nncp, const TossCommand& command) {
    const auto node = NncpNode::open(nncp);
    if (!node.ok()) return fail(nncp.context, node.error());
    const auto limit = nice_or(command.nice, 255);
    if (!limit.ok()) return fail(nncp.context, limit.error(), 2);
    auto types = types_of(command.skip);
    if (!types.ok()) return fail(nncp.context, types.error(), 2);

    nncp::LocalOptions local;
    local.sync = waits_for_disk();
    nncp::LocalHandlers handlers((*node)->config, (*node)->spool, local);
    nncp::TossOptions options;
    options.limit = *limit;
    options.leave = std::move(types).value();
    ProgressBar bar("tossing");
    nncp::Progress progress = waiting(**node);
    Poco::JSON::Array packets;
    options.on_packet = [&](const Tossed& tossed) {
        ++progress.packets;
        progress.bytes += tossed.packet.bytes;
        bar.show(progress);
        if (nncp.json()) {
            packets.add(object_of(**node, tossed));
            return;
        }
        const bool bad = tossed.fate == Fate::Kept || tossed.fate == Fate::PutAside;
        if (!bad && tossed.fate != Fate::Done) return;
        print((*node)->name_of(tossed.packet.node) + ": " +
              (tossed.what.empty() ? nncp::to_base32(tossed.packet.name) : tossed.what) +
              (bad ? std::string(", ") + to_string(tossed.fate) + ": " + tossed.why : ""));
    };
    nncp::Toss work((*node)->config, (*node)->spool, handlers, options);
    Result<nncp::TossCounts> counts = nncp::TossCounts();
    if (command.node.empty()) {
        counts = work.all();
    } else {
        const auto only = (*node)->node(command.node);
        if (!only.ok()) return fail(nncp.context, only.error());
        counts = work.node((*only)->id);
    }
    if (!counts.ok()) return fail(nncp.context, counts.error());
    print_counts(nncp, **node, *counts, packets);
}

}  // namespace

void add_nncp_toss(CLI::App& group, NncpContext& nncp) {
    auto command = std::make_shared<TossCommand>();
    auto* toss_command = group.add_subcommand("toss", "process what arrived");
    toss_command->add_option("--node", command->node, "only what came from it");
    toss_command->add_option("--nice", command->nice, "nothing nicer");
    toss_command->add_option("--skip", command->skip,
                             "types to leave: file, freq, exec, trns, area, ack");
    toss_command->callback([&nncp, command] { toss(nncp, *command); });
}

}  // namespace waypost::cli
