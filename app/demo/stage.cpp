// SPDX-License-Identifier: Apache-2.0
#include "app/demo/stage.h"

#include <cstdio>
#include <deque>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

#include "app/demo/loopback.h"
#include "gateway/base/random.h"

namespace waypost::demo {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::milliseconds kLookEvery{50};
constexpr std::chrono::seconds kUpWithin{15};

std::string new_folder() {
    const auto path = fs::temp_directory_path() / ("waypost-stage-" + system_random()->hex(4));
    fs::create_directory(path);
    return path.string();
}

std::string tail(const std::string& file, std::size_t most) {
    std::ifstream in(file);
    std::deque<std::string> lines;
    for (std::string line; std::getline(in, line);) {
        lines.push_back(line);
        if (lines.size() > most) lines.pop_front();
    }
    std::string out;
    for (const std::string& line : lines) out += line + '\n';
    return out;
}

}  // namespace

std::string radio_of(std::size_t handheld) {
    char text[16];
    std::snprintf(text, sizeof text, "!%08x", static_cast<unsigned>(0xa + handheld));
    return text;
}

Stage::Stage(StageOptions options)
    : options_(std::move(options)), folder_(new_folder()), mail_port_(free_port()) {
    write_files();
    std::vector<std::string> arguments{"simulate", folder_ + "/village.toml"};
    if (options_.json) arguments.insert(arguments.begin(), "--json");
    village_ =
        std::make_unique<Child>(options_.bin + "/waypost", arguments, folder_ + "/village.log");
    start_gateway();
}

Stage::~Stage() {
    gateway_.reset();
    village_.reset();
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
}

void Stage::start_gateway() {
    gateway_ = std::make_unique<Child>(options_.bin + "/waypostd",
                                       std::vector<std::string>{"--config", config()},
                                       folder_ + "/waypostd.log");
}

void Stage::add_settings(const std::string& toml) const {
    static constexpr std::string_view kBreak = " | ";
    std::string lines = toml;
    for (std::size_t at; (at = lines.find(kBreak)) != std::string::npos;)
        lines.replace(at, kBreak.size(), "\n");
    std::ofstream(config(), std::ios::app) << lines << '\n';
}

void Stage::write_files() const {
    std::ofstream(config()) << "[box]\ndomain = \"hill.example\"\noperators = [\"carl\"]\n"
                            << options_.box_toml << "[store]\nkeep_free = \"1MiB\"\n"
                            << "[meshtastic.roof]\nport = \"serial:" << folder_ << "/radio\"\n"
                            << options_.radio_toml << options_.more_toml
                            << "[email.relay]\nlisten = [\"smtp:127.0.0.1:" << mail_port_
                            << "\"]\nsmarthost = \"smtp:127.0.0.1:" << peer_.port()
                            << "\"\nsecurity = \"plain\"\n";
    std::ofstream village(folder_ + "/village.toml");
    village << "[channel]\npreset = 0\nregion = 3\nseed = 7\nloss = " << options_.loss
            << "\nspeed = " << options_.speed << "\n[[node]]\nname = \"post\"\n"
            << "long_name = \"POST hill DM ?\"\nid = \"!00000001\"\nport = \"pty:" << folder_
            << "/radio\"\n";
    for (std::size_t i = 0; i < options_.handhelds.size(); ++i) {
        village << "[[node]]\nname = \"" << options_.handhelds[i] << "\"\nid = \"" << radio_of(i)
                << "\"\n";
    }
}

bool Stage::until_up() {
    const auto end = std::chrono::steady_clock::now() + kUpWithin;
    while (std::chrono::steady_clock::now() < end) {
        if (run("status").output.find("meshtastic.roof: works") != std::string::npos) return true;
        std::this_thread::sleep_for(kLookEvery);
    }
    return false;
}

Stage::Ran Stage::run(const std::string& arguments) const {
    const std::string line =
        options_.bin + "/waypost --config " + config() + ' ' + arguments + " 2>&1";
    FILE* pipe = ::popen(line.c_str(), "r");
    if (pipe == nullptr) throw std::runtime_error("cannot run " + line);
    Ran ran;
    char bytes[4096];
    while (const std::size_t got = std::fread(bytes, 1, sizeof bytes, pipe)) {
        ran.output.append(bytes, got);
    }
    ran.good = ::pclose(pipe) == 0;
    return ran;
}

std::string Stage::log_tail(std::size_t lines) const {
    return tail(folder_ + "/waypostd.log", lines) + tail(folder_ + "/village.log", lines);
}

}  // namespace waypost::demo
