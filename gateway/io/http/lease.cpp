// SPDX-License-Identifier: Apache-2.0
#include "gateway/io/http/lease.h"

#include <Poco/Net/NetException.h>
#include <fcntl.h>
#include <sys/eventfd.h>

namespace waypost {
namespace {

int another(int fd) {
    const int copy = ::fcntl(fd, F_DUPFD_CLOEXEC, 0);
    if (copy < 0) throw Poco::Net::NetException("no descriptor is left");
    return copy;
}

}  // namespace

HttpReturns::HttpReturns() : wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

void HttpReturns::give(Returned back) {
    {
        const std::lock_guard lock(mutex_);
        if (closed_) return;
        returned_.push_back(std::move(back));
    }
    wake_up();
}

std::vector<HttpReturns::Returned> HttpReturns::take() {
    eventfd_t ignored = 0;
    (void)::eventfd_read(wake_.get(), &ignored);
    const std::lock_guard lock(mutex_);
    return std::exchange(returned_, {});
}

void HttpReturns::close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    returned_.clear();
}

void HttpReturns::wake_up() { ::eventfd_write(wake_.get(), 1); }

HttpLease::HttpLease(std::unique_ptr<HttpConnection> connection,
                     std::shared_ptr<HttpReturns> returns, bool keep)
    : StreamSocketImpl(another(connection->fd())),
      connection_(std::move(connection)),
      returns_(std::move(returns)),
      keep_(keep),
      secure_(connection_->encrypted()),
      bytes_(connection_->request().bytes()) {}

HttpLease::~HttpLease() { give_back(false); }

void HttpLease::close() {
    give_back(false);
    StreamSocketImpl::close();
}

int HttpLease::sendBytes(const void* bytes, int length, int) {
    if (!connection_) throw Poco::Net::ConnectionResetException();
    connection_->send(static_cast<const char*>(bytes), length);
    return length;  // Poco's streams take less than all for a failure
}

int HttpLease::receiveBytes(void* room, int length, int) {
    if (!connection_) return 0;
    return static_cast<int>(
        connection_->request().take(static_cast<char*>(room), static_cast<std::size_t>(length)));
}

bool HttpLease::poll(const Poco::Timespan& timeout, int mode) {
    if ((mode & SELECT_READ) == 0) return StreamSocketImpl::poll(timeout, mode);
    if (!connection_) return false;
    const RequestReader& request = connection_->request();
    if (!request.begun()) return true;
    // What its server left of it is no next one.
    if (keep_ && request.used_up() && request.may_go_on()) give_back(true);
    return false;
}

// Of who goes, only he who may still be sending is waited for.
void HttpLease::give_back(bool goes_on) {
    const std::lock_guard lock(mutex_);
    if (!connection_) return;
    returns_->bytes_out -= bytes_;
    const bool still_sends = connection_->request().cut_short();
    if (goes_on || still_sends)
        returns_->give({std::move(connection_), goes_on});
    else
        connection_.reset();
}

}  // namespace waypost
