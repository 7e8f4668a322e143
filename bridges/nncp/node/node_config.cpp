// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/node/node_config.h"

#include <charconv>

#include "bridges/nncp/node/config_fields.h"
#include "bridges/nncp/node/key_checks.h"
#include "bridges/nncp/node/nice.h"

namespace waypost::nncp {
namespace {

void read_self(ConfigFields& fields, OwnKeys& keys) {
    for (const char* key : {"id", "exchpub", "exchprv", "signpub", "signprv"}) fields.need(key);
    fields.hash("id", keys.id);
    fields.hash("exchpub", keys.exchange_public);
    fields.hash("signpub", keys.signing_public);
    fields.hash("noisepub", keys.noise_public);
    fields.secret("exchprv", 32, keys.exchange);
    fields.secret("signprv", 64, keys.signing);
    fields.secret("noiseprv", 32, keys.noise);
    if (!fields.good()) return;
    const std::string why = contradiction(keys);
    if (!why.empty()) fields.wrong(fields.object(), "", why);
}

void read_nice(ConfigFields& fields, Nice& into) {
    std::string text;
    fields.text("nice", text);
    if (!fields.good() || text.empty()) return;
    const auto nice = parse_nice(text);
    if (nice.ok())
        into = *nice;
    else
        fields.wrong(*fields.object().find("nice"), "nice", nice.error().text);
}

void read_rate(ConfigFields& fields, std::string_view key, std::optional<int>& into) {
    fields.number(key, 1'000'000, [&](std::uint64_t n) { into = static_cast<int>(n); });
}

void read_call(ConfigFields& fields, Call& call) {
    fields.need("cron");
    fields.text("cron", call.cron);
    read_nice(fields, call.nice);
    std::string way;
    fields.text("xx", way);
    if (fields.good() && !way.empty()) {
        if (way != "rx" && way != "tx")
            return fields.wrong(*fields.object().find("xx"), "xx", "expected rx or tx");
        call.receive = way == "rx";
        call.transmit = way == "tx";
    }
    fields.text("addr", call.address);
    fields.flag("when-tx-exists", call.when_tx_exists);
    read_rate(fields, "rxrate", call.receive_rate);
    read_rate(fields, "txrate", call.transmit_rate);
    fields.seconds("onlinedeadline", call.online_deadline);
    fields.seconds("maxonlinetime", call.max_online);
    fields.flag("nock", call.check_later);
    fields.flag("mcd-ignore", call.ignore_discovery);
    fields.flag("autotoss", call.toss);
    fields.flag("autotoss-doseen", call.toss_seen);
    fields.flag("autotoss-nofile", call.no_file);
    fields.flag("autotoss-nofreq", call.no_freq);
    fields.flag("autotoss-noexec", call.no_exec);
    fields.flag("autotoss-notrns", call.no_trns);
    fields.flag("autotoss-noarea", call.no_area);
    fields.flag("autotoss-noack", call.no_ack);
}

void read_limits(ConfigFields& fields, Node& node) {
    const auto take = [](int& into) {
        return [&into](std::uint64_t n) { into = static_cast<int>(n); };
    };
    fields.number("rxrate", 1'000'000, take(node.receive_rate));
    fields.number("txrate", 1'000'000, take(node.transmit_rate));
    fields.seconds("onlinedeadline", node.online_deadline);
    fields.seconds("maxonlinetime", node.max_online);
    if (fields.good() && fields.has("onlinedeadline") && node.online_deadline.count() < 1)
        fields.wrong(*fields.object().find("onlinedeadline"), "onlinedeadline", "at least 1");
}

// Names become links in the spool.
void check_name(ConfigFields& fields, const std::string& name) {
    if (name.empty() || name.size() > 255 || name == "." || name == ".." ||
        name.find('/') != name.npos)
        fields.wrong(fields.object(), "", "a name is 1 to 255 bytes without '/'");
}

void read_node(ConfigFields& fields, Node& node) {
    check_name(fields, node.name);
    for (const char* key : {"id", "exchpub", "signpub"}) fields.need(key);
    fields.hash("id", node.id);
    fields.hash("exchpub", node.exchange_public);
    fields.hash("signpub", node.signing_public);
    fields.hash("noisepub", node.noise_public);
    fields.commands("exec", node.exec);
    fields.directory("incoming", node.incoming);
    fields.one("freq", [&node](ConfigFields& freq) {
        freq.directory("path", node.freq_path);
        freq.kib("chunked", node.freq_chunk);
        freq.kib("minsize", node.freq_minsize);
        freq.kib("maxsize", node.freq_maxsize);
    });
    fields.texts("via", node.via);
    fields.map("addrs", node.addresses);
    read_limits(fields, node);
    fields.list("calls",
                [&node](ConfigFields& call) { read_call(call, node.calls.emplace_back()); });
    if (!fields.good()) return;
    const std::string why = contradiction(node);
    if (!why.empty()) fields.wrong(fields.object(), "", why);
}

void read_area(ConfigFields& fields, Area& area) {
    check_name(fields, area.name);
    fields.need("id");
    fields.hash("id", area.id);
    fields.hash("pub", area.exchange_public);
    if (fields.has("prv")) fields.secret("prv", 32, area.exchange.emplace());
    fields.texts("subs", area.subscribers);
    fields.directory("incoming", area.incoming);
    fields.commands("exec", area.exec);
    fields.flag("allow-unknown", area.allow_unknown);
    if (!fields.good()) return;
    const std::string why = contradiction(area);
    if (!why.empty()) fields.wrong(fields.object(), "", why);
}

void read_notice(ConfigFields& fields, Notice& notice) {
    fields.need("to");
    fields.text("from", notice.from);
    fields.text("to", notice.to);
}

void read_notify(ConfigFields& fields, NodeConfig& config) {
    fields.one("file", [&](ConfigFields& f) { read_notice(f, config.notify_file.emplace()); });
    fields.one("freq", [&](ConfigFields& f) { read_notice(f, config.notify_freq.emplace()); });
    fields.each("exec", [&](const std::string& name, ConfigFields& f) {
        read_notice(f, config.notify_exec[name]);
    });
}

void read_mask(ConfigFields& fields, std::optional<unsigned>& into) {
    std::string text;
    fields.text("umask", text);
    if (!fields.good() || text.empty()) return;
    unsigned mask = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), mask, 8);
    if (read.ec != std::errc() || read.ptr != text.data() + text.size() || mask > 0777)
        return fields.wrong(*fields.object().find("umask"), "umask", "expected octal: \"022\"");
    into = mask;
}

