// SPDX-License-Identifier: Apache-2.0
// The models that the build made, each mapped anew.
#pragma once

#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "radio/trunk/pack/model_folder.h"
#include "radio/trunk/pack/packer.h"

namespace waypost::pack {

inline std::vector<std::unique_ptr<Model>> built_models() {
    auto opened =
        open_models(WAYPOST_TRUNK_MODELS, {WAYPOST_TRUNK_TRAINING, WAYPOST_TRUNK_FETCHED});
    if (opened.models.empty()) throw std::runtime_error("the build made no models");
    return std::move(opened.models);
}

inline constexpr ModelSet kLanguages = 0xFF;  // all models but the mails'

// Texts of tests/data/trunk_text: "inside" is of the kind that models learned from, "outside" is
// not.
inline std::vector<std::string> texts_to_pack(const std::string& folder, std::string_view language,
                                              const std::string& kind) {
    std::ifstream file(folder + "/trunk_text/" + std::string(language) + '.' + kind + ".txt");
    std::vector<std::string> texts;
    for (std::string line; std::getline(file, line);) texts.push_back(line);
    if (texts.empty()) throw std::runtime_error("no texts of " + std::string(language));
    return texts;
}

// Texts divided by 0x1E, as training/mail.py left them; empty: they were not fetched.
inline std::vector<std::string> fetched_texts(const std::string& name) {
    std::ifstream file(std::string(WAYPOST_TRUNK_FETCHED "/") + name);
    std::vector<std::string> texts;
    for (std::string text; std::getline(file, text, '\x1E');) texts.push_back(text);
    return texts;
}

}  // namespace waypost::pack
