// SPDX-License-Identifier: Apache-2.0
// What swaks attaches comes out of a running box by its command line, byte for byte or small.
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <fstream>
#include <iterator>

#include "peers.h"
#include "tests/fakes/pictures.h"

namespace waypost::interop {
namespace {

class Attachments : public ::testing::Test {
  protected:
    Attachments() {
        box_.waypost("people add ana");
        std::ofstream(folder_ / "ford.jpg", std::ios::binary)
            << shrink::jpeg(1200, 900, shrink::meadow, 6);
        shell("head -c 90000 /dev/urandom > " + folder_ / "plan.pdf");
    }

    void send(const std::string& attached, const std::string& body = "see this") {
        shell("swaks --server 127.0.0.1 --port " + std::to_string(smtp_) +
              " --from bob@hill.test --to ana@village.test --body '" + body + "' " + attached);
    }
    std::string photo_and_plan() const {
        return "--attach-type image/jpeg --attach-name ../../ford.jpg --attach @" +
               folder_ / "ford.jpg" +
               " --attach-type application/pdf --attach-name plan.pdf --attach @" +
               folder_ / "plan.pdf";
    }
    // `waypost attachments` with its exit status behind, run in the folder.
    std::string attachments(const std::string& arguments) const {
        return shell("cd " + folder_.path() + " && { " WAYPOST_BIN "/waypost --config " +
                     folder_ / "waypost.toml" + " attachments " + arguments +
                     " 2>&1; echo status $?; }");
    }
    static bool has(const std::string& text, const std::string& word) {
        return text.find(word) != std::string::npos;
    }
    // The whole answer to a GET, as it stands on the wire.
    std::string on_the_wire(const std::string& path) const {
        const int fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::strncpy(address.sun_path, (folder_ / "waypost.sock").c_str(),
                     sizeof address.sun_path - 1);
        EXPECT_EQ(::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
        const std::string request = "GET " + path + " HTTP/1.0\r\nHost: box\r\n\r\n";
        EXPECT_EQ(::send(fd, request.data(), request.size(), 0),
                  static_cast<ssize_t>(request.size()));
        std::string answer;
        char piece[4096];
        for (ssize_t n = 0; (n = ::recv(fd, piece, sizeof piece, 0)) > 0;)
            answer.append(piece, static_cast<std::size_t>(n));
        ::close(fd);
        return answer;
    }

    const Folder folder_;
    const int smtp_ = free_port();
    BoxProcess box_{folder_,
                    "[attachments]\nquota = \"800KiB\"\npicture_budget = \"6KiB\"\n"
                    "[email.relay]\nlisten = [\"smtp:127.0.0.1:" +
                        std::to_string(smtp_) + "\"]\n"};
};

TEST_F(Attachments, AreListedSavedAndMadeSmallByTheCommandLine) {
    send(photo_and_plan());
    const std::string list = attachments("1");
    EXPECT_TRUE(has(list, "1  ford.jpg  image/jpeg  ")) << list;
    EXPECT_TRUE(has(list, "2  plan.pdf  application/pdf  ")) << list;
    EXPECT_TRUE(has(list, "status 0")) << list;

    EXPECT_TRUE(has(attachments("1 2 --output got.pdf"), "Saved got.pdf")) << box_.log();
    EXPECT_EQ(shell("cmp " + folder_ / "plan.pdf" + " " + folder_ / "got.pdf && echo same"),
              "same\n");
    EXPECT_EQ(shell(WAYPOST_BIN "/waypost --config " + folder_ / "waypost.toml" +
                    " attachments 1 1 --output - | cmp - " + folder_ / "ford.jpg && echo same"),
              "same\n");
    const std::string there = attachments("1 1");
    EXPECT_TRUE(has(there, "exists already") && has(there, "status 1")) << there;

    EXPECT_TRUE(has(attachments("1 1 --budget 12KiB"), "Saved ford.webp"));
    EXPECT_TRUE(
        has(attachments("1 1 --small --output tiny.webp --json"), "\"file\":\"tiny.webp\""));
    for (const auto& [file, most] : {std::pair{"ford.webp", 12'288u}, {"tiny.webp", 6'144u}}) {
        std::ifstream in(folder_ / file, std::ios::binary);
        const std::string bytes(std::istreambuf_iterator<char>(in), {});
        EXPECT_LE(bytes.size(), most) << file;
        const auto shown = shrink::look(bytes);
        EXPECT_GT(shown.height, shown.width) << "upright";
        EXPECT_EQ(bytes.find(shrink::kGpsPlace), std::string::npos);
    }
    const std::string trace = box_.waypost("trace 1");
    EXPECT_TRUE(has(trace, "opened [observed] attachment 2, by the operator")) << trace;

    const std::string wire = on_the_wire("/messages/1/attachments/1");
    EXPECT_TRUE(has(wire, "Content-Disposition: attachment; filename=\"ford.jpg\""))
        << wire.substr(0, 600);
    EXPECT_TRUE(has(wire, "X-Content-Type-Options: nosniff"));
    EXPECT_TRUE(has(wire, "Content-Type: image/jpeg"));
}

TEST_F(Attachments, WhatIsWrongIsSaidAndLeavesNoFile) {
    send(photo_and_plan());
    const struct {
        const char* arguments;
        const char* said;
        const char* status;
    } cases[] = {
        {"99", "no message 99", "status 1"},
        {"1 3", "message 1 has 2", "status 1"},
        {"1 2 --budget 20KiB", "no picture", "status 1"},
        {"1 1 --budget 20XB", "is no size", "status 1"},
        {"1 1 --output /nowhere/x", "cannot write", "status 1"},
        {"1 0", "N", "status 2"},
        {"1 --small", "--small", "status 2"},
        {"", "ID", "status 2"},
        {"99 --json", "\"error\":{", "status 1"},
    };
    for (const auto& each : cases) {
        const std::string said = attachments(each.arguments);
        EXPECT_TRUE(has(said, each.said) && has(said, each.status))
            << each.arguments << ": " << said;
    }
    EXPECT_EQ(shell("ls " + folder_.path() + " | grep -E 'part$|webp$' || true"), "");
}

TEST_F(Attachments, RoomIsMadeAndOnlyWhatIsLargerThanTheQuotaIsRefused) {
    shell("head -c 700000 /dev/urandom > " + folder_ / "film.mp4");
    const std::string refused =
        shell("swaks --server 127.0.0.1 --port " + std::to_string(smtp_) +
              " --from bob@hill.test --to ana@village.test --attach-type video/mp4 --attach @" +
              folder_ / "film.mp4" + " || true");
    EXPECT_TRUE(has(refused, "552 5.3.4")) << refused.substr(refused.size() - 400);
    EXPECT_TRUE(has(refused, "kept here for one person"));
    // Nobody lets bob's mail in, so nothing of it ends: what comes later is kept without its photo.
    shell("head -c 400000 /dev/urandom > " + folder_ / "a.jpg");
    const std::string photo = "--attach-type image/jpeg --attach @" + folder_ / "a.jpg";
    send(photo, "first");
    send(photo, "second");
    EXPECT_FALSE(has(attachments("1"), "Not to be had")) << attachments("1");
    const std::string second = attachments("3");  // 2 is what bob is told
    EXPECT_TRUE(has(second, "a.jpg  image/jpeg")) << second;
    EXPECT_TRUE(has(second, "dropped for room")) << second;
    EXPECT_TRUE(has(attachments("3 1 --output x"), "status 1"));
    EXPECT_TRUE(has(box_.waypost("trace 3"), "dropped [observed] for room"))
        << box_.waypost("trace 3");
}

}  // namespace
}  // namespace waypost::interop
