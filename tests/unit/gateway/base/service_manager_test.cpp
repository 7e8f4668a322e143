// SPDX-License-Identifier: Apache-2.0
#include "gateway/base/service_manager.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>

#include "tests/fakes/notify_socket.h"

namespace waypost {
namespace {

using std::chrono::milliseconds;

// Variables of this process, as they were before at the end.
class Environment {
  public:
    Environment(const char* socket, const char* every, const char* whose) {
        set("NOTIFY_SOCKET", socket);
        set("WATCHDOG_USEC", every);
        set("WATCHDOG_PID", whose);
    }
    ~Environment() {
        for (const char* each : {"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"})
            ::unsetenv(each);
    }
    Environment(const Environment&) = delete;
    Environment& operator=(const Environment&) = delete;

  private:
    static void set(const char* name, const char* value) {
        if (value == nullptr)
            ::unsetenv(name);
        else
            ::setenv(name, value, 1);
    }
};

TEST(ServiceManager, HearsEachDatagramAsItWasSaid) {
    const NotifySocket listening;
    const ServiceManager manager(listening.name());
    EXPECT_TRUE(manager.tell("READY=1\nSTATUS=serving"));
    EXPECT_TRUE(manager.tell("WATCHDOG=1"));
    EXPECT_EQ(listening.next(), "READY=1\nSTATUS=serving");
    EXPECT_EQ(listening.next(), "WATCHDOG=1");
    EXPECT_EQ(listening.next(), "");
}

TEST(ServiceManager, IsHeardByAnAbstractName) {
    const NotifySocket listening("@waypost-test-" + std::to_string(::getpid()));
    EXPECT_TRUE(ServiceManager(listening.name()).tell("STOPPING=1"));
    EXPECT_EQ(listening.next(), "STOPPING=1");
}

TEST(ServiceManager, NobodyIsToldWhereNobodyListens) {
    EXPECT_FALSE(ServiceManager("").tell("READY=1"));
    EXPECT_FALSE(ServiceManager("@").tell("READY=1"));
    EXPECT_FALSE(ServiceManager("notify").tell("READY=1"));
    EXPECT_FALSE(ServiceManager("/nowhere/notify").tell("READY=1"));
    EXPECT_FALSE(ServiceManager('/' + std::string(200, 'x')).tell("READY=1"));
}

TEST(ServiceManager, IsKnownByTheEnvironment) {
    const NotifySocket listening;
    const std::string own = std::to_string(::getpid());
    const Environment set(listening.name().c_str(), "120000000", own.c_str());
    const ServiceManager manager = ServiceManager::of_this_process();
    EXPECT_EQ(manager.watchdog(), milliseconds(120'000));
    EXPECT_TRUE(manager.tell("READY=1"));
    EXPECT_EQ(listening.next(), "READY=1");
}

TEST(ServiceManager, WantsNoWatchdogOfAnotherProcessOrWithoutASensibleTime) {
    const auto wanted = [](const char* every, const char* whose) {
        const Environment set(nullptr, every, whose);
        return ServiceManager::of_this_process().watchdog().has_value();
    };
    EXPECT_TRUE(wanted("1000", nullptr));
    EXPECT_FALSE(wanted(nullptr, nullptr));
    EXPECT_FALSE(wanted("1000", "1"));
    for (const char* wrong : {"", "0", "-5", "2m", "99999999999999999999"})
        EXPECT_FALSE(wanted(wrong, nullptr)) << wrong;
}

}  // namespace
}  // namespace waypost
