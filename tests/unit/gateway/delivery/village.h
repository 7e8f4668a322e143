// SPDX-License-Identifier: Apache-2.0
// A whole gateway on one thread, with a clock that stands still, a radio network and a mail relay
// that do what the test says.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "gateway/delivery/desk.h"
#include "gateway/delivery/office.h"
#include "tests/fakes/fake_clock.h"
#include "tests/fakes/fake_transport.h"

namespace waypost {

// Radios.
inline constexpr char kAna[] = "!0000000a";
inline constexpr char kBen[] = "!0000000b";
inline constexpr char kCarl[] = "!0000000c";
inline constexpr char kDora[] = "!0000000d";
inline constexpr char kEva[] = "!0000000e";

class Village : public ::testing::Test {
  protected:
    Village();
    ~Village() override;

    void open();  // also after close(): the same store again
    void close();
    void settle() { office_->step(); }
    void pass(milliseconds time);  // and everything that is due then

    // What an operator asks of the desk, which waits for the writer that settle() is.
    Result<void> ask(const std::function<Result<void>(Desk&)>& what);
    // What stands in the store, whoever may write it; the office knows it then.
    void change(const std::function<void(store::Tables&)>& what);
    void name(const std::string& handle, const std::string& radio);

    // What a radio says and what a mail program writes, under a number of its own.
    Message spoken(const std::string& radio, const std::string& text);
    Message letter(const std::string& from, const std::string& to, const std::string& text);
    // As its transport hands it over: the verdict on its first recipient.
    Verdict hand(const Message& message);
    void hear(const std::string& radio, const Heard& heard = {});

    // Ana's radio says something to the gateway; the lines her radio shows in answer, newest last.
    // `key`: that it is sealed under.
    std::vector<std::string> dm(const std::string& radio, const std::string& text,
                                const std::string& key = {});
    // The same, sealed under the radio's own key.
    std::vector<std::string> sealed(const std::string& radio, const std::string& text);
    std::string dm1(const std::string& radio, const std::string& text);  // the only answer
    Verdict mail(const std::string& from, const std::string& to, const std::string& text,
                 const std::string& id, bool verified = false);
    std::vector<std::string> shown(const std::string& radio);   // since the last look at any
    std::vector<std::string> screen(const std::string& radio);  // since the last one at this
    // All that it showed, or from this packet of the network on.
    std::vector<std::string> all_shown(const std::string& radio, std::size_t from = 0) const;
    std::string last(const std::string& radio) const;
    // What it shows meanwhile.
    std::vector<std::string> news(const std::string& radio, const std::function<void()>& what);
    State state_of(MessageId message);
    std::vector<std::string> events_of(MessageId message);

    std::string folder_;
    BoxSettings settings_;
    FakeClock clock_;
    std::unique_ptr<Random> random_;
    std::unique_ptr<store::Store> store_;
    std::unique_ptr<Box> box_;
    std::unique_ptr<GatewayOffice> office_;
    std::shared_ptr<FakeTransport> radio_;
    std::shared_ptr<FakeTransport> relay_;
    bool clock_kept_ = true;  // as of GatewayOffice::load
    std::size_t looked_ = 0;
    std::map<std::string, std::size_t> read_;
    int packets_ = 0;
    int mails_ = 0;
};

}  // namespace waypost
