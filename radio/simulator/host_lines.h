// SPDX-License-Identifier: Apache-2.0
// The lines by which hosts reach simulated devices: a listener on TCP, a pseudo terminal. And the
// descriptors they, the control socket and standard input are made of. One thread, never blocks.
#pragma once

#include <poll.h>

#include <memory>
#include <string>
#include <vector>

#include "gateway/base/fd.h"
#include "radio/simulator/hosted_device.h"

namespace waypost::simulator {

// "127.0.0.1:4403" (port 0: any free one), a path. Throw std::runtime_error with the reason.
Fd listen_tcp(const std::string& address);
Fd listen_unix(const std::string& path);

// A device's way to its host. The newest host has the device, whichever line it came by.
class HostLine {
  public:
    HostLine(HostedDevice& device, std::string name) : device_(device), name_(std::move(name)) {}
    virtual ~HostLine() = default;

    virtual int watched() const = 0;       // descriptor to poll for input; -1: none now
    virtual bool readable() = 0;           // it is; true: a new host came
    virtual bool look() { return false; }  // once a round, for what poll cannot tell; as above
    void flush();                          // what the device has for the host
    void hang_up();
    bool has_host() const { return host_; }
    HostedDevice& device() { return device_; }
    const std::string& name() const { return name_; }  // where a host finds it

  protected:
    void read_from(int fd);
    virtual int host_fd() const = 0;
    virtual void close_host() = 0;

    HostedDevice& device_;
    std::string name_;
    bool host_ = false;
    std::string waiting_;  // bytes that the line did not take yet
};

// `port`: "tcp:HOST:PORT" or "pty:PATH"; PATH becomes a link to the terminal, gone with the object.
std::unique_ptr<HostLine> open_host_line(HostedDevice& device, const std::string& port);
// One round of `line`; a host that came hangs up those of the device's other lines.
void attend(HostLine& line, bool readable, const std::vector<std::unique_ptr<HostLine>>& lines);

}  // namespace waypost::simulator