void read_discovery(ConfigFields& fields, NodeConfig& config) {
    fields.texts("mcd-listen", config.discovery_listen);
    fields.one("mcd-send", [&](ConfigFields& each) {
        for (const auto& [interface, interval] : each.object().members)
            each.seconds(interface, config.discovery_send[interface]);
    });
}

void check_names(ConfigFields& fields, const NodeConfig& config) {
    const auto known = [&](std::string_view key, const std::string& name,
                           const std::vector<std::string>& list) {
        for (const std::string& each : list)
            if (fields.good() && config.find(each) == nullptr)
                fields.wrong(*fields.object().find(key), std::string(key) + '.' + name,
                             "names '" + each + "', which is no neighbour");
    };
    for (const auto& [name, node] : config.nodes) known("neigh", name + ".via", node.via);
    for (const auto& [name, area] : config.areas) known("areas", name + ".subs", area.subscribers);
}

void check_self(ConfigFields& fields, const NodeConfig& config) {
    if (!fields.good()) return;
    const auto self = config.nodes.find("self");
    if (self == config.nodes.end())
        return fields.wrong(fields.object(), "neigh.self", "is missing: our own public keys");
    if (config.self && self->second.id != config.self->id)
        fields.wrong(*fields.object().find("neigh"), "neigh.self.id", "is not that of self");
}

}  // namespace

Result<NodeConfig> node_config_of(const Hjson& root) {
    NodeConfig config;
    std::optional<Error> problem;
    ConfigFields fields(root, "", problem);
    if (problem) return *problem;
    for (const char* key : {"spool", "log"}) fields.need(key);
    fields.directory("spool", config.spool);
    fields.directory("log", config.log);
    read_mask(fields, config.mask);
    fields.flag("noprogress", config.no_progress);
    fields.flag("nohdr", config.no_headers);
    fields.one("self", [&](ConfigFields& self) { read_self(self, config.self.emplace()); });
    fields.each("neigh", [&](const std::string& name, ConfigFields& node) {
        config.nodes[name].name = name;
        read_node(node, config.nodes[name]);
    });
    fields.each("areas", [&](const std::string& name, ConfigFields& area) {
        config.areas[name].name = name;
        read_area(area, config.areas[name]);
    });
    fields.one("notify", [&](ConfigFields& notify) { read_notify(notify, config); });
    read_discovery(fields, config);
    check_self(fields, config);
    check_names(fields, config);
    if (problem) return *problem;
    return config;
}

Result<NodeConfig> parse_node_config(std::string_view hjson) {
    const auto root = parse_hjson(hjson);
    if (!root.ok()) return root.error();
    return node_config_of(*root);
}

}  // namespace waypost::nncp
