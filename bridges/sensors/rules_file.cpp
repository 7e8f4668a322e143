// SPDX-License-Identifier: Apache-2.0
#include "bridges/sensors/rules_file.h"

#include <toml++/toml.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <set>

#include "bridges/sensors/reading.h"
#include "gateway/base/encoding.h"
#include "gateway/config/config.h"
#include "gateway/io/mqtt/mqtt_client.h"
#include "gateway/message/text.h"

namespace waypost::sensors {
namespace {

constexpr std::size_t kMostRules = 200;
constexpr std::size_t kMostFile = 256 * 1024;
constexpr std::size_t kMostName = 24;
constexpr std::size_t kMostText = 160;
constexpr std::size_t kMostAsk = 16;
constexpr std::size_t kMostTo = 20;
constexpr std::size_t kMostDown = 50;  // bytes; what every data rate of LoRaWAN carries

using Line = toml::source_index;  // from 1

// Thrown within this file only.
struct Wrong {
    Line line;
    std::string text;
};

bool is_name(const std::string& text, std::size_t most) {
    return !text.empty() && text.size() <= most &&
           text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string::npos;
}

// Reads one table, and knows what of it nobody asked for.
class Table {
  public:
    Table(const toml::table& table, std::string of) : table_(table), of_(std::move(of)) {}

    std::string text(const char* key) {
        const toml::node* node = at(key);
        if (node == nullptr) return {};
        const auto value = node->value_exact<std::string>();
        if (!value) wrong(key, "is a text between \" and \"");
        return *value;
    }
    std::optional<double> number(const char* key) {
        const toml::node* node = at(key);
        if (node == nullptr) return std::nullopt;
        const auto value = node->value<double>();
        if (!value || !(std::abs(*value) <= kMostValue)) wrong(key, "is a number");
        return *value;
    }
    std::int64_t integer(const char* key, std::int64_t fallback, std::int64_t least,
                         std::int64_t most) {
        const toml::node* node = at(key);
        if (node == nullptr) return fallback;
        const auto value = node->value_exact<std::int64_t>();
        if (!value || *value < least || *value > most)
            wrong(key, "is " + std::to_string(least) + " to " + std::to_string(most));
        return *value;
    }
    bool boolean(const char* key) {
        const toml::node* node = at(key);
        if (node == nullptr) return false;
        const auto value = node->value_exact<bool>();
        if (!value) wrong(key, "is true or false");
        return *value;
    }
    milliseconds duration(const char* key, milliseconds fallback) {
        const std::string said = text(key);
        if (said.empty()) return fallback;
        const milliseconds time = parse_duration(said);
        if (time.count() < 0) wrong(key, "is as \"30s\", \"10m\", \"2h\" or \"1d\"");
        return time;
    }
    std::vector<std::string> texts(const char* key) {
        const toml::node* node = at(key);
        std::vector<std::string> all;
        if (node == nullptr) return all;
        const toml::array* list = node->as_array();
        if (list == nullptr || list->size() > kMostTo)
            wrong(key, "is a list, as [\"ana\", \"#news\"]");
        for (const toml::node& each : *list) {
            const auto value = each.value_exact<std::string>();
            if (!value) wrong(key, "is a list of texts");
            all.push_back(*value);
        }
        return all;
    }
    const toml::table* table(const char* key) {
        const toml::node* node = at(key);
        if (node == nullptr) return nullptr;
        if (!node->is_table()) wrong(key, "is a table, as { offset = 0, length = 2 }");
        return node->as_table();
    }
    void no_more() const {
        for (const auto& [key, node] : table_) {
            if (asked_.count(std::string(key.str())) > 0) continue;
            std::string known;
            for (const std::string& each : asked_) known += (known.empty() ? "" : ", ") + each;
            throw Wrong{line_of(node),
                        of_ + ": there is no \"" + std::string(key.str()) + "\", but " + known};
        }
    }
    // At the key's line, or where it is missing at the table's.
    [[noreturn]] void wrong(const std::string& key, const std::string& what) const {
        const toml::node* node = table_.get(key);
        throw Wrong{line_of(node == nullptr ? table_ : *node), of_ + ": " + key + ' ' + what};
    }
    // A key that means something in the other kind of rules only.
    void belongs_elsewhere(const char* key, const char* where) const {
        if (table_.get(key) != nullptr) wrong(key, where);
    }
    static Line line_of(const toml::node& node) { return node.source().begin.line; }

