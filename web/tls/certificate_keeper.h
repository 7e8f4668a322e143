// SPDX-License-Identifier: Apache-2.0
// Keeps the console's certificate: made by the box itself, read from files that somebody else
// renews, or asked for at an authority. Whatever fails, the one in use stays, and where there is
// none the box's own takes its place: the console always answers. Thread-safe.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "gateway/base/fd.h"
#include "gateway/certificates/certificate_desk.h"
#include "gateway/io/tls/certificate_files.h"
#include "web/tls/acme_client.h"
#include "web/tls/acme_plan.h"

namespace waypost::tls {

enum class Wanted { Own, File, Acme };

struct KeeperOptions {
    Wanted wanted = Wanted::Own;
    std::string folder;                      // of what the box makes and gets; mode 0700
    std::string certificate{}, key{};        // files; no key: it stands in the same one
    std::vector<std::string> names{};        // of the console, one at least
    std::vector<std::string> local_names{};  // for the own one beside them: "waypost.local"
    std::vector<std::string> addresses{};    // likewise
    AcmeOptions acme{};                      // its folder is set by the keeper
};

// Where time, chance and records come from.
struct KeeperTools {
    std::function<std::int64_t()> wall_ms, box_ms;
    std::function<bool()> time_known;
    std::function<double()> chance;           // of [0, 1)
    std::function<std::string()> load_state;  // empty: none
    std::function<void(const std::string&)> save_state;
};

class CertificateKeeper final : public CertificateDesk {
  public:
    CertificateKeeper(KeeperOptions options, KeeperTools tools);
    ~CertificateKeeper() override;
    CertificateKeeper(const CertificateKeeper&) = delete;
    CertificateKeeper& operator=(const CertificateKeeper&) = delete;

    // First of all: from now on it has a certificate. Throws std::runtime_error if OpenSSL makes
    // none.
    void open();
    // A thread that calls step() every few seconds, until stop() or the end.
    void start();
    void stop();
    // Looks whether files changed or a certificate is due, and does what follows; may wait for an
    // authority. One thread at a time.
    void step();

    Poco::Net::Context::Ptr context() const;  // for the next handshake; never null
    // How long browsers may insist on TLS (RFC 6797): 0 unless they accept the certificate, and not
    // longer than it lasts. A village must not be shut out because the Internet was not there in
    // time.
    std::chrono::seconds insist() const;
    // Browsers that ask for this host accept the certificate.
    bool is_accepted_for(const std::string& host) const;
    const std::vector<std::string>& names() const { return options_.names; }
    std::optional<std::string> challenge(std::string_view token) const {
        return client_.challenge(token);
    }

    CertificateReport report() const override;
    Result<void> renew() override;

  private:
    struct InUse {
        Wanted source;
        Loaded loaded;
        std::string chain;  // PEM, without the key
        bool accepted = false;
    };
    Result<void> use(Wanted source, const KeyAndChain& pem);
    void judge_anew();
    bool in_use_is(Wanted source) const;
    std::optional<CertificateFacts> facts_of(Wanted source) const;
    void set_problem(const std::string& problem);

    void look_at_files();
    void keep_own();
    Result<void> make_own();
    void look_at_authority();
    void ask_authority();
    Result<void> take(Issued issued);
    void save(const AcmeState& state);
    std::string own_file(const char* name) const { return options_.folder + '/' + name; }

    const KeeperOptions options_;
    const KeeperTools tools_;
    const AcmeClient client_;
    mutable std::mutex mutex_;  // of these:
    std::shared_ptr<const InUse> in_use_;
    std::string problem_;
    std::int64_t problem_ms_ = 0;
    AcmeState acme_;
    bool wished_ = false, asking_ = false;
    // Of the thread that steps:
    CertificateFiles files_;
    bool time_was_known_ = false;

    std::thread thread_;
    std::condition_variable wake_;
    bool ends_ = false;  // by mutex_
    const Fd end_;       // an eventfd: the client is ended when it can be read
};

}  // namespace waypost::tls
