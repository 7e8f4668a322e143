// SPDX-License-Identifier: Apache-2.0
// Real mail programs in folders of their own on loopback, and a real box beside them. Root is
// needed (Postfix and Dovecot change users); a missing program is an exception, never a skip.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "app/demo/loopback.h"

namespace waypost::interop {

// Runs a shell command; its output. Throws with the output if it fails.
std::string shell(const std::string& command);
// Of a file, whole; empty if it cannot be read.
std::string contents(const std::string& path);
// Until it is true; false after the time.
bool eventually(const std::function<bool()>& is,
                std::chrono::seconds within = std::chrono::seconds(30));

class Folder {
  public:
    Folder();
    ~Folder();
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    std::string operator/(const std::string& name) const { return path_ + '/' + name; }
    const std::string& path() const { return path_; }

  private:
    std::string path_;
};

struct Ports {
    int mx = free_port();          // Postfix, the receiving side
    int submission = free_port();  // Postfix, with TLS and AUTH
    int sasl = free_port();        // Dovecot, for Postfix
    int mailbox = free_port();     // Dovecot LMTP
    int imaps = free_port();       // Dovecot, for mail programs
    int box_lmtp = free_port();    // the box, for Postfix in front
};

// Bob's mailboxes: any user @hill.test, password "pw".
class Dovecot {
  public:
    // `more` follows our settings and wins over them.
    Dovecot(const Folder& folder, const Ports& ports, const std::string& more = {});
    ~Dovecot();
    Dovecot(const Dovecot&) = delete;
    Dovecot& operator=(const Dovecot&) = delete;
    // The mails in a user's new folder, each whole.
    std::vector<std::string> mails(const std::string& user) const;
    const std::string& conf() const { return conf_; }

  private:
    const Folder& folder_;
    std::string conf_;
};

// MX for village.test and out.test (to the box by LMTP) and hill.test (to Dovecot); submission with
// TLS.
class Postfix {
  public:
    // `changed`: settings of main.cf that win over ours.
    Postfix(const Folder& folder, const Ports& ports,
            const std::map<std::string, std::string>& changed = {});
    ~Postfix();
    Postfix(const Postfix&) = delete;
    Postfix& operator=(const Postfix&) = delete;
    std::string log() const;
    void flush() const;

  private:
    const Folder& folder_;
    std::string conf_;
};

// waypostd with its own store; may be stopped, killed and started again.
class BoxProcess {
  public:
    // `toml` follows [box]; without a [store] of its own the box gets one that fits small disks.
    BoxProcess(const Folder& folder, const std::string& toml,
               const std::string& domain = "village.test");
    ~BoxProcess();
    BoxProcess(const BoxProcess&) = delete;
    BoxProcess& operator=(const BoxProcess&) = delete;
    // `crash_at` as crash_point.h says: the box kills itself there, perhaps before it is up.
    // Throws if it does not come up otherwise.
    void start(const std::string& crash_at = {});
    void stop();
    void kill9();
    // At its crash point, since start. Throws if it ended in any other way.
    bool died();
    // `waypost` with these arguments; its output.
    std::string waypost(const std::string& arguments) const;
    std::string command() const;  // the same for a shell to run
    bool up() const;
    int pid() const { return pid_; }
    std::string log() const;
    // `waypost status` has this in it, now or within half a minute.
    bool status_says(const std::string& text) const;
    // The traces of the first messages, 1 to `last`, as far as there are so many.
    std::string traces(int last) const;
    // The most memory it has had in RAM so far, in KiB.
    long peak_memory() const;

  private:
    const Folder& folder_;
    std::string config_;
    int pid_ = 0;
};

}  // namespace waypost::interop
