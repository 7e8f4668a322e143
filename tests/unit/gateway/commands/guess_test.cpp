// SPDX-License-Identifier: Apache-2.0
#include "gateway/commands/guess.h"

#include <gtest/gtest.h>

#include "gateway/base/random.h"
#include "gateway/commands/catalogue.h"

namespace waypost {
namespace {

struct GuessCase {
    const char* typed;
    const char* language;
};

class Guesses : public ::testing::TestWithParam<GuessCase> {};

TEST_P(Guesses, WhatIsPlainToSee) {
    EXPECT_EQ(guess_language(GetParam().typed), GetParam().language) << GetParam().typed;
}

INSTANTIATE_TEST_SUITE_P(
    Words, Guesses,
    ::testing::Values(GuessCase{"help", "en"}, GuessCase{"ayuda", "es"}, GuessCase{"aide", "fr"},
                      GuessCase{"Ajuda!", "pt"}, GuessCase{"msaada", "sw"},
                      GuessCase{"madad", "hi-latn"}, GuessCase{"dopomoha", "uk-latn"},
                      GuessCase{"musaada", "ar-latn"}, GuessCase{"¡Hola!", "es"},
                      GuessCase{"bonjour", "fr"}, GuessCase{"Namaste", "hi-latn"},
                      GuessCase{"nom ana", "fr"}, GuessCase{"atesto ana", "pt"},
                      GuessCase{"lugha sw", ""}, GuessCase{"saanp ne kata, jaldi", "hi-latn"},
                      GuessCase{"bob@x.org il y a un incendie", "fr"}, GuessCase{"hodi", "sw"}));

INSTANTIATE_TEST_SUITE_P(Scripts, Guesses,
                         ::testing::Values(GuessCase{"bob@x.org गाड़ी खराब है", "hi"},
                                           GuessCase{"привіт", "uk"}, GuessCase{"*2 شكرا", "ar"},
                                           GuessCase{"Добре, їду", "uk"},
                                           GuessCase{"गाड़ी ठीक, شكرا", ""}, GuessCase{"я", ""},
                                           GuessCase{"میں ٹھیک ہوں", ""}, GuessCase{"چطوری؟", ""}));

INSTANTIATE_TEST_SUITE_P(NothingSaid, Guesses,
                         ::testing::Values(GuessCase{"", ""}, GuessCase{"   ", ""},
                                           GuessCase{"?!", ""}, GuessCase{"7", ""},
                                           GuessCase{"*2 ok", ""}, GuessCase{"👍", ""},
                                           GuessCase{"bob@x.org on my way", ""},
                                           GuessCase{"stop", ""}, GuessCase{"lang fr", ""},
                                           GuessCase{"menu", ""}, GuessCase{"SOS", ""},
                                           GuessCase{"socorro", ""}, GuessCase{"parar", ""},
                                           GuessCase{"lista", ""}, GuessCase{"\xff\xfe\xd8", ""}));

TEST(Guess, AnythingTypedIsGuessedAsALanguageThatThereIsOrNone) {
    const auto random = seeded_random(7);
    for (int round = 0; round < 5000; ++round) {
        std::string typed;
        for (auto n = random->below(40); n > 0; --n) typed += static_cast<char>(random->below(256));
        const std::string guess = guess_language(typed);
        EXPECT_TRUE(guess.empty() || is_language(guess)) << guess;
    }
}

}  // namespace
}  // namespace waypost
