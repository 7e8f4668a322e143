// SPDX-License-Identifier: Apache-2.0
#include "gateway/commands/pattern.h"

#include <unicode/messagepattern.h>
#include <unicode/msgfmt.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <stdexcept>

namespace waypost {
namespace {

icu::UnicodeString wide(std::string_view utf8) {
    return icu::UnicodeString::fromUTF8(
        icu::StringPiece(utf8.data(), static_cast<std::int32_t>(utf8.size())));
}

std::string narrow(const icu::UnicodeString& text) {
    std::string utf8;
    return text.toUTF8String(utf8);
}

void check(UErrorCode status, std::string_view pattern) {
    if (U_FAILURE(status)) {
        throw std::runtime_error("not an ICU message, " + std::string(u_errorName(status)) + ": " +
                                 std::string(pattern));
    }
}

std::int64_t number(const std::string& value) {
    std::int64_t result = 0;
    const char* end = value.data() + value.size();
    const auto read = std::from_chars(value.data(), end, result);
    if (read.ec != std::errc() || read.ptr != end) throw std::logic_error("no number: " + value);
    return result;
}

// Latin letters or not, a language counts the same way.
icu::Locale locale_of(const std::string& language) {
    UErrorCode status = U_ZERO_ERROR;
    const std::string tag = language.substr(0, language.find('-')) + "-u-nu-latn";
    const icu::Locale locale = icu::Locale::forLanguageTag(tag, status);
    check(status, tag);
    return locale;
}

std::vector<Pattern::Argument> arguments_of(const std::string& text) {
    UErrorCode status = U_ZERO_ERROR;
    const icu::MessagePattern pattern(wide(text), nullptr, status);
    check(status, text);
    std::vector<Pattern::Argument> arguments;
    for (std::int32_t i = 0; i + 1 < pattern.countParts(); ++i) {
        const auto& part = pattern.getPart(i);
        if (part.getType() != UMSGPAT_PART_TYPE_ARG_START) continue;
        const std::string name = narrow(pattern.getSubstring(pattern.getPart(i + 1)));
        const bool plural = part.getArgType() == UMSGPAT_ARG_TYPE_PLURAL;
        const auto known = std::find_if(arguments.begin(), arguments.end(),
                                        [&](const auto& each) { return each.name == name; });
        if (known == arguments.end()) {
            arguments.push_back({name, plural});
        } else {
            known->plural = known->plural || plural;
        }
    }
    return arguments;
}

}  // namespace

struct Pattern::Parsed {
    std::vector<Argument> arguments;
    std::vector<icu::UnicodeString> names;
    std::unique_ptr<icu::MessageFormat> format;
};

Pattern::Pattern(const std::string& language, const std::string& pattern)
    : parsed_(std::make_unique<Parsed>()) {
    parsed_->arguments = arguments_of(pattern);
    for (const Argument& each : parsed_->arguments) parsed_->names.push_back(wide(each.name));
    UErrorCode status = U_ZERO_ERROR;
    UParseError where;
    parsed_->format =
        std::make_unique<icu::MessageFormat>(wide(pattern), locale_of(language), where, status);
    check(status, pattern);
}
Pattern::~Pattern() = default;
Pattern::Pattern(Pattern&&) noexcept = default;
Pattern& Pattern::operator=(Pattern&&) noexcept = default;

const std::vector<Pattern::Argument>& Pattern::arguments() const { return parsed_->arguments; }

std::string Pattern::fill(const Value* values, std::size_t count) const {
    std::vector<icu::Formattable> given;
    given.reserve(parsed_->arguments.size());
    for (const Argument& each : parsed_->arguments) {
        const auto* value = std::find_if(values, values + count,
                                         [&](const Value& v) { return v.first == each.name; });
        if (value == values + count) throw std::logic_error("no value for " + each.name);
        if (each.plural) {
            given.emplace_back(number(value->second));
        } else {
            given.emplace_back(wide(value->second));
        }
    }
    UErrorCode status = U_ZERO_ERROR;
    icu::UnicodeString said;
    parsed_->format->format(parsed_->names.data(), given.data(),
                            static_cast<std::int32_t>(given.size()), said, status);
    if (U_FAILURE(status)) throw std::logic_error(u_errorName(status));
    return narrow(said);
}

}  // namespace waypost
