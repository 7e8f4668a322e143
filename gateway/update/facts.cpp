// SPDX-License-Identifier: Apache-2.0
#include "gateway/update/facts.h"

#include <algorithm>
#include <charconv>

#include "gateway/base/own_file.h"
#include "gateway/message/text.h"

namespace waypost {
namespace {

constexpr std::size_t kMost = 8192;

std::string value(const KeyValues& all, const std::string& key) {
    const auto found = all.find(key);
    return found == all.end() ? std::string() : found->second;
}

std::int64_t number(const KeyValues& all, const std::string& key) {
    const std::string text = value(all, key);
    std::int64_t number = 0;
    (void)std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

// Each is read anew: it is renamed into place while the gateway runs.
std::optional<KeyValues> read(const std::filesystem::path& file) {
    const auto text = read_file(file);
    if (!text.ok()) return std::nullopt;
    return parse_key_values(*text);
}

UpdateOffer offer_of(const KeyValues& all) {
    UpdateOffer offer;
    offer.version = value(all, "version");
    offer.is = value(all, "is");
    offer.from = value(all, "from");
    offer.bytes = static_cast<std::uint64_t>(std::max<std::int64_t>(number(all, "bytes"), 0));
    return offer;
}

UpdateJob job_of(const KeyValues& all) {
    UpdateJob job;
    job.doing = value(all, "doing");
    job.percent = static_cast<int>(std::clamp<std::int64_t>(number(all, "percent"), 0, 100));
    job.code = value(all, "code");
    job.text = value(all, "text");
    job.version = value(all, "version");
    return job;
}

UpdateResult result_of(const KeyValues& all) {
    UpdateResult result;
    result.result = value(all, "result");
    result.version = value(all, "version");
    result.from = value(all, "from");
    result.why = value(all, "why");
    result.at = number(all, "at");
    return result;
}

}  // namespace

KeyValues parse_key_values(std::string_view text) {
    KeyValues all;
    text = text.substr(0, kMost);
    while (!text.empty()) {
        const std::string_view line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(line.size() + 1, text.size()));
        const std::size_t equals = line.find('=');
        if (equals == std::string_view::npos || equals == 0) continue;
        all[std::string(line.substr(0, equals))] = clean_utf8(line.substr(equals + 1));
    }
    return all;
}

std::optional<UpdateFacts> read_update_facts(const std::filesystem::path& folder) {
    const auto running = read(folder / "running");
    if (!running) return std::nullopt;
    UpdateFacts facts;
    facts.slot = value(*running, "slot");
    facts.version = value(*running, "version");
    facts.board = value(*running, "board");
    facts.good = value(*running, "good") == "yes";
    if (const auto offer = read(folder / "offer")) facts.offer = offer_of(*offer);
    if (const auto job = read(folder / "job")) facts.job = job_of(*job);
    if (const auto result = read(folder / "result")) facts.result = result_of(*result);
    return facts;
}

}  // namespace waypost
