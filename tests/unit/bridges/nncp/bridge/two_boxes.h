// SPDX-License-Identifier: Apache-2.0
// Two gateways, hill (node village) and dale (node relay), whose packets a test carries by hand.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>

#include "bridges/nncp/house.h"
#include "bridges/nncp/sender.h"
#include "tests/fakes/fake_office.h"

namespace waypost::nncp {

struct TestBox {
    TestBox(const std::filesystem::path& folder, const std::string& node,
            const std::string& domain);
    // Anew, as after a restart; what lies on the disk stays. Call it after changing `options`.
    void open();
    void round() { house->round(); }

    FakeOffice office;
    NncpOptions options;
    NodeConfig config;
    std::optional<Spool> spool;
    std::unique_ptr<Routes> routes;
    std::unique_ptr<SentLog> sent;
    std::unique_ptr<SentPosts> posts;
    std::unique_ptr<House> house;
    std::unique_ptr<Sender> sender;
    UpdateDesk* updates = nullptr;
};

class TwoBoxes : public ::testing::Test {
  protected:
    TwoBoxes();
    ~TwoBoxes() override;
    void compact();

    // From Ana, or whoever is of `from`'s box, with its own return path.
    Delivery letter(const TestBox& from, const std::string& to, const std::string& text,
                    MessageId message = 1);
    // What lies in the queue of `from` for `to` goes there. How many packets.
    std::size_t carry(TestBox& from, TestBox& to, bool keep = false);
    std::size_t put_aside(const TestBox& at, const TestBox& from) const;
    // As any node would make it.
    void exec(TestBox& from, const TestBox& to, const std::vector<std::string>& words,
              const std::string& input);

    const std::filesystem::path folder_;
    TestBox hill_, dale_;
    DeliveryId deliveries_ = 0;
};

}  // namespace waypost::nncp
