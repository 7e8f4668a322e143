// SPDX-License-Identifier: Apache-2.0
// In which language somebody is answered.
#include "gateway/commands/catalogue.h"
#include "village.h"

namespace waypost {
namespace {

std::string language_of_handle(const Box& box, const std::string& handle) {
    const Person* person = box.directory.get()->find(handle);
    return person == nullptr ? "nobody" : person->row.language;
}

bool speaks(const std::string& answer, const char* language, const char* key) {
    return answer.rfind(catalogue(language).texts().at(key), 0) == 0;
}

using Languages = Village;

TEST_F(Languages, TheFirstLineOfAStrangerSaysWhatHeSpeaks) {
    EXPECT_TRUE(speaks(dm1(kAna, "नमस्ते"), "hi", "help"));
    EXPECT_TRUE(speaks(dm1(kBen, "bonjour"), "fr", "help"));
    EXPECT_TRUE(speaks(dm1(kCarl, "?"), "en", "help")) << "nothing to guess by: the village's";
    EXPECT_TRUE(speaks(dm1(kAna, "*"), "hi", "list_empty")) << "kept";
}

TEST_F(Languages, AGuessChangesOnlyWhenTwoLinesSayTheSame) {
    dm(kAna, "namaste");
    EXPECT_TRUE(speaks(dm1(kAna, "hello"), "hi-latn", "help")) << "one line of another language";
    EXPECT_TRUE(speaks(dm1(kAna, "namaste"), "hi-latn", "help"));
    EXPECT_TRUE(speaks(dm1(kAna, "hello"), "hi-latn", "help")) << "counted from new";
    dm(kAna, "7");  // says nothing, either way
    EXPECT_TRUE(speaks(dm1(kAna, "bonjour"), "hi-latn", "help")) << "a third one";
    EXPECT_TRUE(speaks(dm1(kAna, "bonjour"), "fr", "help"));
}

TEST_F(Languages, WhatAStrangerChoseStaysAndGoesAlongWithHisName) {
    EXPECT_EQ(
        dm1(kAna, "lang हिन्दी"),
        "भाषा: hi. " + catalogue("hi").say("welcome", {{"address", "0000000a@hill.example"}}));
    EXPECT_TRUE(speaks(dm1(kAna, "hello"), "hi", "help")) << "a choice is no guess";
    EXPECT_TRUE(speaks(dm1(kAna, "hello"), "hi", "help"));
    close();
    open();
    EXPECT_TRUE(speaks(dm1(kAna, "?"), "hi", "help")) << "after a restart";
    dm(kAna, "नाम ana");
    EXPECT_EQ(dm1(kAna, "1"), "अब आप ana@hill.example हैं");
    EXPECT_EQ(language_of_handle(*box_, "ana"), "hi");
}

TEST_F(Languages, AGuessGoesAlongWithTheNameAndIsForgottenWithHim) {
    dm(kAna, "привіт");
    dm(kAna, "ім'я ana");
    EXPECT_EQ(dm1(kAna, "1"), "Тепер ви ana@hill.example");
    EXPECT_EQ(language_of_handle(*box_, "ana"), "") << "he chose none";
    EXPECT_TRUE(speaks(dm1(kAna, "?"), "uk", "help"));
    dm(kAna, "забудь мене");
    dm(kAna, "1");
    EXPECT_TRUE(speaks(dm1(kAna, "?"), "en", "help"));
}

TEST_F(Languages, ThoseThatThereAreAreShown) {
    const std::string all = language_codes();
    dm(kAna, "?");
    EXPECT_EQ(dm1(kAna, "lang"), "Language: en. Choose: lang and one of " + all);
    EXPECT_EQ(dm1(kAna, "lang de").rfind("Only: " + all + ". You write as ", 0), 0u);
    EXPECT_EQ(dm1(kAna, "lang hi-latn"), "Bhasha: hi-latn");
}

TEST_F(Languages, AChoiceOfTheOperatorIsNotGuessedAway) {
    name("ana", kAna);
    ASSERT_TRUE(ask([](Desk& d) { return d.put_person("ana", "Ana", "sw", ""); }).ok());
    dm(kAna, "bonjour");
    EXPECT_TRUE(speaks(dm1(kAna, "bonjour"), "sw", "help"));
}

}  // namespace
}  // namespace waypost
