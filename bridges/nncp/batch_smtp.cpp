// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/batch_smtp.h"

#include "gateway/message/text.h"

namespace waypost::nncp {
namespace {

Error bad(const std::string& what) { return {Code::BadInput, "batch SMTP: " + what, false}; }
Error large(const std::string& what) { return {Code::TooLarge, "batch SMTP: " + what, false}; }

void put_mail(const std::string& bytes, std::string& out) {
    for (std::size_t from = 0; from < bytes.size();) {
        const std::size_t end = bytes.find('\n', from);
        std::string_view line = std::string_view(bytes).substr(from, end - from);
        if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
        if (!line.empty() && line.front() == '.') out += '.';
        out += line;
        out += "\r\n";
        if (end == std::string::npos) break;
        from = end + 1;
    }
    out += ".\r\n";
}

// Reads line by line; `done` has all mails that are whole.
class Reader {
  public:
    Reader(std::string_view stream, const BatchSmtpLimits& limits)
        : left_(stream), limits_(limits) {}

    Result<std::vector<OutMail>> run() {
        std::string_view line;
        while (next(line)) {
            if (line.size() > limits_.line_bytes) return large("a command is too long");
            if (const auto error = command(line)) return *error;
            if (quit_) break;
        }
        if (has_from_) return bad("it ends within a mail");
        return std::move(done_);
    }

  private:
    bool next(std::string_view& line) {
        if (left_.empty()) return false;
        const std::size_t end = left_.find('\n');
        line = left_.substr(0, end);
        left_ = end == std::string_view::npos ? std::string_view() : left_.substr(end + 1);
        if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
        return true;
    }

    std::optional<Error> command(std::string_view line) {
        const std::string verb = lower_ascii(line.substr(0, line.find_first_of(" :")));
        if (verb == "mail") return mail(line);
        if (verb == "rcpt") return recipient(line);
        if (verb == "data") return data();
        if (verb == "rset") now_ = {}, has_from_ = false;
        if (verb == "quit") quit_ = true;
        const bool nothing = verb.empty() || verb == "helo" || verb == "ehlo" || verb == "rset" ||
                             verb == "quit" || verb == "noop";
        if (!nothing) return bad("an unknown command");
        return std::nullopt;
    }

    // What stands between < and >, or the word behind the colon.
    static std::string_view path_of(std::string_view line) {
        const std::size_t colon = line.find(':');
        if (colon == std::string_view::npos) return {};
        std::string_view rest = line.substr(colon + 1);
        while (!rest.empty() && rest.front() == ' ') rest.remove_prefix(1);
        return rest.substr(0, rest.find(' '));
    }
    static std::string_view inside(std::string_view path) {
        if (path.size() >= 2 && path.front() == '<' && path.back() == '>')
            return path.substr(1, path.size() - 2);
        return path;
    }

    std::optional<Error> mail(std::string_view line) {
        if (has_from_) return bad("a mail within a mail");
        if (done_.size() >= limits_.mails) return large("too many mails");
        const std::string_view path = path_of(line);
        if (path.empty()) return bad("a mail from nobody");
        has_from_ = true;
        if (inside(path).empty()) return std::nullopt;
        auto from = parse_address("mailto:" + std::string(inside(path)));
        if (!from.ok()) return bad("a sender that is no address");
        now_.return_path = std::move(*from);
        return std::nullopt;
    }

    std::optional<Error> recipient(std::string_view line) {
        if (!has_from_) return bad("a recipient without a mail");
        if (now_.recipients.size() >= limits_.recipients) return large("too many recipients");
        auto to = parse_address("mailto:" + std::string(inside(path_of(line))));
        if (!to.ok()) return bad("a recipient that is no address");
        now_.recipients.push_back(std::move(*to));
        return std::nullopt;
    }

    std::optional<Error> data() {
        if (!has_from_ || now_.recipients.empty()) return bad("a mail to nobody");
        std::string_view line;
        while (next(line)) {
            if (line == ".") {
                done_.push_back(std::move(now_));
                now_ = {};
                has_from_ = false;
                return std::nullopt;
            }
            if (!line.empty() && line.front() == '.') line.remove_prefix(1);
            now_.bytes += line;
            now_.bytes += "\r\n";
        }
        return bad("it ends within a mail");
    }

    std::string_view left_;
    const BatchSmtpLimits& limits_;
    std::vector<OutMail> done_;
    OutMail now_;
    bool has_from_ = false;
    bool quit_ = false;
};

}  // namespace

std::string batch_smtp(const std::vector<OutMail>& mails, const std::string& own_domain) {
    std::string out = "EHLO " + own_domain + "\r\n";
    for (const OutMail& each : mails) {
        out += "MAIL FROM:<" + each.return_path.value + ">\r\n";
        for (const Address& to : each.recipients) out += "RCPT TO:<" + to.value + ">\r\n";
        out += "DATA\r\n";
        put_mail(each.bytes, out);
    }
    return out + "QUIT\r\n";
}

Result<std::vector<OutMail>> read_batch_smtp(std::string_view stream,
                                             const BatchSmtpLimits& limits) {
    return Reader(stream, limits).run();
}

}  // namespace waypost::nncp
