// SPDX-License-Identifier: Apache-2.0
#include "tests/interop/reticulum/phone.h"

#include <Poco/Exception.h>

#include <stdexcept>

#include "gateway/base/clock.h"
#include "tests/interop/mail/peers.h"

namespace waypost::interop {
namespace {

const Poco::Timespan kLook(0, 20'000);

BoxTime box_now() {
    return box_from_ms(std::chrono::duration_cast<std::chrono::milliseconds>(
                           std::chrono::steady_clock::now().time_since_epoch())
                           .count());
}

}  // namespace

void Phone::connect(int port) {
    const Poco::Net::SocketAddress box("127.0.0.1", static_cast<Poco::UInt16>(port));
    const auto answers = [&] {
        try {
            socket_ = std::make_unique<Poco::Net::StreamSocket>(box);
            return true;
        } catch (const Poco::Exception&) {
            return false;
        }
    };
    const bool there = eventually(answers, std::chrono::seconds(5));
    if (!there) throw std::runtime_error("the box does not listen");
    parser_ = reticulum::HdlcParser();
}

int Phone::listen() {
    listener_ = std::make_unique<Poco::Net::ServerSocket>(Poco::Net::SocketAddress("127.0.0.1", 0));
    return listener_->address().port();
}

void Phone::take_the_box() {
    listener_->setReceiveTimeout(Poco::Timespan(30, 0));
    socket_ = std::make_unique<Poco::Net::StreamSocket>(listener_->acceptConnection());
    parser_ = reticulum::HdlcParser();
}

void Phone::hang_up() { socket_.reset(); }

bool Phone::read() {
    if (!socket_->poll(kLook, Poco::Net::Socket::SELECT_READ)) return true;
    std::string bytes(4096, '\0');
    const int n = socket_->receiveBytes(bytes.data(), static_cast<int>(bytes.size()));
    if (n <= 0) return false;
    bytes.resize(static_cast<std::size_t>(n));
    for (const std::string& packet : parser_.feed(bytes)) lxmf.hears(packet);
    return true;
}

// A line that the box has lost is lost with what was on it.
void Phone::step() {
    lxmf.at(box_now());
    const auto out = lxmf.takes_out();
    if (socket_ == nullptr) return;
    try {
        for (const std::string& packet : out) {
            const std::string frame = reticulum::hdlc_frame(packet);
            socket_->sendBytes(frame.data(), static_cast<int>(frame.size()));
        }
        if (!read()) socket_.reset();
    } catch (const Poco::Exception&) {
        socket_.reset();
    }
}

bool Phone::until(const std::function<bool()>& is, std::chrono::seconds within) {
    return phones_until({this}, is, within);
}

bool phones_until(const std::vector<Phone*>& phones, const std::function<bool()>& is,
                  std::chrono::seconds within) {
    const auto end = std::chrono::steady_clock::now() + within;
    while (!is()) {
        if (std::chrono::steady_clock::now() > end) return false;
        for (Phone* each : phones) each->step();
    }
    return true;
}

std::size_t Phone::times(const std::string& text) const {
    std::size_t count = 0;
    for (const std::string& each : lxmf.texts())
        if (each.find(text) != std::string::npos) ++count;
    return count;
}

std::string Phone::texts() const {
    std::string all;
    for (const std::string& each : lxmf.texts()) all += each.substr(0, 120) + '\n';
    return all;
}

}  // namespace waypost::interop
