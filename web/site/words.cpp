// SPDX-License-Identifier: Apache-2.0
#include "web/site/words.h"

#include <Poco/Exception.h>
#include <Poco/JSON/Object.h>
#include <Poco/JSON/Parser.h>

namespace waypost::site {
namespace {

constexpr char kAssets[] = "/assets/";
constexpr std::size_t kCode = 2;  // letters of a language

std::map<std::string, std::string> words_in(const std::string& json) {
    std::map<std::string, std::string> words;
    const auto object = Poco::JSON::Parser().parse(json).extract<Poco::JSON::Object::Ptr>();
    for (const auto& [key, text] : *object) words[key] = text.toString();
    return words;
}

}  // namespace

Words::Words(const Files& files) {
    for (const auto& [path, file] : files.all()) {
        const std::size_t name = sizeof kAssets - 1;
        if (file.type != "application/json" || path.rfind(kAssets, 0) != 0) continue;
        if (path.size() <= name + kCode || path[name + kCode] != '-') continue;
        try {
            languages_[path.substr(name, kCode)] = words_in(file.bytes);
        } catch (const Poco::Exception&) {
            continue;  // some other list
        }
    }
}

const std::string& Words::say(const std::string& language, const std::string& key) const {
    for (const std::string& each : {language, std::string("en")}) {
        const auto words = languages_.find(each);
        if (words == languages_.end()) continue;
        const auto word = words->second.find(key);
        if (word != words->second.end()) return word->second;
    }
    return key;
}

}  // namespace waypost::site
