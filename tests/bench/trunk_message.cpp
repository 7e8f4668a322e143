// SPDX-License-Identifier: Apache-2.0
// What a letter costs on air all told: the bytes of every frame in both directions, from where it
// is handed over until the sender's box knows that the other has it. The gateway's own posts, links
// and models on a virtual channel without loss, one letter at a time, after both have met. The
// texts are those of `trunk-text`.
#include <algorithm>
#include <cstdio>

#include "radio/trunk/transport/texts.h"
#include "tests/bench/bench.h"
#include "tests/unit/radio/trunk/pack/built_models.h"
#include "tests/unit/radio/trunk/transport/two_posts.h"

namespace waypost::bench {
namespace {

using namespace waypost::trunk;

constexpr std::size_t kMostTexts = 300;
constexpr std::size_t kShort = 100, kAbout = 10;  // bytes of a short letter
constexpr double kShortTarget = 70;               // of 100 bytes of English
constexpr double kMailTarget = 560;               // of a mail of 1.7 KB
constexpr int kMeeting = 3;  // letters until names and models are known at both ends

class Pair {
  public:
    Pair() : hill_texts_(pack::built_models()), dale_texts_(pack::built_models()) {
        hill_texts_.other_has(dale_texts_.facts());
        dale_texts_.other_has(hill_texts_.facts());
        hill_.pack = hill_texts_.pack();
        hill_.unpack = hill_texts_.unpack();
        dale_.pack = dale_texts_.pack();
        dale_.unpack = dale_texts_.unpack();
        hill_.open(now_);
        dale_.open(now_);
        run(std::chrono::minutes(5));  // their first hellos may miss each other
        for (int i = 0; i < kMeeting; ++i) cost("are you there?");
    }

    // Bytes on air.
    double cost(const std::string& text) {
        ++letters_;
        const std::size_t before = channel_.bytes();
        const std::size_t arrived = dale_.office.accepted.size();
        hill_.post().deliver(letter_of_ana(letters_, "ben@dale.example", text, letters_));
        run(std::chrono::minutes(1));  // and then nothing is due
        if (dale_.office.accepted.size() != arrived + 1)
            throw std::runtime_error("letter " + std::to_string(letters_) + " came " +
                                     std::to_string(dale_.office.accepted.size() - arrived) +
                                     " times");
        const std::string& came = dale_.office.accepted.back().text;
        const auto differs = std::mismatch(text.begin(), text.end(), came.begin(), came.end());
        if (came != text)
            throw std::runtime_error("letter " + std::to_string(letters_) + " of " +
                                     std::to_string(text.size()) + " bytes came with " +
                                     std::to_string(came.size()) + " and another from byte " +
                                     std::to_string(differs.first - text.begin()) + " on");
        return static_cast<double>(channel_.bytes() - before);
    }

  private:
    void run(milliseconds time) {
        for (const BoxTime until = now_ + time; now_ < until;) {
            for (int i = 0; i < 5; ++i) {
                hill_.run(now_);
                dale_.run(now_);
            }
            const BoxTime next = std::min({channel_.next(), hill_.next(), dale_.next()});
            if (next > until) now_ = until;
            now_ = std::max(now_, std::min(next, until));
            while (channel_.next() <= now_) channel_.run(now_);
        }
    }

    Channel channel_{ChannelOptions{}};
    Texts hill_texts_, dale_texts_;
    PostBox hill_{channel_, "hill.example", "dale.example", false};
    PostBox dale_{channel_, "dale.example", "hill.example", true};
    BoxTime now_{};
    int letters_ = 0;
};

// The office takes those out before a text is kept, so none ever comes to a link.
bool has_control_characters(const std::string& text) {
    return std::any_of(text.begin(), text.end(), [](char c) {
        return static_cast<unsigned char>(c) < ' ' && c != '\n' && c != '\t';
    });
}

struct Sum {
    double texts = 0, bytes = 0, on_air = 0;
};

Sum measure(Pair& pair, const std::vector<std::string>& texts) {
    Sum sum;
    for (const std::string& text : texts) {
        sum.texts += 1;
        sum.bytes += static_cast<double>(text.size());
        sum.on_air += pair.cost(text);
    }
    return sum;
}

}  // namespace

int trunk_message() {
    auto shorts = pack::fetched_texts("short.outside.txt");
    auto mails = pack::fetched_texts("mail.inside.txt");
    if (shorts.empty() || mails.empty()) {
        std::puts("no mails: ./dev setup fetches them");
        return 1;
    }
    std::erase_if(shorts, has_control_characters);
    std::erase_if(mails, has_control_characters);
    std::erase_if(shorts, [](const std::string& text) {
        return text.size() < kShort - kAbout || text.size() > kShort + kAbout;
    });
    shorts.resize(std::min(shorts.size(), kMostTexts));
    mails.resize(std::min(mails.size(), kMostTexts));
    Pair pair;
    const Sum letter = measure(pair, shorts);
    const Sum mail = measure(pair, mails);
    const double per_short = letter.on_air / letter.texts;
    const double per_mail = mail.on_air / mail.texts;
    char note[120];
    std::snprintf(note, sizeof note, "%.0f texts of 90 to 110, mean %.1f bytes; at most %.0f",
                  letter.texts, letter.bytes / letter.texts, kShortTarget);
    row("100 bytes of English", per_short, "bytes on air", note);
    std::snprintf(note, sizeof note, "%.0f mails, mean %.0f bytes with seven headers; at most %.0f",
                  mail.texts, mail.bytes / mail.texts, kMailTarget);
    row("a mail", per_mail, "bytes on air", note);
    std::printf(R"({"bench": "trunk-message", "ours": %.1f, "peer": "", "theirs": 0, "unit": )"
                R"("bytes on air for 100 of English", "ratio": 0, "mail": %.1f})"
                "\n",
                per_short, per_mail);
    return per_short <= kShortTarget && per_mail <= kMailTarget ? 0 : 1;
}

}  // namespace waypost::bench
