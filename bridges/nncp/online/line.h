// SPDX-License-Identifier: Apache-2.0
// Bytes both ways to the other side of a session, without blocking: TCP, a program, standard input
// and output, a serial line.
#pragma once

#include <Poco/Net/StreamSocket.h>

#include <chrono>
#include <memory>
#include <span>
#include <string>

#include "gateway/base/result.h"

namespace waypost::nncp {

// One thread; wake() any.
class Line {
  public:
    virtual ~Line() = default;
    // How many came; 0: none now. An Error: the other side closed it, or it failed.
    virtual Result<std::size_t> receive(std::span<std::uint8_t> into) = 0;
    // How many it took; 0: none now.
    virtual Result<std::size_t> send(std::span<const std::uint8_t> bytes) = 0;
    // Until there is input (if wanted), it takes output (if wanted), wake() or the time.
    virtual void wait(bool input, bool output, std::chrono::milliseconds time) = 0;
    virtual void wake() noexcept = 0;
    // Nothing more is sent; what was gets there. Waits a second for the other side at most.
    virtual void close() noexcept = 0;
    virtual bool noisy() const { return false; }  // bytes may come that nobody sent
    virtual bool slow() const { return false; }   // seconds for what others do at once
};

// "host:port", "[address]:port", "|command" (by /bin/sh), "serial:/dev/NAME?baud=N". Waits for
// `time` at most for each address of a host.
Result<std::unique_ptr<Line>> dial(const std::string& address, std::chrono::milliseconds time);

std::unique_ptr<Line> line_of(Poco::Net::StreamSocket socket);
// Descriptors 0 and 1 of this process.
std::unique_ptr<Line> line_of_standard_io();

}  // namespace waypost::nncp
