// SPDX-License-Identifier: Apache-2.0
#include <Poco/Exception.h>
#include <Poco/JSON/Array.h>
#include <Poco/JSON/Object.h>
#include <Poco/JSON/Parser.h>
#include <Poco/JSONString.h>

#include <array>
#include <cmath>
#include <utility>

#include "bridges/exec/lines.h"
#include "gateway/message/text.h"

namespace waypost::exec {
namespace {

using Json = Poco::JSON::Object;
using Value = Poco::Dynamic::Var;

constexpr int kMostDepth = 4;
constexpr std::size_t kMostWord = 320;  // of an address, a name, an id
constexpr std::size_t kMostIdBytes = 64;
constexpr std::size_t kMostDetail = 200;
constexpr std::size_t kMostPath = 4096;
constexpr std::size_t kMostMetrics = 16;
constexpr std::size_t kMostMetricName = 32;
constexpr std::int64_t kMostSeconds = 365LL * 24 * 3600;
constexpr std::int64_t kMostUnixTime = 4'102'444'800;  // 2100-01-01

bool is_number(const Value& value) {
    return value.isNumeric() && !value.isBoolean() && !value.isString();
}

// What a field has to be; the first that is not is the problem.
class Fields {
  public:
    explicit Fields(const Json& json) : json_(json) {}

    bool has(const char* key) const { return json_.has(key) && !json_.isNull(key); }
    const std::string& problem() const { return problem_; }
    void wrong(const std::string& what) {
        if (problem_.empty()) problem_ = what;
    }

    std::string text(const char* key, std::size_t most) {
        if (!has(key)) return {};
        const Value value = json_.get(key);
        if (!value.isString()) return wrong_of(key, "is a text");
        std::string text = clean_utf8(value.extract<std::string>());
        if (text.size() > most)
            return wrong_of(key, "has at most " + std::to_string(most) + " bytes");
        return text;
    }
    bool flag(const char* key, bool otherwise) {
        if (!has(key)) return otherwise;
        const Value value = json_.get(key);
        if (!value.isBoolean()) {
            wrong_of(key, "is true or false");
            return otherwise;
        }
        return value.extract<bool>();
    }
    std::int64_t integer(const char* key, std::int64_t least, std::int64_t most,
                         std::int64_t otherwise) {
        if (!has(key)) return otherwise;
        const Value value = json_.get(key);
        try {
            if (is_number(value) && value.isInteger()) {
                const auto number = value.convert<Poco::Int64>();
                if (number >= least && number <= most) return number;
            }
        } catch (const Poco::Exception&) {  // beyond 64 bits: said below
        }
        wrong_of(key, "is a number from " + std::to_string(least) + " to " + std::to_string(most));
        return otherwise;
    }
    template <class Kind, std::size_t N>
    Kind one_of(const char* key, const std::array<std::pair<const char*, Kind>, N>& all) {
        const std::string word = text(key, kMostWord);
        std::string known;
        for (const auto& [name, kind] : all) {
            if (word == name) return kind;
            known += std::string(known.empty() ? "" : ", ") + name;
        }
        wrong_of(key, "is one of " + known);
        return all.front().second;
    }
    Json::Ptr object(const char* key) {
        if (!has(key)) return {};
        const Value value = json_.get(key);
        if (value.type() == typeid(Json::Ptr)) return value.extract<Json::Ptr>();
        wrong_of(key, "is an object");
        return {};
    }
    std::vector<std::string> words(const char* key) {
        std::vector<std::string> all;
        if (!has(key)) return all;
        const Value value = json_.get(key);
        if (value.type() != typeid(Poco::JSON::Array::Ptr)) {
            wrong_of(key, "is a list of texts");
            return all;
        }
        for (const Value& each : *value.extract<Poco::JSON::Array::Ptr>()) {
            if (all.size() == kMostRecipients) {
                wrong_of(key, "has at most " + std::to_string(kMostRecipients));
                break;
            }
            std::string word = each.isString() ? clean_utf8(each.extract<std::string>()) : "";
            if (word.empty() || word.size() > kMostWord) wrong_of(key, "is a list of addresses");
            all.push_back(std::move(word));
        }
        return all;
    }

    std::vector<Json::Ptr> objects(const char* key, std::size_t most) {
        std::vector<Json::Ptr> all;
        if (!has(key)) return all;
        const Value value = json_.get(key);
        if (value.type() != typeid(Poco::JSON::Array::Ptr)) {
            wrong_of(key, "is a list");
            return all;
        }
        for (const Value& each : *value.extract<Poco::JSON::Array::Ptr>()) {
            if (each.type() != typeid(Json::Ptr)) {
                wrong_of(key, "is a list of objects");
            } else if (all.size() == most) {
                wrong_of(key, "has at most " + std::to_string(most));
            } else {
                all.push_back(each.extract<Json::Ptr>());
            }
        }
        return all;
    }

