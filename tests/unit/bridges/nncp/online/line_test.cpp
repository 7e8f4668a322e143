// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/online/line.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <pty.h>
#include <signal.h>
#include <termios.h>
#include <unistd.h>

namespace waypost::nncp {
namespace {

using namespace std::chrono_literals;

std::span<const std::uint8_t> span_of(std::string_view bytes) {
    return {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()};
}

// What comes until there are so many bytes, or the line is at its end.
std::string read(Line& line, std::size_t count) {
    std::string all;
    std::uint8_t buffer[1000];
    while (all.size() < count) {
        const auto n = line.receive(buffer);
        if (!n.ok()) break;
        all.append(buffer, buffer + *n);
        if (*n == 0) line.wait(true, false, 5s);
    }
    return all;
}

TEST(Line, AProgramIsALine) {
    const auto line = std::move(dial("|tr a-z A-Z; echo done", 1s)).value();
    EXPECT_EQ(line->send(span_of("hello")).value(), 5u);
    line->close();  // it sees the end of its input; what it says then is read to the end
    std::uint8_t buffer[20];
    EXPECT_FALSE(line->receive(buffer).ok()) << "nothing of it is left";
}

TEST(Line, WhatAProgramSaysComesBack) {
    const auto line = std::move(dial("|read a; echo \"$a again\"", 1s)).value();
    EXPECT_EQ(line->send(span_of("hello\n")).value(), 6u);
    EXPECT_EQ(read(*line, 100), "hello again\n");
}

TEST(Line, AProgramThatDoesNotEndIsEnded) {
    pid_t pid = 0;
    {
        const auto line = std::move(dial("|trap '' TERM; echo $$; sleep 1000", 1s)).value();
        line->wait(true, false, 5s);
        std::uint8_t said[20];
        const auto n = line->receive(said).value();
        pid = std::stoi(std::string(said, said + n));
        EXPECT_EQ(::kill(pid, 0), 0);
    }
    EXPECT_NE(::kill(pid, 0), 0);
}

TEST(Line, WakeEndsAWait) {
    const auto line = std::move(dial("|cat", 1s)).value();
    const auto began = std::chrono::steady_clock::now();
    line->wake();
    line->wait(true, false, 60s);
    EXPECT_LT(std::chrono::steady_clock::now() - began, 30s);
}

TEST(Line, AddressesThatAreNone) {
    for (const char* address : {"", "host", "host:", ":5400", "host:99999", "host:54x0",
                                "serial:/nowhere/at/all", "serial:/nowhere?baud=fast"}) {
        EXPECT_FALSE(dial(address, 10ms).ok()) << address;
    }
}

TEST(Line, ASerialLineCarriesEveryByteBothWays) {
    int ours = -1, theirs = -1;
    char name[100];
    termios raw{};
    ::cfmakeraw(&raw);
    ASSERT_EQ(::openpty(&ours, &theirs, name, &raw, nullptr), 0);
    const auto line = std::move(dial("serial:" + std::string(name), 1s)).value();
    EXPECT_TRUE(line->noisy() && line->slow());
    std::string all;
    for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
    ASSERT_EQ(::write(ours, all.data(), all.size()), 256);
    EXPECT_EQ(read(*line, 256), all);
    const std::string large(1000, 'x');
    EXPECT_EQ(line->send(span_of(large)).value(), 256u);  // a piece, so that somebody reads too
    char buffer[300];
    EXPECT_EQ(::read(ours, buffer, sizeof buffer), 256);
    ::close(ours);
    ::close(theirs);
}

}  // namespace
}  // namespace waypost::nncp
