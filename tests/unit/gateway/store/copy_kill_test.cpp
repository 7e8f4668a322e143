// SPDX-License-Identifier: Apache-2.0
// A copy that is killed at any of its steps: an own process, SIGKILL, nothing is tidied up.
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "copy_world.h"
#include "gateway/store/store.h"

namespace waypost::store {
namespace {

class CopyKilled : public CopyWorld {
  protected:
    // True: it came to its end.
    bool copy_and_die_at(int step, const std::string& name) {
        const pid_t child = ::fork();
        if (child == 0) {
            int passed = 0;
            CopyOptions options;
            options.rows_at_once = 2;
            options.told = [&](const CopyStep&) {
                if (++passed == step) ::kill(::getpid(), SIGKILL);
            };
            const bool done = copy_store(sqlite("box").end(), sqlite(name).end(), options).ok();
            ::_exit(done ? 0 : 1);
        }
        int status = 0;
        EXPECT_EQ(::waitpid(child, &status, 0), child);
        if (!WIFEXITED(status)) return false;
        EXPECT_EQ(WEXITSTATUS(status), 0);
        return true;
    }
};

TEST_F(CopyKilled, IsNoStoreAtAnyStep) {
    {
        const Side box = sqlite("box");
        box.migrated();
        for (int i = 1; i <= 5; ++i) add_body(box, i, "a large body");
    }
    int killed = 0;
    for (int step = 1;; step += 7) {
        const std::string name = "copy" + std::to_string(step);
        if (copy_and_die_at(step, name)) break;
        ++killed;
        Side copy = sqlite(name);
        EXPECT_THROW(Store(std::move(copy.database), {copy.bodies->folder(), false}, *random_),
                     std::runtime_error)
            << step;
    }
    EXPECT_GT(killed, 10);
    EXPECT_EQ(why(sqlite("box"), sqlite("last")), "") << "what was copied is as it was";
    Side last = sqlite("last");
    Store store(std::move(last.database), {last.bodies->folder(), false}, *random_);
    EXPECT_EQ(store.read([](Tables& t) { return t.messages.body_files(); })->size(), 5u);
}

}  // namespace
}  // namespace waypost::store
