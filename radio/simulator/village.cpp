// SPDX-License-Identifier: Apache-2.0
#include "radio/simulator/village.h"

#include <toml++/toml.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>

#include "radio/airtime/airtime.h"
#include "radio/meshtastic/stream_codec.h"

namespace waypost::simulator {
namespace {

constexpr std::size_t kMostNodes = 200;
constexpr std::size_t kMostLinks = 20'000;
constexpr std::size_t kMostName = 24;
constexpr int kMostPreset = 31;
constexpr int kMostRegion = 63;

struct Wrong {
    Error error;
};

// One table of the file. Whatever is wrong is thrown as Wrong with its line.
class Table {
  public:
    Table(const std::string& file, const toml::table& table) : file_(file), table_(table) {}

    [[noreturn]] void fail(const std::string& key, const std::string& text) const {
        const toml::node* node = table_.get(key);
        const auto line = (node == nullptr ? table_.source() : node->source()).begin.line;
        throw Wrong{bad_input(file_ + ':' + std::to_string(line) + ": " + text)};
    }

    void only(const std::set<std::string>& keys) const {
        for (const auto& [key, value] : table_) {
            const std::string name(key.str());
            if (keys.count(name) > 0) continue;
            std::string known;
            for (const std::string& each : keys) known += (known.empty() ? "" : ", ") + each;
            fail(name, "`" + name + "` is not known here; there is " + known);
        }
    }

    template <class T>
    T get(const std::string& key, T otherwise, const char* is) const {
        const toml::node* node = table_.get(key);
        if (node == nullptr) return otherwise;
        const auto value = node->value<T>();
        if (!value) fail(key, "`" + key + "` is " + is);
        return *value;
    }

    std::string text(const std::string& key, const std::string& otherwise = {}) const {
        return get<std::string>(key, otherwise, "a text in quotes");
    }
    bool truth(const std::string& key, bool otherwise) const {
        return get<bool>(key, otherwise, "true or false");
    }
    double number(const std::string& key, double otherwise, double least, double most) const {
        const double value = get<double>(key, otherwise, "a number");
        if (value >= least && value <= most) return value;
        std::ostringstream range;
        range << '`' << key << "` is " << least << " to " << most;
        fail(key, range.str());
    }

    // A number of Meshtastic's, or its name.
    template <class Name>
    int numbered(const std::string& key, int otherwise, int most, const Name& name_of) const {
        const toml::node* node = table_.get(key);
        if (node == nullptr) return otherwise;
        if (const auto number = node->value<std::int64_t>()) {
            const int value = static_cast<int>(std::clamp<std::int64_t>(*number, -1, most + 1));
            if (value >= 0 && std::string(name_of(value)) != "unknown") return value;
        }
        const auto name = node->value<std::string>();
        for (int i = 0; name && i <= most; ++i) {
            if (*name == name_of(i)) return i;
        }
        fail(key, "`" + key + "` is not known; write Meshtastic's number or name, like " +
                      name_of(otherwise));
    }

    std::vector<std::string> texts(const std::string& key) const {
        const toml::node* node = table_.get(key);
        if (node == nullptr) return {};
        if (const auto one = node->value<std::string>()) return {*one};
        std::vector<std::string> all;
        const toml::array* array = node->as_array();
        for (std::size_t i = 0; array != nullptr && i < array->size(); ++i) {
            const auto each = (*array)[i].value<std::string>();
            if (!each) fail(key, "`" + key + "` is a text or a list of texts");
            all.push_back(*each);
        }
        if (array == nullptr) fail(key, "`" + key + "` is a text or a list of texts");
        return all;
    }

    std::optional<std::pair<double, double>> point(const std::string& key) const {
        const toml::node* node = table_.get(key);
        if (node == nullptr) return std::nullopt;
        const toml::array* array = node->as_array();
        if (array != nullptr && array->size() == 2) {
            const auto x = (*array)[0].value<double>();
            const auto y = (*array)[1].value<double>();
            if (x && y) return std::pair{*x, *y};
        }
        fail(key, "`" + key + "` is two numbers, metres east and north: [1200, 350]");
    }

    std::optional<Table> table(const std::string& key) const {
        const toml::node* node = table_.get(key);
        if (node == nullptr) return std::nullopt;
        if (!node->is_table()) fail(key, "write [" + key + "]");
        return Table(file_, *node->as_table());
    }

    std::vector<Table> tables(const std::string& key, std::size_t most) const {
        const toml::node* node = table_.get(key);
        if (node == nullptr) return {};
        const toml::array* array = node->as_array();
        if (array == nullptr || !array->is_homogeneous<toml::table>()) {
            fail(key, "write [[" + key + "]] for each");
        }
        if (array->size() > most)
            fail(key, "at most " + std::to_string(most) + " of [[" + key + "]]");
        std::vector<Table> all;
        for (const toml::node& each : *array) all.emplace_back(file_, *each.as_table());
        return all;
    }

