// SPDX-License-Identifier: Apache-2.0
// Debian's snac (of its backports, unpacked by ./dev setup) behind nginx. It looks at what came and
// what is to go every three seconds.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tests/interop/activitypub/fediverse.h"

namespace waypost::interop {

// The first group of a pattern in a text. Throws if it is not there.
std::string found(const std::string& text, const std::string& pattern);

class Snac {
  public:
    Snac(const Fediverse& world, std::string host, const std::vector<std::string>& users);
    ~Snac();
    Snac(const Snac&) = delete;
    Snac& operator=(const Snac&) = delete;

    // It runs from the beginning; what it has stays. Its nginx goes with it: after a 502
    // Fedify 2.3.6 changes to RFC 9421 for good, which snac 2.75 takes and drops.
    void stop();
    void start();
    std::string actor(const std::string& user) const { return "https://" + host_ + '/' + user; }
    std::string handle(const std::string& user) const { return '@' + user + '@' + host_; }

    void describe(const std::string& user, const std::string& bio) const;  // his profile

    // Its own commands: `snac COMMAND FOLDER REST`; while it runs too.
    std::string command(const std::string& command, const std::string& rest) const;
    void follow(const std::string& user, const std::string& whom) const;
    void note(const std::string& user, const std::string& text) const;     // public
    void whisper(const std::string& user, const std::string& text) const;  // to whom it mentions
    void boost(const std::string& user, const std::string& object) const;

    // Its API for client programs, which is Mastodon's: the token of a user, and what it answers.
    std::string token(const std::string& user);
    // `fields`: of a form, "status=Hello".
    std::string api(const std::string& user, const std::string& method, const std::string& path,
                    const std::vector<std::string>& fields = {});
    // The text is in somebody's timeline, or among what he was told, within some seconds.
    bool shows(const std::string& user, const std::string& text);
    // ... he is told of this: "mention", "favourite", "reblog", "follow".
    bool is_told(const std::string& user, const std::string& type);
    // What he does in his browser to let a program in: the code that he is shown.
    std::string let_in(const std::string& user, const std::string& client_id) const;
    std::string curl(const std::string& arguments) const;

    std::string log() const { return contents(folder_ / "log"); }

  private:
    const Fediverse& world_;
    const Folder folder_;
    const std::string host_, data_;
    const int port_ = free_port();
    std::map<std::string, std::string> passwords_, tokens_;
    std::unique_ptr<Child> server_;
    std::unique_ptr<TlsProxy> proxy_;
};

}  // namespace waypost::interop
