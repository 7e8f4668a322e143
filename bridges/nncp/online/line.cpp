// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/online/line.h"

#include <Poco/Exception.h>
#include <Poco/Net/DNS.h>
#include <Poco/Net/NetException.h>
#include <Poco/Net/SocketImpl.h>

#include "bridges/nncp/online/fd_line.h"
#include "bridges/nncp/online/pipe_line.h"
#include "bridges/nncp/online/serial_line.h"

namespace waypost::nncp {
namespace {

using std::chrono::milliseconds;

class SocketLine final : public FdLine {
  public:
    explicit SocketLine(Poco::Net::StreamSocket socket)
        : FdLine(socket.impl()->sockfd(), socket.impl()->sockfd()), socket_(std::move(socket)) {}
    void close() noexcept override {
        try {
            socket_.shutdownSend();
            read_to_end();
        } catch (const Poco::Exception&) {  // it is gone already
        }
    }

  private:
    Poco::Net::StreamSocket socket_;
};

struct Place {
    std::string host;
    int port = 0;
};

Result<Place> place_of(const std::string& address) {
    const std::size_t colon = address.rfind(':');
    const std::string digits = colon == std::string::npos ? "" : address.substr(colon + 1);
    if (digits.empty() || digits.size() > 5 ||
        digits.find_first_not_of("0123456789") != std::string::npos || std::stoi(digits) > 65535 ||
        colon == 0) {
        return bad_input(address + ": an address is HOST:PORT, |COMMAND or serial:/dev/NAME");
    }
    Place place{address.substr(0, colon), std::stoi(digits)};
    if (place.host.size() > 2 && place.host.front() == '[' && place.host.back() == ']')
        place.host = place.host.substr(1, place.host.size() - 2);
    return place;
}

Result<std::unique_ptr<Line>> dial_tcp(const std::string& address, milliseconds time) {
    const auto place = place_of(address);
    if (!place.ok()) return place.error();
    std::string last = "it has no address";
    try {
        const auto host = Poco::Net::DNS::resolve(place->host);
        for (const auto& each : host.addresses()) {
            try {
                Poco::Net::StreamSocket socket;
                socket.connect(
                    Poco::Net::SocketAddress(each, static_cast<Poco::UInt16>(place->port)),
                    Poco::Timespan(time.count() * 1000));
                return line_of(std::move(socket));
            } catch (const Poco::Exception& e) {
                last = e.displayText();
            }
        }
    } catch (const Poco::Exception& e) {
        last = e.displayText();
    }
    return Error{Code::Network, address + " does not answer: " + last, true};
}

}  // namespace

std::unique_ptr<Line> line_of(Poco::Net::StreamSocket socket) {
    socket.setBlocking(false);
    socket.setNoDelay(true);
    socket.setKeepAlive(true);
    return std::make_unique<SocketLine>(std::move(socket));
}

Result<std::unique_ptr<Line>> dial(const std::string& address, milliseconds time) {
    if (address.starts_with('|')) return open_pipe(address.substr(1));
    if (address.starts_with("serial:")) return open_serial_line(address);
    return dial_tcp(address, time);
}

}  // namespace waypost::nncp
