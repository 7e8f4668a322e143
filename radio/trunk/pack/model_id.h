// SPDX-License-Identifier: Apache-2.0
// The models there are. The numbers travel as the first byte of a packed text and never change.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "radio/trunk/pack/alphabet.h"

namespace waypost::pack {

enum class ModelId : std::uint8_t {
    English = 16,
    Spanish,
    French,
    Portuguese,
    Arabic,
    Hindi,
    Swahili,
    Ukrainian,
    Mail,  // seven headers, an empty line and a body in English
};

struct ModelKind {
    ModelId id;
    std::string_view name;  // of its files: "en" for en.txt.zst and en.model
    Script script;
};

inline constexpr std::array<ModelKind, 9> kModelKinds = {{
    {ModelId::English, "en", Script::Latin},
    {ModelId::Spanish, "es", Script::Latin},
    {ModelId::French, "fr", Script::Latin},
    {ModelId::Portuguese, "pt", Script::Latin},
    {ModelId::Arabic, "ar", Script::Arabic},
    {ModelId::Hindi, "hi", Script::Devanagari},
    {ModelId::Swahili, "sw", Script::Latin},
    {ModelId::Ukrainian, "uk", Script::Cyrillic},
    {ModelId::Mail, "mail", Script::Latin},
}};

}  // namespace waypost::pack
