// SPDX-License-Identifier: Apache-2.0
// What the commands of `waypost nncp` share. They work on the spool that a node configuration
// names, beside the tools of nncp, and need no gateway.
#pragma once

#include "app/cli/cli.h"
#include "bridges/nncp/carrier/transfer.h"
#include "bridges/nncp/node/node_config.h"
#include "bridges/nncp/spool/spool.h"

namespace waypost::cli {

struct NncpContext {
    Context& context;
    std::string file;             // --nncp-config; empty: $NNCPCFG or /etc/nncp.hjson
    std::string spool_directory;  // --spool

    std::string config_file() const;
    // Warns on standard error where others may read its secrets. Sets the umask it names.
    Result<nncp::NodeConfig> config() const;
    bool json() const { return context.json; }
};

// Configuration and spool, as nearly every command needs them.
struct NncpNode {
    static Result<std::unique_ptr<NncpNode>> open(const NncpContext& context);
    // "bob", an id in base32, or an Error that says which names there are.
    Result<const nncp::Node*> node(const std::string& name) const;
    Result<std::vector<nncp::NodeId>> ids(const std::vector<std::string>& names) const;
    std::string name_of(const nncp::NodeId& id) const;  // as below, of this configuration

    nncp::NodeConfig config;
    nncp::Spool spool;
};

// "bob", "area:news"; empty: nobody we know.
std::string known_name(const nncp::NodeConfig& config, const nncp::Hash32& id);
// The same, or the id in base32.
std::string name_of(const nncp::NodeConfig& config, const nncp::Hash32& id);
Result<nncp::Nice> nice_or(const std::string& text, nncp::Nice otherwise);
bool waits_for_disk();  // unless NNCPNOSYNC is set
// Prints what a carrier did, as JSON or in words, and sets the status: 1 if something is damaged or
// it stopped early.
void print_transfers(NncpContext& nncp, const NncpNode& node, const nncp::TransferReport& report);

void add_nncp(CLI::App& app, Context& context);
void add_usb(CLI::App& app, Context& context);
void add_nncp_config(CLI::App& group, NncpContext& nncp);
void add_nncp_pack(CLI::App& group, NncpContext& nncp);
void add_nncp_toss(CLI::App& group, NncpContext& nncp);
void add_nncp_carriers(CLI::App& group, NncpContext& nncp);
void add_nncp_inspect(CLI::App& group, NncpContext& nncp);
void add_nncp_call(CLI::App& group, NncpContext& nncp);
void add_nncp_serve(CLI::App& group, NncpContext& nncp);

}  // namespace waypost::cli
