// SPDX-License-Identifier: Apache-2.0
// A connection in the hands of Poco's server, for one request. When that is answered it goes back
// to the front, which waits for the next one without a thread, or for the other side's end.
#pragma once

#include <Poco/Net/StreamSocketImpl.h>

#include <atomic>
#include <memory>
#include <mutex>
#include <vector>

#include "gateway/io/http/connection.h"

namespace waypost {

// Where connections come back to the front, which may be gone. Thread-safe.
class HttpReturns {
  public:
    HttpReturns();
    // Answered: for the next request, or else for its end.
    struct Returned {
        std::unique_ptr<HttpConnection> connection;
        bool goes_on = false;
    };
    void give(Returned back);
    std::vector<Returned> take();
    void close();                             // what is given from now on ends
    int wake() const { return wake_.get(); }  // can be read when something came
    void wake_up();

    std::atomic<std::size_t> bytes_out{0};  // of requests that threads have, or wait for one

  private:
    const Fd wake_;
    std::mutex mutex_;
    std::vector<Returned> returned_;
    bool closed_ = false;
};

// To Poco's server it is the socket. One thread at a time, but for shutdown(). It has a descriptor
// of its own.
class HttpLease final : public Poco::Net::StreamSocketImpl {
  public:
    // `keep`: it may have another request after this one. Throws Poco::Exception: no descriptor.
    HttpLease(std::unique_ptr<HttpConnection> connection, std::shared_ptr<HttpReturns> returns,
              bool keep);

    void close() override;
    using StreamSocketImpl::sendBytes;
    int sendBytes(const void* bytes, int length, int flags) override;
    using StreamSocketImpl::receiveBytes;
    int receiveBytes(void* room, int length, int flags) override;
    // Poco's server asks so for its request, and then for the next one, which is never here.
    bool poll(const Poco::Timespan& timeout, int mode) override;
    bool secure() const override { return secure_; }

  protected:
    ~HttpLease() override;

  private:
    void give_back(bool goes_on);
    // Which thread of Poco's lets go of it last is open, and only Poco's count of references puts
    // the end after what others did; a race detector sees this one.
    std::mutex mutex_;
    std::unique_ptr<HttpConnection> connection_;  // null: it went back
    const std::shared_ptr<HttpReturns> returns_;
    const bool keep_, secure_;
    const std::size_t bytes_;
};

}  // namespace waypost
