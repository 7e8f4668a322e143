// SPDX-License-Identifier: Apache-2.0
// One piece of NNCP work in a process of its own, so that its time and its memory stand beside
// those of one nncp-* program. Of `./dev bench nncp`.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <stdexcept>

#include "bridges/nncp/online/server.h"
#include "bridges/nncp/toss/local_handlers.h"
#include "bridges/nncp/toss/toss.h"

using namespace waypost;
using namespace waypost::nncp;

namespace {

template <class T>
T must(Result<T> result) {
    if (!result.ok()) throw std::runtime_error(result.error().text);
    return std::move(*result);
}

struct Work {
    NodeConfig config;
    Spool spool;
    explicit Work(const char* file)
        : config(must(read_node_config(file))), spool(must(Spool::open(config))) {}
};

const Node& node(const Work& work, const char* name) {
    const Node* found = work.config.find(name);
    if (found == nullptr) throw std::runtime_error("no such node");
    return *found;
}

std::string slurp(const char* file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

// CONFIG NODE COUNT MAIL: as the gateway queues what waits for a neighbour.
void queue(char** with) {
    const Work work(with[0]);
    const Parcel mail =
        exec_parcel(node(work, with[1]), {"sendmail", "ana@hill.test"}, slurp(with[3]));
    const std::vector<Parcel> mails(std::strtoul(with[2], nullptr, 10), mail);
    must(Outbox(work.config, work.spool).send(mails));
}

// CONFIG NODE FILE
void pack(char** with) {
    const Work work(with[0]);
    const nncp::Fd fd(::open(with[2], O_RDONLY | O_CLOEXEC));
    FileSource source(fd.get());
    must(Outbox(work.config, work.spool).file(node(work, with[1]), "large", source));
}

void check(const TossCounts& counts) {
    std::printf("%zu\n", counts.done);
    if (counts.kept + counts.put_aside > 0) throw std::runtime_error("some failed");
}

// CONFIG: with the programs of the configuration.
void toss(char** with) {
    const Work work(with[0]);
    LocalHandlers handlers(work.config, work.spool);
    check(must(Toss(work.config, work.spool, handlers).all()));
}

// Takes mails itself, as the gateway does: into one file, with one wait for many.
class Taking : public LocalHandlers {
  public:
    Taking(const Work& work, const char* into)
        : LocalHandlers(work.config, work.spool),
          into_(::open(into, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600)) {}
    Result<void> exec(const Arrival&, const std::vector<std::string>&, Content& input) override {
        FileSink out(into_.get());
        const auto source = input.source();
        return copy_all(*source, out);
    }
    Result<void> settle(std::vector<Failure>&) override {
        return ::fdatasync(into_.get()) == 0 ? Result<void>() : disk_error("keep a mail");
    }

  private:
    nncp::Fd into_;
};

// CONFIG FILE
void take(char** with) {
    const Work work(with[0]);
    Taking handlers(work, with[1]);
    check(must(Toss(work.config, work.spool, handlers).all()));
}

const std::atomic<bool> kNoStop{false};

// CONFIG BIND: until it is ended.
void serve(char** with) {
    const Work work(with[0]);
    ServerOptions options;
    options.bind = with[1];
    options.session = online_defaults();
    const auto server = must(Server::start({work.config, work.spool, kNoStop}, options, {}));
    for (;;) ::pause();
}

// CONFIG NODE ADDRESS
void call_once(char** with) {
    const Work work(with[0]);
    OnlineOptions options = online_defaults();
    options.once = true;
    const auto report =
        must(call({work.config, work.spool, kNoStop}, node(work, with[1]), with[2], options, {}));
    if (!report.well) throw std::runtime_error(report.why.text);
}

}  // namespace

int main(int argc, char** argv) {
    const std::map<std::string, std::pair<int, void (*)(char**)>> kinds = {
        {"queue", {4, queue}}, {"pack", {3, pack}},   {"toss", {1, toss}},
        {"take", {2, take}},   {"serve", {2, serve}}, {"call", {3, call_once}}};
    const auto chosen = kinds.find(argc > 1 ? argv[1] : "");
    if (chosen == kinds.end() || argc != 2 + chosen->second.first) return 2;
    try {
        chosen->second.second(argv + 2);
        return 0;
    } catch (const std::exception& e) {
        std::fprintf(stderr, "nncp work: %s\n", e.what());
        return 1;
    }
}
