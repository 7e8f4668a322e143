// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cctype>
#include <cstring>
#include <deque>
#include <fstream>
#include <string>

#include "bridges/email/mailbox/mail_wire.h"
#include "gateway/base/random.h"

namespace waypost::email {

// Gives one scripted answer for each time that something was written (the greeting at once); an
// empty script is a lost connection. "%T" stands for the tag that was written last.
struct ScriptedWire final : MailWire {
    ScriptedWire(std::deque<std::string> answers, std::string& said)
        : script(std::move(answers)), written(said) {}

    Result<std::size_t> read(char* into, std::size_t most) override {
        if (ready.empty()) {
            if (script.empty())
                return Error{Code::Network, "the provider closed the connection", true};
            ready = script.front();
            script.pop_front();
            for (std::size_t at = ready.find("%T"); at != std::string::npos; at = ready.find("%T"))
                ready.replace(at, 2, last_tag);
        }
        const std::size_t n = std::min(most, ready.size());
        std::memcpy(into, ready.data(), n);
        ready.erase(0, n);
        return n;
    }
    Result<void> write(std::string_view bytes) override {
        const std::size_t space = bytes.find(' ');
        const bool tagged = space != std::string_view::npos && space > 1 && bytes[0] == 'A' &&
                            std::isdigit(static_cast<unsigned char>(bytes[1])) != 0;
        if (tagged) last_tag = std::string(bytes.substr(0, space));
        written.append(bytes);
        return {};
    }
    Result<void> start_tls() override {
        written += "[tls]";
        return {};
    }
    Bell::Heard wait(Bell&, std::chrono::milliseconds) override { return Bell::Heard::Nothing; }
    void cut() noexcept override {}

    std::deque<std::string> script;
    std::string ready;
    std::string last_tag;
    std::string& written;
};

// A password file for one test.
class TestPasswordFile {
  public:
    explicit TestPasswordFile(const std::string& secret)
        : path_(::testing::TempDir() + "waypost-" + system_random()->hex(6)) {
        std::ofstream(path_) << secret;
        ::chmod(path_.c_str(), 0600);
    }
    ~TestPasswordFile() { ::unlink(path_.c_str()); }
    TestPasswordFile(const TestPasswordFile&) = delete;
    TestPasswordFile& operator=(const TestPasswordFile&) = delete;
    const std::string& path() const { return path_; }

  private:
    std::string path_;
};

}  // namespace waypost::email
