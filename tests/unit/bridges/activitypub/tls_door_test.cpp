// SPDX-License-Identifier: Apache-2.0
// The door with TLS of its own.
#include <Poco/Net/Context.h>
#include <Poco/Net/SecureStreamSocket.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <sstream>

#include "gateway/base/durable_file.h"
#include "gateway/certificates/certificate.h"
#include "tests/unit/bridges/activitypub/door_wire.h"

namespace waypost::activitypub {
namespace {

using testing::TempDir;

class TlsDoor : public ::testing::Test {
  protected:
    TlsDoor() { std::filesystem::create_directories(folder_); }
    ~TlsDoor() override { std::filesystem::remove_all(folder_); }
    void renew() {
        const auto made = make_certificate({"hill.example"}, {});
        ASSERT_TRUE(
            write_durably({folder_ + "/key.pem", std::string(made->key.reveal()), 0600}).ok());
        ASSERT_TRUE(write_durably({folder_ + "/chain.pem", made->text, 0644}).ok());
        fingerprint_ = certificate_facts(made->text)->fingerprint;
    }
    HttpDoorOptions options() const {
        HttpDoorOptions options;
        options.section = "[activitypub.home]";
        options.tls_listen = "127.0.0.1:0";
        options.certificate = folder_ + "/chain.pem";
        options.private_key = folder_ + "/key.pem";
        options.certificate_look = milliseconds(0);
        return options;
    }
    static net::SecureStreamSocket connect(int port) {
        const net::Context::Ptr context =
            new net::Context(net::Context::TLS_CLIENT_USE, "", net::Context::VERIFY_NONE);
        net::SecureStreamSocket socket(
            net::SocketAddress("127.0.0.1", static_cast<Poco::UInt16>(port)), context);
        socket.setReceiveTimeout(Poco::Timespan(20, 0));
        return socket;
    }
    // Of the certificate that a client is shown.
    static std::string shown(int port) {
        net::SecureStreamSocket socket = connect(port);
        std::ostringstream pem;
        socket.peerCertificate().save(pem);
        return certificate_facts(pem.str())->fingerprint;
    }
    const std::string folder_ = TempDir() + "door-" + std::to_string(::getpid());
    std::string fingerprint_;
};

TEST_F(TlsDoor, AConnectionHasManyRequests) {
    renew();
    HttpDoor door(options(), echo);
    EXPECT_EQ(door.port(), 0);
    Wire wire(connect(door.tls_port()));
    for (int i = 0; i < 5; ++i)
        EXPECT_TRUE(wire.ask(post(std::string(50'000, 'x'))).ends_with(std::string(50'000, 'x')));
    wire.say(post("one") + post("two"));
    EXPECT_TRUE(wire.hear().ends_with("one"));
    EXPECT_TRUE(wire.hear().ends_with("two"));
}

TEST_F(TlsDoor, TooLargeABodyIsRefusedBeforeItIsRead) {
    renew();
    HttpDoor door(options(), echo);
    Wire wire(connect(door.tls_port()));
    wire.say("POST / HTTP/1.1\r\nHost: hill.example\r\nContent-Length: 3000000\r\n\r\n" +
             std::string(3'000'000, 'x'));
    EXPECT_EQ(status(wire.hear()), 413);
}

TEST_F(TlsDoor, ANewCertificateIsTakenAndABadOneIsNot) {
    renew();
    HttpDoor door(options(), echo);
    EXPECT_EQ(shown(door.tls_port()), fingerprint_);
    const std::string first = fingerprint_;
    renew();
    EXPECT_NE(fingerprint_, first);
    EXPECT_EQ(shown(door.tls_port()), fingerprint_);
    ASSERT_TRUE(write_durably({folder_ + "/chain.pem", "rubbish", 0644}).ok());
    EXPECT_EQ(shown(door.tls_port()), fingerprint_);
}

}  // namespace
}  // namespace waypost::activitypub
