// SPDX-License-Identifier: Apache-2.0
// One text of a catalogue as an ICU message pattern: "{count, plural, one {# person} other {#
// people}}". Numbers are written in 0-9 in every language, as they are typed back on a radio.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace waypost {

// Not thread-safe: ICU fills in what it needs for plurals at the first use.
class Pattern {
  public:
    // `language`: "hi", "hi-latn", of which the plural rules are. Throws std::runtime_error if the
    // pattern is malformed: a bug of ours.
    Pattern(const std::string& language, const std::string& pattern);
    ~Pattern();
    Pattern(Pattern&&) noexcept;
    Pattern& operator=(Pattern&&) noexcept;

    struct Argument {
        std::string name;
        bool plural = false;  // its value is a number
    };
    const std::vector<Argument>& arguments() const;

    // UTF-8. Throws std::logic_error if a value is missing, or no number where one is needed.
    // Values without an argument are left out.
    using Value = std::pair<std::string_view, std::string>;
    std::string fill(const Value* values, std::size_t count) const;

  private:
    struct Parsed;
    std::unique_ptr<Parsed> parsed_;
};

}  // namespace waypost
