// SPDX-License-Identifier: Apache-2.0
// waypost nncp toss: processes what arrived, as nncp-toss does it.
#include <poll.h>

#include <algorithm>
#include <iostream>
#include <memory>
#include <optional>

#include "app/cli/nncp_cli.h"
#include "app/cli/nncp_log.h"
#include "app/cli/nncp_online.h"
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
    int cycle = 0;
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

// What a tool of nncp left for the next toss to check.
bool lies_unchecked(const NncpNode& node) {
    const auto nodes = node.spool.nodes();
    return nodes.ok() && std::any_of(nodes->begin(), nodes->end(), [&](const nncp::NodeId& id) {
               return node.spool.has_unchecked(id);
           });
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

// What one command tosses, once or again and again.
class Tosser {
  public:
    Tosser(NncpContext& nncp, const NncpNode& node, nncp::TossOptions options)
        : nncp_(nncp), node_(node), options_(std::move(options)), log_(node.config) {
        options_.on_packet = [this](const Tossed& tossed) { tell(tossed); };
        options_.stop = [] { return stop_flag().load(); };
    }
    // Of all nodes, or of this one. `quiet`: nothing is said where nothing lay.
    void toss(const nncp::Node* only, bool quiet) {
        nncp::LocalOptions local;
        local.sync = waits_for_disk();
        nncp::LocalHandlers handlers(node_.config, node_.spool, local);
        progress_ = waiting(node_);
        const bool listed = progress_.all_packets > 0;
        if (quiet && !listed && !lies_unchecked(node_)) return;
        bar_.emplace("tossing");
        packets_.clear();
        nncp::Toss work(node_.config, node_.spool, handlers, options_);
        const auto counts = only == nullptr ? work.all() : work.node(only->id);
        bar_.reset();
        log_.flush();
        if (!counts.ok()) return fail(nncp_.context, counts.error());
        // While a call goes on, what lies unchecked waits for its end.
        const bool nothing = !listed && progress_.packets == 0 && counts->troubled.empty();
        if (quiet && nothing) return;
        print_counts(nncp_, node_, *counts, packets_);
        std::cout << std::flush;
    }

  private:
    void tell(const Tossed& tossed) {
        log_.tossed(tossed);
        ++progress_.packets;
        progress_.bytes += tossed.packet.bytes;
        bar_->show(progress_);
        if (nncp_.json()) return void(packets_.add(object_of(node_, tossed)));
        const bool bad = tossed.fate == Fate::Kept || tossed.fate == Fate::PutAside;
        if (!bad && tossed.fate != Fate::Done) return;
        print(node_.name_of(tossed.packet.node) + ": " +
              (tossed.what.empty() ? nncp::to_base32(tossed.packet.name) : tossed.what) +
              (bad ? std::string(", ") + to_string(tossed.fate) + ": " + tossed.why : ""));
    }
    NncpContext& nncp_;
    const NncpNode& node_;
    nncp::TossOptions options_;
    NncpLog log_;
    std::optional<ProgressBar> bar_;
    nncp::Progress progress_;
    Poco::JSON::Array packets_;
};

// Until SIGINT or SIGTERM. What failed in one round is tried in the next, so it is no bad end.
void toss_in_cycles(NncpContext& nncp, Tosser& tosser, const nncp::Node* only, int seconds) {
    catch_stop();
    while (!stop_flag()) {
        tosser.toss(only, true);
        for (int i = 0; i < 2 * seconds && !stop_flag(); ++i) (void)::poll(nullptr, 0, 500);
    }
    nncp.context.status = 0;
}

void toss(NncpContext& nncp, const TossCommand& command) {
    const auto node = NncpNode::open(nncp);
    if (!node.ok()) return fail(nncp.context, node.error());
    const auto limit = nice_or(command.nice, 255);
    if (!limit.ok()) return fail(nncp.context, limit.error(), 2);
    auto types = types_of(command.skip);
    if (!types.ok()) return fail(nncp.context, types.error(), 2);
    const nncp::Node* only = nullptr;
    if (!command.node.empty()) {
        const auto named = (*node)->node(command.node);
        if (!named.ok()) return fail(nncp.context, named.error());
        only = *named;
    }
    nncp::TossOptions options;
    options.limit = *limit;
    options.leave = std::move(types).value();
    Tosser tosser(nncp, **node, std::move(options));
    if (command.cycle > 0) return toss_in_cycles(nncp, tosser, only, command.cycle);
    tosser.toss(only, false);
}

}  // namespace

void add_nncp_toss(CLI::App& group, NncpContext& nncp) {
    auto command = std::make_shared<TossCommand>();
    auto* toss_command = group.add_subcommand("toss", "process what arrived");
    toss_command->add_option("--node", command->node, "only what came from it");
    toss_command->add_option("--nice", command->nice, "nothing nicer");
    toss_command->add_option("--skip", command->skip,
                             "types to leave: file, freq, exec, trns, area, ack");
    toss_command
        ->add_option("--cycle", command->cycle, "again every so many seconds, until interrupted")
        ->check(CLI::PositiveNumber);
    toss_command->callback([&nncp, command] { toss(nncp, *command); });
}

}  // namespace waypost::cli
