// SPDX-License-Identifier: Apache-2.0
// An account that one person has on somebody's server, for a village without a public name: the
// box reads its mentions and writes direct statuses for that person. See README.md here.
// Threads: one that reads, one that writes, and one that waits for news where the server tells
// them.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "bridges/activitypub/pictures/attached.h"
#include "bridges/fetch/fetcher.h"
#include "gateway/transport.h"
#include "gateway/transport_kind.h"

namespace waypost::activitypub {

struct ClientOptions {
    std::string server;  // "https://social.example", no slash at its end
    std::string person;  // handle
    std::string token_file;
    std::chrono::milliseconds poll{60000};
    bool stream = true;  // hold a connection for news, where the server offers it
    FetchOptions fetch;
    PictureOptions pictures;
    Originals originals;
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
    void hear_of_news();

    const TransportId id_;
    const ClientOptions options_;
    Office* office_ = nullptr;
    std::unique_ptr<Parts> parts_;
    const Address code_address_;  // leave.h

    std::mutex mutex_;  // of the two below
    std::condition_variable changed_;
    bool stopping_ = false, news_ = false;
    std::thread reader_;
};

// Of a section [fediverse_account.NAME]; paths as they stand there. Throws std::runtime_error with
// a sentence for the operator.
ClientOptions client_options(const SectionValues& values);
inline constexpr char kClientSection[] = "fediverse_account";
// `originals`: of networks from which messages with pictures come.
TransportKind fediverse_account_kind(Originals originals = {});

}  // namespace waypost::activitypub
