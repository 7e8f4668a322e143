// SPDX-License-Identifier: Apache-2.0
#include "bridges/post/short_form.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

#include "bridges/post/short_ids.h"

namespace waypost::post {
namespace {

const LinkDomains kLink{"hill.example", "dale.example"};

// The names of one direction of a link, at both ends.
class Names {
  public:
    NumberOf number_of() {
        return [this](const std::string& name) {
            const auto [at, is_new] = numbers_.try_emplace(name, numbers_.size() + 1);
            return NameNumber{static_cast<std::uint32_t>(at->second), known_.count(name) > 0};
        };
    }
    NameOf name_of() {
        return [this](std::uint32_t number) -> std::optional<std::string> {
            const auto at = names_.find(number);
            return at == names_.end() ? std::nullopt : std::optional(at->second);
        };
    }
    void arrived(const SaidNames& said) {
        for (const auto& [number, name] : said) {
            names_[number] = name;
            known_.insert({name, true});
        }
    }

  private:
    std::map<std::string, std::size_t> numbers_;
    std::map<std::string, bool> known_;
    std::map<std::uint32_t, std::string> names_;
};

std::string as_it_is(std::string_view text) { return std::string(text); }
Result<std::string> as_it_came(std::string_view packed, std::size_t) { return std::string(packed); }

Letter hello() {
    Letter letter;
    letter.id = "<mi3k9x1a.0f1e2d3c4b5a@hill.example>";
    letter.from = mailto("ana", "hill.example");
    letter.text = "Is the ford open?";
    letter.written = time_of_binary(*binary_id("mi3k9x1a.0f1e2d3c4b5a"));
    Copy copy;
    copy.to = mailto("ben", "dale.example");
    copy.return_path = link_return_path("hill.example");
    copy.wish = {true, true, true, "rfc822;ben@dale.example"};
    copy.envelope_id = "mi3k9x1a.0f1e2d3c4b5a@hill.example";
    letter.copies = {copy};
    return letter;
}

Letter full() {
    Letter letter = hello();
    letter.from_name = "Ana";
    letter.subject = "Ford";
    letter.references = {"<mi3k9x1b.000000000001@dale.example>", "<x@y.org>",
                         "<mi3k9x1c.ffffffffffff@hill.example>"};
    letter.written += 60;
    letter.priority = Priority::Urgent;
    letter.automatic = true;
    Copy other = letter.copies[0];
    other.to = mailto("cleo", "dale.example");
    other.return_path = {};
    other.wish = {false, true, false, "rfc822;c@elsewhere.org"};
    other.envelope_id = "an id of hers";
    letter.copies.push_back(other);
    return letter;
}

Event arrived() {
    Event event;
    event.id = "<mi3k9x1b.000000000001@dale.example>";
    event.to = link_return_path("dale.example");
    event.recipient = mailto("ana", "hill.example");
    event.action = Report::Action::Delivered;
    event.status = "2.0.0";
    event.envelope_id = "mi3k9x1b.000000000001@dale.example";
    event.original_recipient = "rfc822;ana@hill.example";
    event.at = time_of_binary(*binary_id("mi3k9x1b.000000000001")) + 90;
    return event;
}

ShortForm written(const Batch& batch, Names& names) {
    return encode_short(batch, kLink, names.number_of(), as_it_is);
}
Result<ShortBatch> read(std::string_view bytes, Names& names) {
    return decode_short(bytes, kLink, names.name_of(), as_it_came);
}

void expect_travels(const Batch& batch, Names& names) {
    const ShortForm form = written(batch, names);
    const auto back = read(form.bytes, names);
    ASSERT_TRUE(back.ok()) << back.error().text;
    EXPECT_EQ(encode(back->batch), encode(batch));
    EXPECT_EQ(back->said, form.said);
}

TEST(ShortForm, TravelsAndComesBackTheSame) {
    Names names;
    Event failed = arrived();
    failed.action = Report::Action::Failed;
    failed.status = "5.1.1";
    failed.diagnostic = "nobody here is called so";
    failed.envelope_id.clear();
    failed.original_recipient = "rfc822;a@x.org";
    Event of_another = arrived();
    of_another.id = "<other@x.org>";
    of_another.envelope_id = "other@x.org";
    of_another.recipient = {};
    of_another.original_recipient.clear();
    Letter mail = hello();
    mail.mail = "From: ana@hill.example\r\n\r\nHello\r\n";
    mail.text.clear();
    mail.written = 0;
    Letter another = hello();
    another.id = "<other@x.org>";
    another.copies[0].envelope_id = "other@x.org";
    expect_travels(
        {"hill.example", {hello(), full(), mail, another}, {arrived(), failed, of_another}}, names);
    std::vector<Letter> many(40, hello());
    expect_travels({"hill.example", many, {}}, names);
    expect_travels({"hill.example", {}, {}}, names);
}

TEST(ShortForm, NamesGoByNumberOnceTheyArrived) {
    Names names;
    const ShortForm first = written({"hill.example", {hello(), hello()}, {}}, names);
    ASSERT_EQ(first.said.size(), 2u) << "each once in a batch";
    const ShortForm again = written({"hill.example", {hello()}, {}}, names);
    EXPECT_EQ(again.said.size(), 2u) << "nobody confirmed it yet";
    const auto unknown = [&] {
        return read(written({"hill.example", {hello()}, {}}, names).bytes, names);
    };
    names.arrived(first.said);
    const ShortForm then = written({"hill.example", {hello()}, {}}, names);
    EXPECT_TRUE(then.said.empty());
    EXPECT_EQ(then.bytes.size(), 16 + hello().text.size());
    EXPECT_TRUE(unknown().ok());
    Names nobody;
    const auto lost = read(then.bytes, nobody);
    ASSERT_FALSE(lost.ok());
    EXPECT_EQ(lost.error().code, Code::NotFound);
}

TEST(ShortForm, NamesWithoutANumberAreSaidEachTime) {
    Names names;
    const NumberOf none = [](const std::string&) { return NameNumber{}; };
    const Batch batch{"hill.example", {hello(), full()}, {}};
    const ShortForm form = encode_short(batch, kLink, none, as_it_is);
    EXPECT_TRUE(form.said.empty());
    const auto back = read(form.bytes, names);
    ASSERT_TRUE(back.ok());
    EXPECT_EQ(encode(back->batch), encode(batch));
    EXPECT_TRUE(back->said.empty());
}

TEST(ShortForm, AnEventIsFifteenBytes) {
    Names names;
    names.arrived(written({"hill.example", {}, {arrived()}}, names).said);
    EXPECT_EQ(written({"hill.example", {}, {arrived()}}, names).bytes.size(), 2 + 15u);
}

TEST(ShortForm, CutOrLongerIsNothing) {
    Names names;
    const std::string bytes =
        written({"hill.example", {full(), hello()}, {arrived()}}, names).bytes;
    for (std::size_t n = 0; n < bytes.size(); ++n)
        EXPECT_FALSE(read(std::string_view(bytes).substr(0, n), names).ok()) << n;
    EXPECT_FALSE(read(bytes + 'x', names).ok());
}

TEST(ShortForm, LimitsHold) {
    Names names;
    const auto with = [&](const Batch& batch, const Limits& limits) {
        const auto read =
            decode_short(written(batch, names).bytes, kLink, names.name_of(), as_it_came, limits);
        return read.ok() ? Code::Internal : read.error().code;
    };
    Limits few;
    few.letters = 1;
    EXPECT_EQ(with({"hill.example", {hello(), hello()}, {}}, few), Code::TooLarge);
    few = {};
    few.bytes = 100;
    Letter long_one = hello();
    long_one.text = std::string(200, 'a');
    EXPECT_EQ(with({"hill.example", {long_one}, {}}, few), Code::TooLarge);
    few = {};
    few.copies = 1;
    EXPECT_EQ(with({"hill.example", {full()}, {}}, few), Code::TooLarge);
    few = {};
    few.references = 2;
    EXPECT_EQ(with({"hill.example", {full()}, {}}, few), Code::TooLarge);
}

TEST(ShortForm, OfAnotherVersionSaysSo) {
    Names names;
    std::string bytes = written({"hill.example", {hello()}, {}}, names).bytes;
    bytes[0] = static_cast<char>((static_cast<unsigned char>(bytes[0]) & 31u) | 2u << 5);
    const auto back = read(bytes, names);
    ASSERT_FALSE(back.ok());
    EXPECT_EQ(back.error().code, Code::Conflict);
    EXPECT_NE(back.error().text.find("version 2"), std::string::npos);
}

TEST(ShortForm, ATextThatDoesNotUnpackIsSaid) {
    Names names;
    const ShortForm form = written({"hill.example", {hello()}, {}}, names);
    const auto back = decode_short(form.bytes, kLink, names.name_of(),
                                   [](std::string_view, std::size_t) -> Result<std::string> {
                                       return Error{Code::Conflict, "another model", false};
                                   });
    ASSERT_FALSE(back.ok());
    EXPECT_EQ(back.error().text, "another model");
}

TEST(ShortForm, RubbishIsNoCrash) {
    Names names;
    const std::string good = written({"hill.example", {full(), hello()}, {arrived()}}, names).bytes;
    std::minstd_rand random(7);
    for (int round = 0; round < 20'000; ++round) {
        std::string bytes = good;
        for (int i = 0; i < 3; ++i)
            bytes[random() % bytes.size()] = static_cast<char>(random() % 256);
        (void)read(bytes, names);
    }
}

TEST(ShortIds, ComeBackAsTheyWere) {
    const auto eleven = binary_id("mi3k9x1a.0f1e2d3c4b5a");
    ASSERT_TRUE(eleven);
    EXPECT_EQ(eleven->size(), kBinaryIdBytes);
    EXPECT_EQ(id_of_binary(*eleven), "mi3k9x1a.0f1e2d3c4b5a");
    for (const char* other :
         {"", "1abc.0f1e2d3c4b5a", "MI3K9X1A.0f1e2d3c4b5a", "0mi3k9x1a.0f1e2d3c4b5a",
          "mi3k9x1a.0F1e2d3c4b5a", "mi3k9x1a.0f1e2d3c4b5", "mi3k9x1a.0f1e2d3c4b5az",
          "mi3k9x1a.+f1e2d3c4b5a", "zzzzzzzzzzzzz.0f1e2d3c4b5a", "mi3k9x1a 0f1e2d3c4b5a"})
        EXPECT_FALSE(binary_id(other)) << other;
}

}  // namespace
}  // namespace waypost::post
