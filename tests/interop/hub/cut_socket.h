// SPDX-License-Identifier: Apache-2.0
// Stands between a client and PostgreSQL's Unix socket, hands on whatever comes, and cuts the
// connection when the client commits: before the server hears of it, or after, and before the
// client hears the answer.
#pragma once

#include <atomic>
#include <string>
#include <thread>

namespace waypost::hub {

class CutSocket {
  public:
    enum class Cut { Never, BeforeTheServerHears, BeforeTheAnswer };
    // `folder`: where PostgreSQL's socket is; a folder beside it gets this one.
    explicit CutSocket(const std::string& folder);
    ~CutSocket();
    CutSocket(const CutSocket&) = delete;
    CutSocket& operator=(const CutSocket&) = delete;

    std::string folder() const { return folder_; }
    // At the next commit of any client; once.
    void cut(Cut when) { cut_ = when; }
    bool has_cut() const { return cut_ == Cut::Never; }

  private:
    void serve();
    void hand_on(int client, int server);

    std::string folder_, server_;
    int listening_ = -1;
    std::atomic<Cut> cut_{Cut::Never};
    std::atomic<bool> stopping_{false};
    std::thread thread_;
};

}  // namespace waypost::hub
