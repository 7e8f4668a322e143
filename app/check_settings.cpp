// SPDX-License-Identifier: Apache-2.0
#include "app/check_settings.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <filesystem>
#include <functional>
#include <set>

#include "app/backup_places.h"
#include "app/care_keys.h"
#include "app/chat_server.h"
#include "app/console_tls.h"
#include "app/health_settings.h"
#include "app/mail_server.h"
#include "app/neighbours.h"
#include "app/radio_service.h"
#include "app/settings_report.h"
#include "app/transports.h"
#include "app/wifi_plan.h"
#include "gateway/base/local_time.h"
#include "gateway/commands/handle.h"
#include "gateway/custody/alarm_post.h"
#include "gateway/custody/quiet_hours.h"
#include "gateway/message/text.h"

namespace waypost {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLongestSocket = 107;  // bytes of a Unix socket's path: sun_path, and a zero

bool is_part_of_key(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

// Where `key` stands in it as a word; npos: nowhere.
std::size_t word_in(const std::string& sentence, std::string_view key) {
    for (std::size_t at = 0; (at = sentence.find(key, at)) != std::string::npos; ++at) {
        const std::size_t end = at + key.size();
        if ((at == 0 || !is_part_of_key(sentence[at - 1])) &&
            (end == sentence.size() || !is_part_of_key(sentence[end])))
            return at;
    }
    return std::string::npos;
}

// The key of the section that the sentence names first.
std::string key_in(const Section& section, const std::string& sentence) {
    std::string key;
    std::size_t first = std::string::npos;
    for (const Setting& setting : section.settings) {
        const std::size_t at = word_in(sentence, setting.key);
        if (at >= first) continue;
        first = at;
        key = setting.key;
    }
    return key;
}

class Check {
  public:
    explicit Check(const Config& config) : config_(config) {}

    std::vector<ConfigProblem> all() && {
        box();
        files();
        console();
        tried("neighbour", [this] {
            const Neighbours all(configured_neighbours(config_), text("box", "domain"));
        });
        tried("", [this] { check_radio_services(config_); });
        tried("wifi", [this] { check_wifi(config_); });
        tried("alerts", [this] { (void)health_settings(config_); });
        tried("care", [this] { (void)care_keys(config_); });
        tried("backup", [this] { (void)backup_plan(config_); });
        hub();
        fronts();
        tried("mailserver", [this] { (void)password_file_of(config_); });
        tried("chatserver", [this] { check_chat_server(config_); });
        transports();
        links();
        return std::move(problems_);
    }

  private:
    const std::string& text(const char* section, const char* key) const {
        return config_.section(section).text(key);
    }
    void wrong(const std::string& section, const std::string& key, const std::string& why) {
        problems_.push_back({'[' + section + "] " + key, why, section, key});
    }
    void tried(const std::string& section, const std::function<void()>& what) {
        try {
            what();
        } catch (const std::exception& e) {
            problems_.push_back(problem_in(section, e.what()));
        }
    }

    void box() {
        const SectionValues& box = config_.section("box");
        if (!parse_address("mailto:x@" + box.text("domain")).ok())
            wrong("box", "domain", box.text("domain") + " is no mail domain, like village.example");
        for (const char* key : {"operators", "responders"}) {
            for (const std::string& each : box.list(key)) {
                const auto handle = parse_handle(each);
                if (!handle.ok() || *handle != each)
                    wrong("box", key,
                          '"' + each + "\" is no name of a person here: write it as " +
                              "`waypost people list` shows it");
            }
        }
        if (const std::string& as = box.text("publish_alarms");
            !as.empty() && as != kPublishAsBox) {
            const auto group = parse_group_name(as);
            if (!group.ok() || *group != as)
                wrong("box", "publish_alarms",
                      '"' + as + "\" is neither `box` nor the name of a group, like news");
        }
        if (box.has("publish_alarms") && config_.instances("activitypub").empty())
            wrong("box", "publish_alarms",
                  "there is no section [activitypub.NAME], by which the world could read it");
        if (const auto zone = known_timezone(box.text("timezone")); !zone.ok())
            wrong("box", "timezone", zone.error().text + ": write one like Africa/Nairobi");
        if (box.has("quiet") && !parse_quiet(box.text("quiet")))
            wrong("box", "quiet", "hours look like 22:00-06:00");
    }

    void has_folder(const char* section, const char* key) {
        const fs::path file = config_.path(text(section, key));
        std::error_code unknown;
        if (!fs::is_directory(file.parent_path(), unknown))
            wrong(section, key,
                  "there is no folder " + file.parent_path().string() +
                      ": make it, or name another place");
    }

    void files() {
        has_folder("store", "path");
        has_folder("api", "socket");
        if (config_.path(text("api", "socket")).size() > kLongestSocket)
            wrong("api", "socket", "the whole path of a socket has at most 107 bytes");
    }

    // By a relay or by DNS what is for them would come back to this machine.
    void fronts() {
        std::set<std::string> carried;
        for (const SectionValues* nncp : config_.instances("nncp"))
            for (const std::string& each : nncp->list("carries"))
                carried.insert(lower_ascii(each.substr(0, each.find('='))));
        for (const SectionValues* each : config_.instances("neighbour")) {
            if (!each->boolean("front") || !each->has("nncp")) continue;
            for (const std::string& domain : each->list("domain"))
                if (carried.count(lower_ascii(domain)) == 0)
                    wrong("neighbour." + each->instance(), "front",
                          "no [nncp] section carries " + domain + ", so it would come back here");
        }
    }

    // What a hub's workers do not do.
    void hub() {
        if (text("store", "postgresql").empty()) return;
        if (!text("backup", "to").empty())
            wrong("backup", "to", "the store of a hub is backed up by pg_dump (doc/hub.md)");
    }

    void console() {
        const SectionValues& console = config_.section("console");
        tried("console", [&] { check_console_tls(config_); });
        if (!console.has("listen")) return;
        const std::string& listen = console.text("listen");
        const std::size_t colon = listen.rfind(':');
        int port = -1;
        if (colon != std::string::npos && colon > 0) {
            const char* end = listen.data() + listen.size();
            const auto read = std::from_chars(listen.data() + colon + 1, end, port);
            if (read.ec != std::errc() || read.ptr != end) port = -1;
        }
        if (port < 0 || port > 65535)
            wrong("console", "listen", listen + ": write address and port, like 0.0.0.0:80");
        std::error_code unknown;
        const std::string folder = config_.path(console.text("files"));
        if (!fs::is_regular_file(fs::path(folder) / "index.html", unknown))
            wrong("console", "files", "there is no index.html in " + folder);
    }

    // As they would be made, and gone again. Bands and modems that several share are known to these
    // alone, not to those that run.
    void transports() {
        std::vector<std::unique_ptr<Transport>> made;
        for (const TransportKind& kind : new_transport_kinds()) {
            for (const SectionValues* values : config_.instances(kind.section->name)) {
                tried(std::string(kind.section->name) + '.' + values->instance(),
                      [&] { made.push_back(make_transport(config_, kind, *values)); });
            }
        }
    }

    void links() {
        std::set<std::string> carriers;
        for (const SectionValues* trunk : config_.instances("trunk")) {
            if (trunk->text("service") != "amateur") carriers.insert("trunk." + trunk->instance());
        }
        for (const SectionValues* nncp : config_.instances("nncp")) {
            for (const std::string& link : nncp->list("links")) {
                const std::string carrier = link.substr(link.find('=') + 1);
                if (link.find('=') == std::string::npos || carriers.count(carrier) > 0) continue;
                wrong("nncp." + nncp->instance(), "links",
                      carrier +
                          " carries no packets: there is no such section, or it is an "
                          "amateur station");
            }
        }
    }

    const Config& config_;
    std::vector<ConfigProblem> problems_;
};

}  // namespace

ConfigProblem problem_in(const std::string& given, const std::string& sentence) {
    ConfigProblem problem{{}, sentence, given, {}};
    const std::size_t close = sentence.find(']');
    if (sentence.rfind('[', 0) == 0 && close != std::string::npos) {
        problem.section = sentence.substr(1, close - 1);
        const std::size_t text = sentence.find_first_not_of(": ", close + 1);
        if (sentence.compare(close + 1, 5, " and ") != 0 && text != std::string::npos)
            problem.text = sentence.substr(text);
    }
    if (const Section* section = section_of(problem.section))
        problem.key = key_in(*section, problem.text);
    problem.place = problem.section.empty() ? "the configuration" : '[' + problem.section + ']';
    if (!problem.key.empty()) problem.place += ' ' + problem.key;
    if (problem.text.rfind(problem.key + ": ", 0) == 0 && !problem.key.empty())
        problem.text.erase(0, problem.key.size() + 2);
    return problem;
}

std::vector<ConfigProblem> check_settings(const Config& config) { return Check(config).all(); }

}  // namespace waypost
