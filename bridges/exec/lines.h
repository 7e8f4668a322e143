// SPDX-License-Identifier: Apache-2.0
// What a program and the box say to one another: one JSON object a line (RFC 8259), as doc/exec.md
// has it. Values only; what comes in is bounded in every direction.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "gateway/base/result.h"
#include "gateway/message/delivery.h"
#include "gateway/transport.h"

namespace waypost::exec {

inline constexpr int kVersion = 1;
inline constexpr std::size_t kMostLineBytes = 64 * 1024;  // of a program's line
inline constexpr std::size_t kMostTextBytes = 48 * 1024;  // of a text, either way
inline constexpr int kMostWindow = 64;
inline constexpr std::size_t kMostRecipients = 20;
inline constexpr std::size_t kMostFiles = 10;             // of a message
inline constexpr std::size_t kMostFileBytes = 10u << 20;  // all together

struct Hello {
    int version = 0;
    std::string scheme;             // "sms"; empty: it does not say
    std::size_t message_bytes = 0;  // the longest text that it takes; 0: kMostTextBytes
    int window = 1;                 // deliveries that it takes before it reports on the first
    std::size_t file_bytes = 0;     // most of a message's files together; 0: it takes none
};

// A file of a message as a program names it: one of `path` and `base64` is set.
struct NamedFile {
    std::string name;
    std::string type;    // media type; may be empty
    std::string path;    // in its folder
    std::string base64;  // of the bytes
};

// One that the box has for it.
struct OfferedFile {
    Attachment about;
    std::string path;  // empty: too large
};

struct Accept {
    std::string id;               // JSON of it, a number or a text, as it is given back
    std::string from;             // "sms:+4917..."
    std::vector<std::string> to;  // as the program wrote them; empty: it does not know for whom
    std::string text;
    std::string subject, name, origin_id, reply_to;
    std::int64_t written = 0;
    bool verified = false, automatic = false;
    std::vector<NamedFile> files;
    std::string problem;  // set: something of it cannot be taken, and this is why
};

struct Reported {
    std::int64_t number = 0;  // of the delivery
    Outcome outcome;
};

struct Proven {
    std::string wire_id;
    Proof proof;
};

struct HeardFrom {
    std::string address;
    std::string name;
};

struct Condition {
    bool up = true;
    std::string why;
    std::map<std::string, double> metrics;
};

struct Remark {
    std::string text;
};

using Said = std::variant<Hello, Accept, Reported, Proven, HeardFrom, Condition, Remark>;

// BadInput with a sentence for whoever writes the program.
Result<Said> parse_line(std::string_view line);

// Each with its end of line.
// `folder`: in which files pass; empty: none do.
std::string hello_line(const std::string& scheme, const std::string& domain,
                       const std::string& village, const std::string& folder = {});
// `wire_id` has been offered before: `resume`.
std::string deliver_line(std::int64_t number, const WireId& wire_id, bool resume,
                         const Delivery& delivery, const std::vector<OfferedFile>& files = {});
// A verdict for each of `to`, or one alone where that is empty.
std::string accepted_line(const std::string& id, const std::vector<std::string>& to,
                          const std::vector<Verdict>& verdicts);
std::string proved_line(const WireId& wire_id, bool kept);
std::string error_line(const std::string& why);

}  // namespace waypost::exec
