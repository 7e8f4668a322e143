// SPDX-License-Identifier: Apache-2.0
// What the catalogues cost: time to say one text, to read one line as all languages do, and memory
// once every text of every language was said.
#include <unistd.h>

#include "gateway/commands/catalogue.h"
#include "gateway/commands/grammar.h"
#include "gateway/commands/guess.h"
#include "tests/bench/bench.h"

namespace waypost::bench {
namespace {

constexpr int kRounds = 2000;

void say_everything() {
    for (const Catalogue* language : catalogues()) {
        for (const auto& [key, text] : language->texts()) {
            const Catalogue::Values values = {
                {"item", "7"},      {"who", "bob"},      {"address", "bob@x.org"},
                {"choices", "1 b"}, {"reason", "r"},     {"most", "3"},
                {"nick", "bob"},    {"what", "w"},       {"handle", "ana"},
                {"language", "en"}, {"languages", "en"}, {"count", "3"},
                {"village", "h"},   {"text", "t"},       {"why", "w"},
                {"time", "3h"},     {"ago", "3h"},       {"from", "09:15"},
                {"to", "14:20"},    {"size", "3k"}};
            language->say(key, values);
        }
    }
}

template <class Work>
double microseconds(Work work) {
    std::vector<double> each;
    for (int i = 0; i < kRounds; ++i) {
        const StopWatch watch;
        work();
        each.push_back(watch.seconds() * 1e6);
    }
    return median(each);
}

}  // namespace

int languages() {
    const double before = memory_of(getpid()).private_dirty;
    const std::size_t count = catalogues().size();
    const double read = memory_of(getpid()).private_dirty;
    const double plain = microseconds([] { catalogue("fr").say("kept", {{"item", "7"}}); });
    const double plural = microseconds([] {
        catalogue("uk").say("alarm_told", {{"item", "7"}, {"count", "3"}, {"village", "hill"}});
    });
    const double line = microseconds([] { parse_command("bob@x.org on my way to the ford"); });
    const double talk = microseconds([] { parse_command("on my way to the ford, see you there"); });
    const double guess = microseconds([] { guess_language("on my way to the ford, see you"); });
    say_everything();
    const double all = memory_of(getpid()).private_dirty;
    row("languages", static_cast<double>(count), "");
    row("say a text", plain, "us", "median");
    row("say a text with a plural", plural, "us", "median");
    row("parse a line to an address", line, "us", "median");
    row("parse a line of talk", talk, "us", "median, all words of distress looked for");
    row("guess its language", guess, "us", "median");
    row("memory of all words and texts", read - before, "MiB", "private dirty");
    row("memory once every text was said in every language", all - before, "MiB", "private dirty");
    print({"languages", plural, "", 0, "us", 0});
    return plural < 20 ? 0 : 1;
}

}  // namespace waypost::bench
