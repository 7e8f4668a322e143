// SPDX-License-Identifier: Apache-2.0
// waypost nncp init, import-config, export.
#include <fcntl.h>
#include <unistd.h>

#include <filesystem>
#include <iostream>
#include <map>
#include <memory>

#include "app/cli/nncp_cli.h"
#include "bridges/nncp/node/make_node.h"
#include "bridges/nncp/packet/stream.h"
#include "bridges/nncp/spool/files.h"
#include "bridges/nncp/spool/sources.h"

namespace waypost::cli {
namespace {

namespace fs = std::filesystem;
using nncp::Hjson;

// Whole on the disk under its name, or not at all; mode 0600.
Result<void> write_secret(const std::string& file, const std::string& text, bool replace) {
    const fs::path folder = fs::absolute(file).parent_path();
    const std::string work = (folder / nncp::working_name()).string();
    const nncp::Fd fd(::open(work.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!fd.good()) return nncp::disk_error("write in " + folder.string());
    const auto written = nncp::write_all(
        fd.get(), {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
    const bool durable = written.ok() && ::fsync(fd.get()) == 0;
    const bool named = durable && (replace ? ::rename(work.c_str(), file.c_str()) == 0
                                           : ::link(work.c_str(), file.c_str()) == 0);
    const int why = errno;
    if (!named || !replace) (void)::unlink(work.c_str());
    errno = why;
    if (!named && why == EEXIST)
        return Error{Code::Conflict, file + " is there already: choose another name", false};
    if (!named) return nncp::disk_error("write " + file);
    return nncp::sync_folder(folder);
}

Result<Hjson> read_hjson(const std::string& file) {
    Result<std::string> text = std::string();
    if (file == "-") {
        nncp::FileSource source(STDIN_FILENO);
        text = nncp::read_all(source, 1024 * 1024);
    } else {
        text = nncp::read_config_text(file);
    }
    if (!text.ok()) return text.error();
    auto read = nncp::parse_hjson(*text);
    if (read.ok()) return read;
    return Error{read.error().code, file + ": " + read.error().text, false};
}

void done(NncpContext& nncp, const std::string& line, const std::string& file,
          const std::string& id = {}) {
    if (!nncp.json()) return print(line);
    Json answer(Poco::JSON_PRESERVE_KEY_ORDER);
    answer.set("ok", true);
    if (!file.empty()) answer.set("file", file);
    if (!id.empty()) answer.set("id", id);
    print_json(answer);
}

struct InitOptions {
    std::string log, area;
};

void make_area(NncpContext& nncp, const std::string& name) {
    auto root = read_hjson(nncp.config_file());
    if (!root.ok()) return fail(nncp.context, root.error());
    Hjson theirs = Hjson::object(), areas = Hjson::object();
    areas.set(name, nncp::new_area());
    theirs.set("areas", areas);
    const auto both = nncp::merged(std::move(root).value(), theirs);
    if (!both.ok()) return fail(nncp.context, both.error());
    const auto written = write_secret(nncp.config_file(), nncp::to_json(*both), true);
    if (!written.ok()) return fail(nncp.context, written.error());
    const std::string id = areas.find(name)->find("id")->text;
    done(nncp, "Area " + name + ", id " + id, nncp.config_file(), id);
}

void init(NncpContext& nncp, const InitOptions& options) {
    if (!options.area.empty()) return make_area(nncp, options.area);
    const std::string wished =
        nncp.spool_directory.empty() ? "/var/spool/nncp" : nncp.spool_directory;
    const std::string spool = fs::absolute(wished).lexically_normal().string();
    const std::string log =
        options.log.empty() ? spool + "/log" : fs::absolute(options.log).string();
    const auto keys = nncp::make_keys();
    const auto text = nncp::to_json(nncp::new_node(keys, spool, log));
    const auto written = write_secret(nncp.config_file(), text, false);
    if (!written.ok()) return fail(nncp.context, written.error());
    // The tools of nncp want to find it; a folder for which we lack the right is the operator's.
    (void)nncp::Spool::open(spool);
    const std::string id = nncp::to_base32(keys.id);
    done(nncp,
         "Node " + id + " in " + nncp.config_file() +
             ". What neighbours need of it: waypost nncp export",
         nncp.config_file(), id);
}

// A whole configuration, in our form.
void import_whole(NncpContext& nncp, const Hjson& root, const std::string& from,
                  const std::string& out) {
    const auto checked = nncp::node_config_of(root);
    if (!checked.ok())
        return fail(nncp.context,
                    {checked.error().code, from + ": " + checked.error().text, false});
    if (out.empty()) return print(nncp::to_json(root));
    const auto written = write_secret(out, nncp::to_json(root), false);
    if (!written.ok()) return fail(nncp.context, written.error());
    done(nncp, "Imported " + std::to_string(checked->nodes.size() - 1) + " neighbours into " + out,
         out);
}

// What a neighbour gave of himself, into the configuration that is there. The old one stays beside
// it, as comments are lost.
void import_neighbours(NncpContext& nncp, const Hjson& theirs) {
    const std::string file = nncp.config_file();
    const auto text = nncp::read_config_text(file);
    auto ours = read_hjson(file);
    if (!ours.ok()) return fail(nncp.context, ours.error());
    const auto both = nncp::merged(std::move(ours).value(), theirs);
    if (!both.ok()) return fail(nncp.context, both.error());
    auto written = write_secret(file + ".old", *text, true);
    if (written.ok()) written = write_secret(file, nncp::to_json(*both), true);
    if (!written.ok()) return fail(nncp.context, written.error());
    std::string names;
    for (const char* section : {"neigh", "areas"}) {
        if (const Hjson* given = theirs.find(section))
            for (const auto& [name, entry] : given->members) names += ' ' + name;
    }
    done(nncp, "Added to " + file + ':' + names, file);
}

void import(NncpContext& nncp, const std::string& from, std::string out) {
    const auto root = read_hjson(from);
    if (!root.ok()) return fail(nncp.context, root.error());
    if (root->find("spool") == nullptr && root->find("self") == nullptr)
        return import_neighbours(nncp, *root);
    std::error_code none;
    if (out.empty() && !nncp.file.empty() && !fs::exists(nncp.file, none)) out = nncp.file;
    import_whole(nncp, *root, from, out);
}

struct ExportOptions {
    std::string name;
    std::map<std::string, std::string> addresses;
    std::vector<std::string> pairs;
    bool secrets = false;
};

Result<std::map<std::string, std::string>> addresses_of(const std::vector<std::string>& pairs) {
    std::map<std::string, std::string> addresses;
    for (const std::string& pair : pairs) {
        const auto at = pair.find('=');
        if (at == 0 || at == pair.npos || at + 1 == pair.size())
            return bad_input("write an address as LABEL=HOST:PORT, not '" + pair + "'");
        addresses[pair.substr(0, at)] = pair.substr(at + 1);
    }
    return addresses;
}

void export_node(NncpContext& nncp, const ExportOptions& options) {
    const auto config = nncp.config();
    if (!config.ok()) return fail(nncp.context, config.error());
    if (options.secrets) {
        const auto root = read_hjson(nncp.config_file());
        if (!root.ok()) return fail(nncp.context, root.error());
        std::cout << nncp::to_json(*root);
        return;
    }
    const auto addresses = addresses_of(options.pairs);
    if (!addresses.ok()) return fail(nncp.context, addresses.error(), 2);
    std::cout << nncp::to_json(nncp::public_part(*config, options.name, *addresses));
}

std::string host_name() {
    char name[256] = "waypost";
    (void)::gethostname(name, sizeof name - 1);
    return name;
}

}  // namespace

void add_nncp_config(CLI::App& group, NncpContext& nncp) {
    auto fresh = std::make_shared<InitOptions>();
    auto* init_command = group.add_subcommand(
        "init", "new keys in a new node configuration, with the directory --spool");
    init_command->add_option("--log", fresh->log, "of the new node");
    init_command->add_option("--area", fresh->area,
                             "keys of a new area instead, into the configuration that is there");
    init_command->callback([&nncp, fresh] { init(nncp, *fresh); });

    auto from = std::make_shared<std::string>(), out = std::make_shared<std::string>();
    auto* import_command = group.add_subcommand(
        "import-config",
        "a configuration of nncp (Hjson) in our form (JSON), or what a neighbour exported");
    import_command->add_option("FILE", *from, "- is standard input")->required();
    import_command->add_option("--out", *out, "new file for a whole configuration");
    import_command->callback([&nncp, from, out] { import(nncp, *from, *out); });

    auto shown = std::make_shared<ExportOptions>();
    shown->name = host_name();
    auto* export_command =
        group.add_subcommand("export", "what a neighbour needs of us, as JSON; no secrets");
    export_command->add_option("--name", shown->name, "what he is to call us");
    export_command->add_option("--addr", shown->pairs, "LABEL=HOST:PORT, may be repeated");
    export_command->add_flag("--secrets", shown->secrets, "all of our own configuration instead");
    export_command->callback([&nncp, shown] { export_node(nncp, *shown); });
}

}  // namespace waypost::cli