  private:
    std::string wrong_of(const char* key, const std::string& rule) {
        wrong('"' + std::string(key) + "\" " + rule);
        return {};
    }
    const Json& json_;
    std::string problem_;
};

// As it is given back, byte for byte what means the same.
std::string id_of(const Json& json, const char* key) {
    const Value value = json.get(key);
    try {
        if (is_number(value) && value.isInteger())
            return std::to_string(value.convert<Poco::Int64>());
    } catch (const Poco::Exception&) {
        return {};
    }
    if (!value.isString()) return {};
    const std::string text = clean_utf8(value.extract<std::string>());
    const bool fits = !text.empty() && text.size() <= kMostIdBytes;
    return fits ? Poco::toJSON(text, Poco::JSON_WRAP_STRINGS) : std::string();
}

Result<Said> hello(Fields& in, const Json&) {
    Hello out;
    out.version = static_cast<int>(in.integer("hello", 1, 1000, 0));
    out.scheme = lower_ascii(in.text("scheme", kMostWord));
    if (const Json::Ptr limits = in.object("limits")) {
        Fields inside(*limits);
        out.message_bytes =
            static_cast<std::size_t>(inside.integer("message_bytes", 0, kMostTextBytes, 0));
        out.window = static_cast<int>(inside.integer("window", 1, kMostWindow, 1));
        out.file_bytes =
            static_cast<std::size_t>(inside.integer("file_bytes", 0, kMostFileBytes, 0));
        if (!inside.problem().empty()) in.wrong(inside.problem());
    }
    if (!in.problem().empty()) return bad_input(in.problem());
    if (out.version != kVersion) return bad_input("this box speaks version 1: say {\"hello\":1}");
    return Said(out);
}

std::vector<NamedFile> named_files(Fields& in) {
    std::vector<NamedFile> all;
    for (const Json::Ptr& each : in.objects("files", kMostFiles)) {
        Fields inside(*each);
        NamedFile file{inside.text("name", kMostWord), inside.text("type", kMostWord),
                       inside.text("path", kMostPath), inside.text("base64", kMostLineBytes)};
        if (file.name.empty()) inside.wrong("each of \"files\" has a \"name\"");
        if (inside.has("path") == inside.has("base64") || (file.path.empty() && inside.has("path")))
            inside.wrong("each of \"files\" has a \"path\" or \"base64\", one of them");
        if (!inside.problem().empty()) in.wrong(inside.problem());
        all.push_back(std::move(file));
    }
    return all;
}

// With an id it can be answered for, whatever else is wrong with it.
Result<Said> accept(Fields& in, const Json& json) {
    Accept out;
    out.id = id_of(json, "accept");
    if (out.id.empty())
        return bad_input("\"accept\" is a number, or a text of 1 to 64 bytes: the answer has it");
    out.from = in.text("from", kMostWord);
    out.to = in.words("to");
    out.text = in.text("text", kMostTextBytes);
    out.subject = in.text("subject", kMostWord);
    out.name = in.text("name", kMostWord);
    out.origin_id = in.text("origin_id", kMostWord);
    out.reply_to = in.text("reply_to", kMostWord);
    out.written = in.integer("written", 0, kMostUnixTime, 0);
    out.verified = in.flag("verified", false);
    out.automatic = in.flag("automatic", false);
    out.files = named_files(in);
    if (out.from.empty()) in.wrong("\"from\" says who wrote it: \"sms:+4917...\"");
    if (is_blank(out.text) && is_blank(out.subject) && out.files.empty())
        in.wrong("\"text\" is empty");
    out.problem = in.problem();
    return Said(std::move(out));
}

Result<Said> report(Fields& in, const Json&) {
    using Kind = Outcome::Kind;
    static constexpr std::array<std::pair<const char*, Kind>, 5> kKinds{
        {{"sent", Kind::Sent},
         {"delivered", Kind::Delivered},
         {"retry", Kind::Retry},
         {"failed", Kind::Failed},
         {"not_tried", Kind::NotTried}}};
    static constexpr std::array<std::pair<const char*, ProofClass>, 2> kKnown{
        {{"reported", ProofClass::Reported}, {"observed", ProofClass::Observed}}};
    Reported out;
    out.number = in.integer("report", 1, INT64_MAX, 0);
    out.outcome.kind = in.one_of("outcome", kKinds);
    out.outcome.code = one_line(in.text("code", kMostWord), 40);
    out.outcome.detail = one_line(in.text("detail", kMostTextBytes), kMostDetail);
    if (in.has("known")) out.outcome.proof = in.one_of("known", kKnown);
    if (in.has("retry_after"))
        out.outcome.retry_after =
            std::chrono::seconds(in.integer("retry_after", 0, kMostSeconds, 0));
    if (!in.problem().empty()) return bad_input(in.problem());
    return Said(std::move(out));
}

Result<Said> proof(Fields& in, const Json&) {
    using Kind = Proof::Kind;
    static constexpr std::array<std::pair<const char*, Kind>, 4> kKinds{
        {{"relayed", Kind::Relayed},
         {"delivered", Kind::Delivered},
         {"read", Kind::Read},
         {"failed", Kind::Bounced}}};
    Proven out;
    out.wire_id = in.text("proof", kMostWord);
    out.proof.kind = in.one_of("kind", kKinds);
    out.proof.code = one_line(in.text("code", kMostWord), 40);
    out.proof.detail = one_line(in.text("detail", kMostTextBytes), kMostDetail);
    if (out.wire_id.empty()) in.wrong("\"proof\" is the wire_id that it is about");
    if (!in.problem().empty()) return bad_input(in.problem());
    return Said(std::move(out));
}

Result<Said> heard(Fields& in, const Json&) {
    HeardFrom out{in.text("heard", kMostWord), clean_name(in.text("name", kMostWord))};
    if (out.address.empty()) in.wrong("\"heard\" is an address");
    if (!in.problem().empty()) return bad_input(in.problem());
    return Said(std::move(out));
}

bool is_metric_name(const std::string& name) {
    return !name.empty() && name.size() <= kMostMetricName &&
           name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string::npos;
}

Result<Said> status(Fields& in, const Json&) {
    Condition out;
    const Json::Ptr said = in.object("status");
    if (!said) return bad_input(in.problem().empty() ? "\"status\" is an object" : in.problem());
    Fields inside(*said);
    out.up = inside.flag("up", true);
    out.why = one_line(inside.text("why", kMostTextBytes), kMostDetail);
    if (const Json::Ptr metrics = inside.object("metrics")) {
        for (const auto& [name, value] : *metrics) {
            const double number = is_number(value) ? value.convert<double>() : std::nan("");
            if (!is_metric_name(name) || !std::isfinite(number) ||
                out.metrics.size() == kMostMetrics)
                return bad_input(
                    "\"metrics\" has at most 16 numbers, whose names are of a-z, 0-9 and _");
            out.metrics[name] = number;
        }
    }
    if (!inside.problem().empty()) return bad_input(inside.problem());
    return Said(std::move(out));
}

Result<Said> remark(Fields& in, const Json&) {
    Remark out{in.text("log", kMostTextBytes)};
    if (!in.problem().empty()) return bad_input(in.problem());
    return Said(std::move(out));
}

struct Verb {
    const char* key;
    Result<Said> (*read)(Fields&, const Json&);
};
constexpr std::array<Verb, 7> kVerbs{{{"hello", hello},
                                      {"accept", accept},
                                      {"report", report},
                                      {"proof", proof},
                                      {"heard", heard},
                                      {"status", status},
                                      {"log", remark}}};

Result<Said> read(const Json& json) {
    const Verb* found = nullptr;
    for (const Verb& verb : kVerbs) {
        if (!json.has(verb.key)) continue;
        if (found != nullptr)
            return bad_input(std::string("one line says one thing, not \"") + found->key +
                             "\" and \"" + verb.key + '"');
        found = &verb;
    }
    if (found == nullptr)
        return bad_input("a line has one of hello, accept, report, proof, heard, status, log");
    Fields fields(json);
    return found->read(fields, json);
}

}  // namespace

Result<Said> parse_line(std::string_view line) {
    if (line.size() > kMostLineBytes)
        return bad_input("a line has at most " + std::to_string(kMostLineBytes) + " bytes");
    try {
        Poco::JSON::Parser parser;
        parser.setDepth(kMostDepth);
        const Value root = parser.parse(std::string(line));
        if (root.type() == typeid(Json::Ptr)) return read(*root.extract<Json::Ptr>());
        return bad_input("a line is one JSON object");
    } catch (const Poco::Exception& e) {
        return bad_input("a line is one JSON object: " +
                         one_line(clean_utf8(e.message()), kMostDetail));
    }
}

}  // namespace waypost::exec
