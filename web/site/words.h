// SPDX-License-Identifier: Apache-2.0
// The console's words in the languages that its files have. Immutable.
#pragma once

#include <map>
#include <string>

#include "web/site/files.h"

namespace waypost::site {

class Words {
  public:
    // From "/assets/LANGUAGE-HASH.json": {"key": "text"}. What is no such file is passed over.
    explicit Words(const Files& files);

    // In that language, else in English; the key itself where there is none.
    const std::string& say(const std::string& language, const std::string& key) const;
    bool has(const std::string& language) const { return languages_.count(language) > 0; }

  private:
    std::map<std::string, std::map<std::string, std::string>> languages_;
};

}  // namespace waypost::site