  private:
    const toml::node* at(const char* key) {
        asked_.insert(key);
        return table_.get(key);
    }
    const toml::table& table_;
    const std::string of_;
    std::set<std::string> asked_;
};

ByteField read_field(const toml::table& from, const std::string& name) {
    Table table(from, name + ".bytes");
    ByteField field;
    field.offset = static_cast<std::size_t>(table.integer("offset", 0, 0, 255));
    field.length = static_cast<std::size_t>(table.integer("length", 1, 1, 4));
    field.is_signed = table.boolean("signed");
    field.little = table.boolean("little");
    field.scale = table.number("scale").value_or(1);
    field.add = table.number("add").value_or(0);
    table.no_more();
    return field;
}

std::string hex_bytes(Table& table, const char* key) {
    const auto bytes = from_hex(table.text(key));
    if (!bytes || bytes->size() > kMostDown)
        table.wrong(key, "is at most 50 bytes in hex, as \"01ff\"");
    return *bytes;
}

std::string read_eui(Table& table, const char* key) {
    std::string eui = lower_ascii(table.text(key));
    if (eui.size() != 16 || !from_hex(eui)) table.wrong(key, "is a DevEUI of 16 hex digits");
    return eui;
}

Downlink read_down(const toml::table& from, const std::string& name) {
    Table table(from, name + ".down");
    Downlink down;
    down.application = table.text("application");
    if (!mqtt::is_topic(down.application) || down.application.find('/') != std::string::npos)
        table.wrong("application", "is the id of the application in ChirpStack");
    down.device = read_eui(table, "device");
    down.port = static_cast<int>(table.integer("port", 1, 1, 223));
    down.begins = hex_bytes(table, "begins");
    down.over = hex_bytes(table, "over");
    table.no_more();
    return down;
}

void read_source(Table& table, Kind kind, Rule& rule) {
    rule.value = table.text("value");
    if (!rule.value.empty() && rule.value.front() != '/')
        table.wrong("value", "is a JSON pointer, as \"/level\"");
    if (kind == Kind::Topic) {
        table.belongs_elsewhere("device", "is of rules that a [lorawan.NAME] names");
        rule.topic = table.text("topic");
        if (!mqtt::is_topic_filter(rule.topic))
            table.wrong("topic", "is a topic, as \"flood/gauge\"");
        return;
    }
    table.belongs_elsewhere("topic", "is of rules that a [sensors.NAME] names");
    rule.device = read_eui(table, "device");
    rule.port = static_cast<int>(table.integer("port", 0, 0, 255));
    if (const toml::table* bytes = table.table("bytes")) rule.bytes = read_field(*bytes, rule.name);
    if (rule.bytes.has_value() == !rule.value.empty())
        table.wrong("value", "or bytes says where the number is: one of them");
    if (const toml::table* down = table.table("down")) rule.down = read_down(*down, rule.name);
}

void read_limits(Table& table, Rule& rule) {
    rule.above = table.number("above");
    rule.below = table.number("below");
    rule.hysteresis = table.number("hysteresis").value_or(0);
    if (rule.hysteresis < 0) table.wrong("hysteresis", "is not below 0");
    rule.lasts = table.duration("for", milliseconds(0));
    rule.repeat = table.duration("repeat", std::chrono::hours(1));
    if (rule.repeat < std::chrono::minutes(1)) table.wrong("repeat", "is a minute or more");
    rule.text = table.text("text");
    rule.over = table.text("over");
    if (rule.text.size() > kMostText) table.wrong("text", "is 160 bytes at most, for a radio");
    if (rule.over.size() > kMostText) table.wrong("over", "is 160 bytes at most, for a radio");
    for (const std::string& to : table.texts("to")) {
        const bool group = !to.empty() && to.front() == '#';
        if (to == "alarm") {
            rule.alarm = true;
        } else if (is_name(group ? to.substr(1) : to, kMostName)) {
            rule.to.push_back(to);
        } else {
            table.wrong("to", "names people, groups as #news, and alarm: not \"" + to + '"');
        }
    }
    const bool tells = rule.alarm || !rule.to.empty() || rule.down.has_value();
    if (tells && !rule.above && !rule.below) table.wrong("above", "or below says when to tell it");
    if ((rule.alarm || !rule.to.empty()) && rule.text.empty())
        table.wrong("text", "says what is told, as \"River at {value} m\"");
    if (rule.above && rule.below && *rule.above < *rule.below)
        table.wrong("above", "is not less than below");
}

Rule read_rule(const std::string& name, const toml::node& node, Kind kind) {
    const Line line = Table::line_of(node);
    if (!is_name(name, kMostName))
        throw Wrong{line, '"' + name + "\": a sensor is called by small letters, digits and -"};
    if (!node.is_table()) throw Wrong{line, name + ": a sensor is a table: [" + name + ']'};
    Table table(*node.as_table(), name);
    Rule rule;
    rule.name = name;
    read_source(table, kind, rule);
    read_limits(table, rule);
    rule.ask = table.text("ask");
    if (!rule.ask.empty() && !is_name(rule.ask, kMostAsk))
        table.wrong("ask", "is a word of small letters and digits, as \"water\"");
    rule.unit = table.text("unit");
    if (rule.unit.size() > kMostAsk) table.wrong("unit", "is 16 bytes at most");
    table.no_more();
    if (!rule.above && !rule.below && rule.ask.empty())
        table.wrong("ask", "or above or below says what this sensor is for");
    return rule;
}

std::string at(Line line, const std::string& text) {
    return "line " + std::to_string(line) + ": " + text;
}

// Of what is wrong the first in the file, and how many sensors more.
Error told(const std::vector<Wrong>& all) {
    const auto first = std::min_element(
        all.begin(), all.end(), [](const Wrong& a, const Wrong& b) { return a.line < b.line; });
    std::string text = at(first->line, first->text);
    if (all.size() > 1) text += " (and " + std::to_string(all.size() - 1) + " more are wrong)";
    return bad_input(text);
}

Result<std::vector<Rule>> rules_of(const toml::table& file, Kind kind) {
    std::vector<Rule> rules;
    std::vector<Wrong> mistakes;
    std::set<std::string> asks;
    for (const auto& [name, node] : file) {
        try {
            Rule rule = read_rule(std::string(name.str()), node, kind);
            if (!rule.ask.empty() && !asks.insert(rule.ask).second)
                throw Wrong{Table::line_of(node),
                            rule.name + ": ask \"" + rule.ask +
                                "\" is another sensor's: choose another word"};
            rules.push_back(std::move(rule));
        } catch (const Wrong& wrong) {
            mistakes.push_back(wrong);
        }
    }
    if (!mistakes.empty()) return told(mistakes);
    if (rules.empty()) return bad_input("there is no sensor in it: [river] begins one");
    if (rules.size() > kMostRules) return bad_input("more than 200 sensors: use two sections");
    return rules;
}

Result<std::string> text_of(const std::string& path) {
    const auto failed = [&](const char* why) {
        return Error{Code::NotFound,
                     path + ": " + why + "; name the file with the rules of the sensors", false};
    };
    std::error_code unknown;
    if (std::filesystem::is_directory(path, unknown)) return failed("is a folder");
    std::ifstream file(path, std::ios::binary);
    if (!file) return failed(errno == EACCES ? "may not be read" : "there is no such file");
    std::string text(kMostFile + 1, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(file.gcount()));
    if (text.size() > kMostFile) return failed("longer than 256 KiB");
    return text;
}

}  // namespace

Result<std::vector<Rule>> read_rules(const std::string& text, Kind kind) {
    try {
        return rules_of(toml::parse(text), kind);
    } catch (const toml::parse_error& e) {
        return bad_input(at(e.source().begin.line, "not TOML: " + std::string(e.description())));
    }
}

Result<std::vector<Rule>> read_rules_file(const std::string& path, Kind kind) {
    const auto text = text_of(path);
    if (!text.ok()) return text.error();
    auto rules = read_rules(*text, kind);
    if (!rules.ok()) return bad_input(path + ": " + rules.error().text);
    return rules;
}

}  // namespace waypost::sensors
