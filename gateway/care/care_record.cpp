// SPDX-License-Identifier: Apache-2.0
#include "gateway/care/care_record.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "gateway/base/encoding.h"

namespace waypost {
namespace {

constexpr char kOwner[] = "care";  // state: beside handles and addresses, none of which is so
constexpr char kLast[] = "last/";
constexpr char kDid[] = "did/";
constexpr std::size_t kMostRecords = 50;
constexpr std::size_t kFields = 10;  // before the answer, a line each

std::string row_name(const std::string& key, std::uint64_t number) {
    return kDid + key + '/' + std::to_string(number);
}

template <class T>
T number_in(std::string_view text) {
    T value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

std::string one_line_of(std::string text) {
    std::replace(text.begin(), text.end(), '\n', ' ');
    return text;
}

std::string encode(const CareRecord& r) {
    return std::to_string(r.at_ms) + '\n' + one_line_of(r.who) + '\n' + one_line_of(r.way) + '\n' +
           r.key + '\n' + std::to_string(r.number) + '\n' + r.print + '\n' +
           one_line_of(r.command) + '\n' + r.note + '\n' +
           (r.reply.empty() ? std::string() : r.reply.uri()) + '\n' + (r.begun ? "1" : "0") + '\n' +
           r.answer;
}

std::optional<CareRecord> decode(std::string_view row) {
    std::array<std::string, kFields> fields;
    for (std::string& field : fields) {
        const std::size_t end = row.find('\n');
        if (end == std::string_view::npos) return std::nullopt;
        field = row.substr(0, end);
        row.remove_prefix(end + 1);
    }
    CareRecord record;
    record.at_ms = number_in<store::Ms>(fields[0]);
    record.who = fields[1];
    record.way = fields[2];
    record.key = fields[3];
    record.number = number_in<std::uint64_t>(fields[4]);
    record.print = fields[5];
    record.command = fields[6];
    record.note = fields[7];
    if (auto reply = parse_address(fields[8]); reply.ok()) record.reply = std::move(*reply);
    record.begun = fields[9] == "1";
    record.answer = row;
    return record;
}

}  // namespace

std::string care_key_hash(const care::PublicKey& key) {
    return short_hash({reinterpret_cast<const char*>(key.data()), key.size()});
}

std::uint64_t last_care_number(store::Tables& tables, const std::string& key) {
    return number_in<std::uint64_t>(tables.state.get(kOwner, kLast + key).value_or("0"));
}

std::optional<CareRecord> care_record(store::Tables& tables, const std::string& key,
                                      std::uint64_t number) {
    const auto row = tables.state.get(kOwner, row_name(key, number));
    return row ? decode(*row) : std::nullopt;
}

void begin_care(store::Tables& tables, const CareRecord& record) {
    tables.state.put(kOwner, kLast + record.key, std::to_string(record.number));
    put_care(tables, record);
    const auto all = care_records(tables);
    for (std::size_t i = kMostRecords; i < all.size(); ++i)
        tables.state.erase(kOwner, row_name(all[i].key, all[i].number));
}

void put_care(store::Tables& tables, const CareRecord& record) {
    tables.state.put(kOwner, row_name(record.key, record.number), encode(record));
}

std::vector<CareRecord> care_records(store::Tables& tables) {
    std::vector<CareRecord> all;
    for (const auto& [name, row] : tables.state.with_prefix(kOwner, kDid)) {
        if (auto record = decode(row)) all.push_back(std::move(*record));
    }
    std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) {
        return std::tie(a.at_ms, a.number) > std::tie(b.at_ms, b.number);
    });
    return all;
}

}  // namespace waypost
