// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/bridges/nncp/toss/rx_stage.h"

#include <stdlib.h>
#include <sys/stat.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>

#include "bridges/nncp/packet/zstd.h"

namespace waypost::nncp {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kRoom = 64'000'000;

std::string with_root(std::string text, const std::string& root) {
    for (auto at = text.find("/TEST"); at != std::string::npos; at = text.find("/TEST", at)) {
        text.replace(at, 5, root);
        at += root.size();
    }
    return text;
}

}  // namespace

std::string slurp(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

std::string path_of_id(const std::string& node) {
    const Hash32& id = test_keys().at(node).id;
    return {reinterpret_cast<const char*>(id.data()), id.size()};
}

std::string sealed(const std::string& from, const std::string& to, const PlainHeader& plain,
                   const std::string& payload, Nice nice) {
    MemorySource source(payload);
    MemorySink out(kRoom);
    const auto done = seal(test_sealing(from, to, nice), plain, source, out);
    if (!done.ok()) throw std::runtime_error(done.error().text);
    return out.take();
}

std::string packed(const std::string& text) {
    MemorySource input(text);
    ZstdSource source(input);
    MemorySink out(kRoom);
    if (!copy_all(source, out).ok()) throw std::runtime_error("zstd");
    return out.take();
}

RxStage::RxStage(const std::string& node, void (*edit)(NodeConfig&)) : node_(node) {
    std::string name = (fs::temp_directory_path() / "waypost-toss-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp");
    root_ = name;
    for (const char* each : {"spool", "incoming", "freq", "area-in", "runs"}) {
        fs::create_directories(root_ / node_ / each);
    }
    const std::string text = with_root(vector_file(node + ".hjson"), root_.string());
    std::ofstream(config_file()) << text;
    auto config = parse_node_config(text);
    if (!config.ok()) throw std::runtime_error(config.error().text);
    config_ = std::move(*config);
    if (edit) edit(config_);
    auto spool = Spool::open(config_.spool, false);
    if (!spool.ok()) throw std::runtime_error(spool.error().text);
    spool_ = std::move(*spool);
    write_program("fakesendmail");
    write_program("fakermail");
    let_programs_end_with(0);
}

RxStage::~RxStage() { fs::remove_all(root_); }

// Writes down what it was started with. Runs are numbered by a folder that only one can make.
void RxStage::write_program(const std::string& name) const {
    const std::string here = (root_ / node_).string();
    write(name,
          "#!/bin/sh\n"
          "n=100\n"
          "while ! /bin/mkdir \"" +
              here + "/runs/" + name +
              ".$n\" 2>/dev/null; do n=$((n+1)); done\n"
              "cd \"" +
              here + "/runs/" + name +
              ".$n\" || exit 99\n"
              "for each; do printf '%s\\n' \"$each\"; done >arguments\n"
              "/usr/bin/env | /bin/grep -v -e ^PWD= -e ^OLDPWD= -e ^_= -e ^SHLVL= | LC_ALL=C "
              "/usr/bin/sort >environment\n"
              "/bin/cat >input\n"
              "echo said to the log\n"
              "exit $(/bin/cat \"" +
              here + "/status\")\n");
    ::chmod((root_ / node_ / name).c_str(), 0755);
}

void RxStage::let_programs_end_with(int status) { write("status", std::to_string(status)); }

void RxStage::write(const std::string& file, const std::string& bytes) const {
    fs::create_directories((root_ / node_ / file).parent_path());
    std::ofstream(root_ / node_ / file, std::ios::binary) << bytes;
}

SpoolPacket RxStage::put(const std::string& bytes, const std::string& from) {
    MemorySource source(bytes);
    const SpoolPacket packet{test_keys().at(from).id, Way::Rx, *mth_of(source), bytes.size(), 255};
    fs::create_directories(spool_->path(packet).parent_path());
    std::ofstream(spool_->path(packet), std::ios::binary) << bytes;
    return packet;
}

SpoolPacket RxStage::put(const Vector& vector) {
    const SpoolPacket packet = put(vector.bytes, vector.owner);
    if (to_base32(packet.name) != vector.spool) throw std::runtime_error("name of " + vector.name);
    return packet;
}

SpoolPacket RxStage::put(const PlainHeader& plain, const std::string& payload,
                         const std::string& from, Nice nice) {
    return put(sealed(from, node_, plain, payload, nice), from);
}

TossCounts RxStage::toss(TossOptions options) {
    LocalHandlers local(config_, *spool_, {.sync = false, .say = [this](const std::string& line) {
                                               said_.push_back(line);
                                           }});
    return toss(local, std::move(options));
}

TossCounts RxStage::toss(Handlers& handlers, TossOptions options) {
    told_.clear();
    said_.clear();
    options.on_packet = [this](const Tossed& tossed) { told_.push_back(tossed); };
    auto counts = Toss(config_, *spool_, handlers, std::move(options)).all();
    if (!counts.ok()) throw std::runtime_error(counts.error().text);
    return *counts;
}

const Tossed* RxStage::told_of(const SpoolPacket& packet) const {
    const auto found = std::find_if(told_.begin(), told_.end(), [&](const Tossed& each) {
        return each.packet.name == packet.name;
    });
    return found == told_.end() ? nullptr : &*found;
}

bool RxStage::in_rx(const SpoolPacket& packet) const { return fs::exists(spool_->path(packet)); }

bool RxStage::put_aside(const SpoolPacket& packet) const {
    return fs::exists(spool_->directory() / "quarantine" / to_base32(packet.node) /
                      to_base32(packet.name));
}

std::string RxStage::why(const SpoolPacket& packet) const {
    return slurp(spool_->directory() / "quarantine" / to_base32(packet.node) /
                 (to_base32(packet.name) + ".why"));
}

std::vector<ProgramRun> RxStage::runs(const std::string& program) const {
    std::vector<ProgramRun> found;
    for (int n = 100;; ++n) {
        const fs::path run = root_ / node_ / "runs" / (program + "." + std::to_string(n));
        if (!fs::exists(run)) return found;
        found.push_back(
            {slurp(run / "arguments"), slurp(run / "environment"), slurp(run / "input")});
    }
}

std::map<std::string, std::string> RxStage::files(const std::string& folder) const {
    std::map<std::string, std::string> found;
    const fs::path top = root_ / node_ / folder;
    for (const auto& each : fs::recursive_directory_iterator(top)) {
        if (each.is_regular_file())
            found[fs::relative(each.path(), top).string()] = slurp(each.path());
    }
    return found;
}

std::vector<std::string> RxStage::queued_for(const std::string& node) const {
    std::vector<std::string> found;
    const auto listed = spool_->list(test_keys().at(node).id, Way::Tx);
    if (!listed.ok()) return found;
    for (const SpoolPacket& each : *listed) found.push_back(slurp(spool_->path(each)));
    return found;
}

}  // namespace waypost::nncp
