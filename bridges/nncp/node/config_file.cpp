// SPDX-License-Identifier: Apache-2.0
// A configuration on disk, and finding one's way in it.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "bridges/nncp/node/node_config.h"
#include "bridges/nncp/packet/stream.h"

namespace waypost::nncp {
namespace {

constexpr std::size_t kMostBytes = 1024 * 1024;

template <class Map>
auto with_id(const Map& map, const Hash32& id) -> const typename Map::mapped_type* {
    for (const auto& [name, each] : map)
        if (each.id == id) return &each;
    return nullptr;
}

template <class Map>
auto find_in(const Map& map, std::string_view name_or_id) -> const typename Map::mapped_type* {
    if (const auto at = map.find(std::string(name_or_id)); at != map.end()) return &at->second;
    const auto id = hash_from_base32(name_or_id);
    return id.ok() ? with_id(map, *id) : nullptr;
}

std::string file_or_environment(const std::string& file) {
    const char* named = std::getenv("NNCPCFG");
    if (!file.empty() || named == nullptr) return file;
    return named;
}

}  // namespace

const Node* NodeConfig::by_id(const NodeId& id) const { return with_id(nodes, id); }

const Node* NodeConfig::find(std::string_view name_or_id) const {
    return find_in(nodes, name_or_id);
}

const Area* NodeConfig::area(const AreaId& id) const { return with_id(areas, id); }

const Area* NodeConfig::find_area(std::string_view name_or_id) const {
    return find_in(areas, name_or_id);
}

Result<std::vector<const Node*>> NodeConfig::hops(const Node& to) const {
    std::vector<const Node*> found;
    for (const std::string& name : to.via) {
        const Node* hop = find(name);
        if (hop == nullptr)
            return Error{Code::NotFound,
                         "the way to " + to.name + " goes by '" + name + "', which is no neighbour",
                         false};
        found.push_back(hop);
    }
    return found;
}

Result<std::string> read_config_text(const std::string& named) {
    const std::string file = file_or_environment(named);
    const int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) return Error{Code::NotFound, "cannot open the node configuration " + file, false};
    struct stat info {};
    if (::fstat(fd, &info) == 0 && S_ISDIR(info.st_mode)) {
        ::close(fd);
        return Error{Code::Refused,
                     file + " is a directory: make one file of it with nncp-cfgdir -load", false};
    }
    FileSource source(fd);
    auto text = read_start(source, kMostBytes + 1);
    ::close(fd);
    if (!text.ok()) return text;
    if (text->starts_with("NNCPB"))
        return Error{Code::Refused, file + " is encrypted: open it with nncp-cfgenc -d", false};
    return text;
}

Result<NodeConfig> read_node_config(const std::string& named) {
    const std::string file = file_or_environment(named);
    const auto text = read_config_text(file);
    if (!text.ok()) return text.error();
    auto config = parse_node_config(*text);
    if (!config.ok()) {
        return Error{config.error().code, file + ": " + config.error().text, false};
    }
    struct stat info {};
    config->open_to_others =
        config->self && ::stat(file.c_str(), &info) == 0 && (info.st_mode & 077) != 0;
    if (const char* spool = std::getenv("NNCPSPOOL")) config->spool = spool;
    if (const char* log = std::getenv("NNCPLOG")) config->log = log;
    return config;
}

}  // namespace waypost::nncp