  private:
    const std::string& file_;
    const toml::table& table_;
};

void read_channel(const Table& t, Village& village) {
    t.only({"preset", "region", "loss", "seed", "speed", "met"});
    village.preset = t.numbered("preset", 0, kMostPreset, meshtastic_preset_name);
    village.region = t.numbered("region", 3, kMostRegion, meshtastic_region_name);
    village.loss = t.number("loss", 0, 0, 1);
    village.speed = t.number("speed", 1, 0.1, 1000);
    village.met = t.truth("met", true);
    village.seed = static_cast<std::uint64_t>(t.get<std::int64_t>("seed", 1, "a whole number"));
}

bool good_name(const std::string& name) {
    const auto bad = [](char c) {
        return static_cast<unsigned char>(c) <= ' ' || c == ':' || c == '>' || c == '/';
    };
    return !name.empty() && name.size() <= kMostName &&
           std::none_of(name.begin(), name.end(), bad) && name != "village" && name != "all";
}

bool good_port(const std::string& port) {
    return port.rfind("tcp:", 0) == 0 || port.rfind("pty:", 0) == 0;
}

VillageNode read_node(const Table& t) {
    t.only(
        {"name", "long_name", "short_name", "id", "port", "position", "on", "router", "hop_limit"});
    VillageNode node;
    node.name = t.text("name");
    if (!good_name(node.name)) t.fail("name", "a node needs a `name` of one word");
    node.long_name = t.text("long_name", node.name);
    node.short_name = t.text("short_name", node.name.substr(0, 4));
    const std::string id = t.text("id");
    const bool good_id = id.empty() || (meshtastic::parse_node_id(id, node.number) &&
                                        node.number != 0 && node.number != meshtastic::kBroadcast);
    if (!good_id) t.fail("id", "`id` is like \"!a1b2c3d4\"");
    node.ports = t.texts("port");
    if (!std::all_of(node.ports.begin(), node.ports.end(), good_port)) {
        t.fail("port", "`port` is like \"tcp:127.0.0.1:4403\" or \"pty:/tmp/radio\"");
    }
    node.position = t.point("position");
    node.on = t.truth("on", true);
    node.router = t.truth("router", false);
    node.hop_limit = static_cast<int>(t.number("hop_limit", 3, 0, 7));
    return node;
}

bool has(const Village& village, const std::string& name) {
    return std::any_of(village.nodes.begin(), village.nodes.end(),
                       [&](const VillageNode& each) { return each.name == name; });
}

void read_nodes(const Table& file, Village& village) {
    for (const Table& t : file.tables("node", kMostNodes)) {
        VillageNode node = read_node(t);
        if (has(village, node.name)) t.fail("name", "two nodes are called " + node.name);
        for (const VillageNode& other : village.nodes) {
            const bool same = node.number != 0 && other.number == node.number;
            if (same) t.fail("id", other.name + " has this `id` already");
        }
        village.nodes.push_back(std::move(node));
    }
    if (village.nodes.empty()) file.fail("node", "write a [[node]] for each radio");
}

void read_links(const Table& file, Village& village) {
    for (const Table& t : file.tables("link", kMostLinks)) {
        t.only({"a", "b", "loss", "snr"});
        VillageLink link{t.text("a"), t.text("b"), t.number("loss", 0, 0, 1),
                         t.number("snr", 8, -30, 20)};
        if (!has(village, link.a)) t.fail("a", "no node is called \"" + link.a + '"');
        if (!has(village, link.b)) t.fail("b", "no node is called \"" + link.b + '"');
        village.links.push_back(std::move(link));
    }
}

}  // namespace

Result<Village> parse_village(std::string_view text, const std::string& file) {
    try {
        const toml::table parsed = toml::parse(text, file);
        const Table t(file, parsed);
        t.only({"control", "channel", "node", "link"});
        Village village;
        village.control = t.text("control");
        if (const auto channel = t.table("channel")) read_channel(*channel, village);
        read_nodes(t, village);
        read_links(t, village);
        return village;
    } catch (const toml::parse_error& e) {
        return bad_input(file + ':' + std::to_string(e.source().begin.line) + ": " +
                         std::string(e.description()));
    } catch (const Wrong& wrong) {
        return wrong.error;
    }
}

Result<Village> load_village(const std::string& file) {
    std::ifstream in(file);
    std::ostringstream text;
    if (!in || !(text << in.rdbuf())) return Error{Code::NotFound, "cannot read " + file, false};
    return parse_village(text.str(), file);
}

}  // namespace waypost::simulator
