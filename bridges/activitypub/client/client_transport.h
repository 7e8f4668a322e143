// SPDX-License-Identifier: Apache-2.0
// An account that one person has on somebody's server, for a village without a public name: the
// box reads its mentions and writes direct statuses for that person. See README.md here.
// Threads: one that reads, one that writes.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "bridges/fetch/fetcher.h"
#include "gateway/transport.h"
#include "gateway/transport_kind.h"

namespace waypost::activitypub {

struct ClientOptions {
    std::string server;  // "https://social.example", no slash at its end
    std::string person;  // handle
    std::string token_file;
    std::chrono::milliseconds poll{60000};
    FetchOptions fetch;
};

class ClientTransport final : public Transport {
  public:
    ClientTransport(TransportId id, ClientOptions options);
    ~ClientTransport() override;

    const TransportId& id() const override { return id_; }
    const std::string& network() const override;
    const std::string& scheme() const override;
    void start(Office& office) override;
    void deliver(Delivery delivery) override;
    Limits limits() const override;
    Status status() const override;
    bool up() const override;
    std::optional<int> reach(const Address& to) const override;
    std::optional<int> reach_from(const std::string& sender, const Address& to) const override;
    void stop() override;
    void give_back() override;

  private:
    struct Parts;
    void look();
    void read();

    const TransportId id_;
    const ClientOptions options_;
    Office* office_ = nullptr;
    std::unique_ptr<Parts> parts_;

    std::mutex mutex_;  // of stopping_
    std::condition_variable changed_;
    bool stopping_ = false;
    std::thread reader_;
};

// Of a section [fediverse_account.NAME]; paths as they stand there. Throws std::runtime_error with
// a sentence for the operator.
ClientOptions client_options(const SectionValues& values);
inline constexpr char kClientSection[] = "fediverse_account";
TransportKind fediverse_account_kind();

}  // namespace waypost::activitypub
