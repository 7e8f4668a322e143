// SPDX-License-Identifier: Apache-2.0
// An HTTPS (or HTTP) server of files on loopback for what fetches them. It answers each path as the
// test wrote it down, byte by byte, so that it can lie and stall. Its certificate is its own
// authority, for "localhost" and 127.0.0.1.
#pragma once

#include <Poco/Net/ServerSocket.h>

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace waypost {

class FileServer {
  public:
    // Writes to whoever asked; false: he is gone, or the test is over.
    using Write = std::function<bool(std::string_view bytes)>;
    using Answer = std::function<void(const Write& write)>;

    enum class Tls { Yes, No };
    explicit FileServer(Tls tls = Tls::Yes);
    ~FileServer();
    FileServer(const FileServer&) = delete;
    FileServer& operator=(const FileServer&) = delete;

    void answer(const std::string& path, Answer answer);
    // 200 with this body and its length.
    void file(const std::string& path, const std::string& type, const std::string& bytes);
    void redirect(const std::string& path, const std::string& location);
    // Blocks who asks until the test lets it go on.
    void stall(const std::string& path);

    int port() const { return port_; }
    std::string url(const std::string& path) const;  // https://localhost:PORT/path
    const std::string& ca_file() const { return ca_file_; }
    std::vector<std::string> asked() const;  // request line and header of each, in order

  private:
    void serve();
    void talk(Poco::Net::StreamSocket& socket);

    const bool tls_;
    std::string folder_, ca_file_;
    std::unique_ptr<Poco::Net::ServerSocket> listener_;
    int port_ = 0;
    std::atomic<bool> stopping_{false};
    mutable std::mutex mutex_;
    std::map<std::string, Answer> answers_;
    std::vector<std::string> asked_;
    std::thread thread_;  // one connection at a time
};

}  // namespace waypost
