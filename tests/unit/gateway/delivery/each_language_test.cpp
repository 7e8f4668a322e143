// SPDX-License-Identifier: Apache-2.0
// Every command and every failure, in each language: nothing of another one stands in an answer.
#include <algorithm>
#include <set>

#include "gateway/commands/catalogue.h"
#include "gateway/message/text.h"
#include "gateway/message/unreadable.h"
#include "gateway/message/why.h"
#include "village.h"

namespace waypost {
namespace {

constexpr std::size_t kAnswerMost = 130;

// Words of four letters and more, in lower case.
std::set<std::string> words_in(const std::string& text) {
    std::set<std::string> words;
    std::string word;
    for (const char c : lower_ascii(text) + ' ') {
        const bool letter = (c >= 'a' && c <= 'z') || static_cast<unsigned char>(c) >= 0x80;
        if (letter) {
            word += c;
        } else {
            if (word.size() >= 4) words.insert(word);
            word.clear();
        }
    }
    return words;
}

std::set<std::string> words_of_catalogue(const Catalogue& language) {
    std::set<std::string> words;
    for (const auto& [key, text] : language.texts()) words.merge(words_in(text));
    return words;
}

// What only English says: of its catalogue, and of the sentences that go on record.
std::set<std::string> english_only(const Catalogue& other) {
    std::set<std::string> words = words_of_catalogue(catalogue("en"));
    for (const char* sentence :
         {"nobody here is called so", "larger than bytes", "limit of mails a day reached",
          "the recipient does not take mail from this address", "no room on this box",
          "that address comes back to this box", "its recipient has left", "blocked by its owner",
          "photos", "files", "mail user you are trying contact gone", "expired", "seconds"}) {
        words.merge(words_in(sentence));
    }
    for (const std::string& own : words_of_catalogue(other)) words.erase(own);
    return words;
}

class EachLanguage : public Village, public ::testing::WithParamInterface<std::string> {
  protected:
    EachLanguage() {
        open_in(GetParam());
        foreign_ = english_only(catalogue(GetParam()));
    }

    void open_in(const std::string& language) {
        close();
        settings_.language = language;
        settings_.person_mails_per_day = 30;
        open();
        name("ana", kAna);
        name("carl", kCarl);
        dm(kAna, "lang " + language);
        dm(kCarl, "lang " + language);
        looked_ = radio_->sent.size();
    }

    void type(const std::string& line) {
        dm(kAna, line);
        check(line);
    }

    // All that was shown since, to anybody.
    void check(const std::string& after) {
        for (; checked_ < radio_->sent.size(); ++checked_) {
            const std::string& said = radio_->sent[checked_].text;
            EXPECT_LE(said.size(), kAnswerMost) << after << " > " << said;
            for (const std::string& word : words_in(said))
                EXPECT_EQ(foreign_.count(word), 0u) << word << ": " << after << " > " << said;
        }
    }

    void fails(const std::string& code, const std::string& detail) {
        relay_->outcomes.push_back(
            {Outcome::Kind::Failed, ProofClass::Reported, code, detail, {}, {}});
        type("bob@x.org zz");
        const auto items =
            store_->read([](store::Tables& t) { return t.items.newest("ana", 1, false); });
        ASSERT_FALSE(items->empty());
        type('?' + std::to_string(items->front().number));
    }

