// SPDX-License-Identifier: Apache-2.0
// Does on this machine what nncp-toss does: programs, incoming folders, answers to requests, mails
// that say so. Whoever takes some kinds elsewhere derives from it.
#pragma once

#include <functional>
#include <list>

#include "bridges/nncp/spool/outbox.h"
#include "bridges/nncp/toss/arrival.h"
#include "gateway/base/program.h"

namespace waypost::nncp {

struct LocalOptions {
    bool sync = true;                     // wait for the disk
    std::chrono::seconds patience{3600};  // for a program
    // One line per thing done, without content: "file docs/notes.txt from village".
    std::function<void(const std::string&)> say;
};

class LocalHandlers : public Handlers {
  public:
    // Both outlive it.
    LocalHandlers(const NodeConfig& config, const Spool& spool, LocalOptions options = {});

    Result<void> admit(const Arrival& arrival) override;
    std::filesystem::path folder_for(const Arrival& arrival) const override;
    Result<void> exec(const Arrival& arrival, const std::vector<std::string>& words,
                      Content& input) override;
    Result<void> file(const Arrival& arrival, Content& content) override;
    Result<void> freq(const Arrival& arrival, const std::string& destination) override;
    Result<void> ack(const Arrival& arrival, const Mth& packet) override;
    // Programs that ended well, files that lie there, requests that were answered.
    std::vector<Mth> finished() override;
    // Programs of several packets run at once; here they end.
    Result<void> settle(std::vector<Failure>& failed) override;

    // Files whose chunks are all there, and which could not be joined, as for lack of room: now and
    // then. Known until the process ends; after that the next chunk of the name asks again.
    void join_again();

  protected:
    // The chunks lie in their folder, and the file is not whole yet: `what` says why. Once.
    virtual void join_waits(const Arrival& arrival, const std::string& what);
    // A whole file lies in its folder: `what` says which, and from whom.
    virtual void file_came(const Arrival& arrival, const std::string& what,
                           const std::filesystem::path& file);
    const NodeConfig& config() const { return config_; }
    const Spool& spool() const { return spool_; }

  private:
    struct Exec {  // a program that runs for a packet
        Mth packet{};
        std::string handle, what;
        const Notice* notice = nullptr;
        RunningProgram program;
    };
    Result<Exec> start(const Arrival& arrival, const std::vector<std::string>& words,
                       Content& input) const;
    Result<void> end(Exec& exec) const;
    void end_one();
    void say(const std::string& line) const;
    void notify(const Notice& notice, const std::string& subject, const std::string& body) const;
    const Notice* notice_of(const Arrival& arrival, const std::string& handle) const;
    struct Joining {  // chunks to be joined later
        Arrival arrival;
        std::string name;
    };
    void join_chunks(const Arrival& arrival, const std::string& name);
    Result<void> join(const Arrival& arrival, const std::string& name);
    void join_later(const Arrival& arrival, const std::string& name, const Error& why);

    const NodeConfig& config_;
    const Spool& spool_;
    LocalOptions options_;
    Outbox outbox_;
    std::list<Exec> running_;
    std::vector<Failure> failed_;  // since the last settle()
    std::vector<Mth> finished_;    // since it was asked for
    std::vector<Joining> joining_;
};

}  // namespace waypost::nncp
