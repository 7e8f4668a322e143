// SPDX-License-Identifier: Apache-2.0
#include <sys/stat.h>

#include <cstdlib>
#include <iostream>
#include <optional>

#include "app/cli/nncp_cli.h"
#include "app/cli/nncp_log.h"
#include "app/cli/progress_bar.h"
#include "bridges/nncp/node/nice.h"

namespace waypost::cli {

using nncp::Transfer;
using nncp::Way;

std::string NncpContext::config_file() const {
    if (!file.empty()) return file;
    const char* named = std::getenv("NNCPCFG");
    return named != nullptr ? named : "/etc/nncp.hjson";
}

Result<nncp::NodeConfig> NncpContext::config() const {
    auto read = nncp::read_node_config(config_file());
    if (!read.ok()) return read;
    if (read->open_to_others)
        std::cerr << "waypost: " << config_file()
                  << " holds secrets and others can read it: chmod 600 it\n";
    if (read->mask) ::umask(*read->mask);
    if (!spool_directory.empty()) read->spool = spool_directory;
    return read;
}

Result<std::unique_ptr<NncpNode>> NncpNode::open(const NncpContext& context) {
    auto config = context.config();
    if (!config.ok()) return config.error();
    auto spool = nncp::Spool::open(*config);
    if (!spool.ok()) return spool.error();
    return std::unique_ptr<NncpNode>(
        new NncpNode{std::move(config).value(), std::move(spool).value()});
}

Result<const nncp::Node*> NncpNode::node(const std::string& name) const {
    if (const nncp::Node* found = config.find(name)) return found;
    std::string names;
    for (const auto& [each, node] : config.nodes) names += (names.empty() ? "" : ", ") + each;
    return Error{Code::NotFound, "no neighbour is called '" + name + "'; there are: " + names,
                 false};
}

Result<std::vector<nncp::NodeId>> NncpNode::ids(const std::vector<std::string>& names) const {
    std::vector<nncp::NodeId> found;
    for (const std::string& name : names) {
        const auto each = node(name);
        if (!each.ok()) return each.error();
        found.push_back((*each)->id);
    }
    return found;
}

std::string NncpNode::name_of(const nncp::NodeId& id) const { return cli::name_of(config, id); }

std::string name_of(const nncp::NodeConfig& config, const nncp::Hash32& id) {
    const std::string name = known_name(config, id);
    return name.empty() ? nncp::to_base32(id) : name;
}

std::string known_name(const nncp::NodeConfig& config, const nncp::Hash32& id) {
    if (const nncp::Node* node = config.by_id(id)) return node->name;
    const nncp::Area* area = config.area(id);
    return area != nullptr ? "area:" + area->name : "";
}

Result<nncp::Nice> nice_or(const std::string& text, nncp::Nice otherwise) {
    return text.empty() ? Result<nncp::Nice>(otherwise) : nncp::parse_nice(text);
}

bool waits_for_disk() { return std::getenv("NNCPNOSYNC") == nullptr; }

namespace {

void print_words(const NncpNode& node, const nncp::TransferReport& report) {
    for (const Transfer& each : report.transfers) {
        if (each.outcome == Transfer::Outcome::Moved) continue;
        print(std::string(each.way == Way::Rx ? "from " : "to ") + node.name_of(each.node) + ' ' +
              nncp::to_base32(each.name) + ' ' + to_string(each.outcome) + ": " + each.why);
    }
    const auto moved = [&](Way way) {
        return std::to_string(report.count(Transfer::Outcome::Moved, way));
    };
    print("in " + moved(Way::Rx) + ", out " + moved(Way::Tx) + ", " + amount(report.bytes));
}

void print_objects(const NncpNode& node, const nncp::TransferReport& report) {
    Poco::JSON::Array packets;
    for (const Transfer& each : report.transfers) {
        Json one(Poco::JSON_PRESERVE_KEY_ORDER);
        one.set("packet", nncp::to_base32(each.name));
        one.set("way", each.way == Way::Rx ? "rx" : "tx");
        one.set("node", node.name_of(each.node));
        one.set("outcome", to_string(each.outcome));
        one.set("bytes", Poco::UInt64(each.bytes));
        if (!each.why.empty()) one.set("why", each.why);
        packets.add(one);
    }
    Json all(Poco::JSON_PRESERVE_KEY_ORDER);
    all.set("received", report.count(Transfer::Outcome::Moved, Way::Rx));
    all.set("sent", report.count(Transfer::Outcome::Moved, Way::Tx));
    all.set("bytes", Poco::UInt64(report.bytes));
    if (report.stopped) all.set("stopped", report.stopped->text);
    all.set("packets", packets);
    print_json(all);
}

}  // namespace

void print_transfers(NncpContext& nncp, const NncpNode& node, const nncp::TransferReport& report) {
    NncpLog(node.config).carried(report);
    if (nncp.json())
        print_objects(node, report);
    else
        print_words(node, report);
    for (const Transfer& each : report.transfers)
        if (each.outcome == Transfer::Outcome::Damaged) nncp.context.status = 1;
    if (!report.stopped) return;
    nncp.context.status = 1;
    if (!nncp.json()) std::cerr << "waypost: " << report.stopped->text << '\n';
}

void add_nncp(CLI::App& app, Context& context) {
    auto* group = app.add_subcommand(
        "nncp", "packets for other nodes, on sticks and by calls, as the tools of nncp");
    group->require_subcommand(1);
    // As long as the program: the callbacks below refer to it.
    static std::optional<NncpContext> kept;
    NncpContext* nncp = &kept.emplace(NncpContext{context, {}, {}});
    group->add_option("--nncp-config", nncp->file,
                      "node configuration (NNCPCFG, else /etc/nncp.hjson)");
    group->add_option("--spool", nncp->spool_directory, "another spool directory");
    add_nncp_config(*group, *nncp);
    add_nncp_pack(*group, *nncp);
    add_nncp_toss(*group, *nncp);
    add_nncp_carriers(*group, *nncp);
    add_nncp_inspect(*group, *nncp);
    add_nncp_call(*group, *nncp);
    add_nncp_serve(*group, *nncp);
}

}  // namespace waypost::cli