    std::set<std::string> foreign_;
    std::size_t checked_ = 0;
};

TEST_P(EachLanguage, AnswersEveryCommandInItsOwnWords) {
    for (const char* line : {"*",
                             "?",
                             "help zz",
                             "?99",
                             "?zzzz",
                             "99",
                             "+",
                             "-99",
                             "@",
                             "@zed",
                             "@zed=zz",
                             "zz zz",
                             "0",
                             "@zed=zed@x.org",
                             "@zed",
                             "zz",
                             "@",
                             "?1",
                             "*",
                             "-1",
                             "1",
                             "@carl=c@x.org",
                             "zz@hill.example zz",
                             "@zed zz",
                             "zz@zz zz",
                             "#zed zz",
                             "#+zed",
                             "#public zz",
                             "name",
                             "name zed",
                             "lang zz",
                             "lang",
                             "name zed 12345678",
                             "quiet",
                             "quiet 99",
                             "quiet 22-6",
                             "quiet off",
                             "code",
                             "vouch zed",
                             "lost radio",
                             "found radio",
                             "check",
                             "check 1m",
                             "check 12h @carl",
                             "check",
                             "check 0",
                             "check 0",
                             "stop",
                             "0",
                             "stop",
                             "1",
                             "start",
                             "7",
                             "SOS TEST",
                             "SOS OK",
                             "sos",
                             "0",
                             "112",
                             "1",
                             "sos",
                             "SOS zz",
                             "SOS OK",
                             "mayday",
                             "forget me",
                             "0",
                             "*1 zz",
                             "@+1",
                             "@-1"}) {
        type(line);
    }
    type("zz mayday");
    type("heart attack");
    type("0");
}

TEST_P(EachLanguage, AnswersAboutGroupsInItsOwnWords) {
    const std::size_t before = radio_->sent.size();
    type("#");
    GroupWish wish;
    wish.mode = store::GroupMode::Moderated;
    wish.posters = store::Posters::Members;
    wish.moderators = std::vector<std::string>{"carl"};
    ASSERT_TRUE(ask([&](Desk& d) { return d.groups().add("zed", wish); }).ok());
    for (const char* line : {"#", "#zz zz", "#zed zz", "#zed", "#+zed", "#+zed", "#-zed", "#-zed",
                             "#+zed digest", "#zed zz", "?1", "@+1"}) {
        type(line);
    }
    dm(kCarl, "@-1");
    check("dropped");
    type("#zed zz");
    type("-2");
    type("?zed");
    EXPECT_GE(radio_->sent.size(), before + 17) << "each is answered";
}

TEST_P(EachLanguage, SaysInItsOwnWordsWhyItFailed) {
    for (const Why why :
         {Why::NoAddress, Why::NoDomain, Why::Closed, Why::Full, Why::TooLarge, Why::RadioSize,
          Why::Loop, Why::Time, Why::Spam, Why::Policy, Why::Refused, Why::Left}) {
        fails("550", to_string(why));
    }
    fails("local", std::string(to_string(Why::ComesBack)) + ": write to zed");
    fails("554 5.6.0", "The mail user you are trying to contact is gone");
    fails("550 5.7.1", "mail user gone");
    fails("", "");
    EXPECT_NE(radio_->sent.back().text.find(catalogue(GetParam()).say("why_other")),
              std::string::npos);
}

TEST_P(EachLanguage, SaysInItsOwnWordsWhatWaitsAndWhatIsOver) {
    relay_->outcomes.push_back(
        {Outcome::Kind::Retry, ProofClass::Reported, "451", "mail user gone", {}, {}});
    type("bob@x.org zz");
    type("?1");
    pass(std::chrono::minutes(5));
    type("?1");
    pass(std::chrono::hours(50));
    type("?1");
    for (int day = 0; day < 33; ++day) pass(std::chrono::hours(24));
    check("expired");
    for (int i = 0; i < 32; ++i) dm(kAna, "bob@x.org zz" + std::to_string(i));
    check("quota");
}

TEST_P(EachLanguage, ShowsWhatComesInItsOwnWords) {
    mail("eve@x.org", "ana@hill.example", "zz", "<1@x>", true);
    check("held");
    type("?1");
    type("*1 zz");
    Message photos = letter("eve@x.org", "ana@hill.example", {});
    photos.verified_sender = true;
    photos.attachments = {{"a.jpg", "image/jpeg", 1'600'000}, {"b.jpg", "image/jpeg", 1'600'000}};
    const auto come = [&](const char* id) {
        photos.origin_id = id;
        hand(photos);
        check(id);
    };
    come("<2@x>");
    photos.attachments[1] = {"b.zz", "application/zip", 5};
    come("<3@x>");
    photos.attachments.clear();
    photos.text = text_of(Unreadable::Encrypted, {});
    come("<4@x>");
    photos.text = text_of(Unreadable::TooLarge, "31.2M");
    come("<5@x>");
    type("*");
    ASSERT_GE(radio_->sent.size(), 8u);
    const std::string size = "31.2M";
    EXPECT_TRUE(std::any_of(radio_->sent.begin(), radio_->sent.end(), [&](const Delivery& d) {
        return d.text.find(catalogue(GetParam()).say("unreadable_large", {{"size", size}})) !=
               std::string::npos;
    }));
}

std::vector<std::string> all_but_english() {
    std::vector<std::string> codes;
    for (const Catalogue* each : catalogues()) {
        if (each->language() != "en") codes.push_back(each->language());
    }
    return codes;
}

std::string test_name(const ::testing::TestParamInfo<std::string>& language) {
    std::string name = language.param;
    std::erase(name, '-');
    return name;
}

INSTANTIATE_TEST_SUITE_P(All, EachLanguage, ::testing::ValuesIn(all_but_english()), test_name);

}  // namespace
}  // namespace waypost
