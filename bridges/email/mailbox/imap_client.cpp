// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/mailbox/imap_client.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <ctime>
#include <limits>

#include "bridges/email/mailbox/pauses.h"
#include "gateway/base/encoding.h"
#include "gateway/base/time_parts.h"
#include "gateway/message/text.h"

namespace waypost::email {
namespace {

constexpr std::array<std::string_view, 7> kSentNames = {
    "sent", "sent items", "sent messages", "sent mail", "inbox.sent", "inbox/sent", "gesendet"};
constexpr std::array<const char*, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                 "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

Error gone() { return {Code::NotFound, "the mail is gone from the mailbox", false}; }
Error unclear() { return {Code::BadInput, "the provider's answer cannot be understood", true}; }

template <class Number>
std::optional<Number> number(std::string_view text) {
    Number value = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
    if (read.ec != std::errc() || read.ptr != text.data() + text.size()) return std::nullopt;
    return value;
}

// The first word and what follows it.
std::pair<std::string_view, std::string_view> split(std::string_view text) {
    const std::size_t space = text.find(' ');
    if (space == std::string_view::npos) return {text, {}};
    return {text.substr(0, space), text.substr(space + 1)};
}

bool says(std::string_view word, std::string_view upper) {
    return word.size() == upper.size() &&
           std::equal(word.begin(), word.end(), upper.begin(), [](char a, char b) {
               return (a >= 'a' && a <= 'z' ? static_cast<char>(a - 32) : a) == b;
           });
}

// "3 FETCH (UID 11 RFC822.SIZE 900 BODY[]<0> {5}...)": the value behind a name of this beginning,
// if the answer is about this mail. Of a list as value nothing is wanted; it is passed over.
std::optional<std::string> fetched(const ImapResponse& response, std::uint32_t uid,
                                   std::string_view name) {
    const auto tokens = tokens_of(response);
    if (!tokens || tokens->size() < 4 || !says((*tokens)[1].text, "FETCH")) return std::nullopt;
    std::optional<std::string> value;
    bool is_the_one = false;
    int depth = 0;
    bool named = false;  // the next value on the outer level is what `key` names
    std::string key;
    for (std::size_t i = 2; i < tokens->size(); ++i) {
        const ImapToken& token = (*tokens)[i];
        if (token.kind == ImapToken::Kind::Open) {
            if (++depth == 2) named = false;
        } else if (token.kind == ImapToken::Kind::Close) {
            --depth;
        } else if (depth == 1 && !named) {
            key = upper_ascii(token.text);
            named = true;
        } else if (depth == 1) {
            if (key == "UID") is_the_one = number<std::uint32_t>(token.text) == uid;
            if (key.rfind(name, 0) == 0 &&
                !(token.kind == ImapToken::Kind::Atom && says(token.text, "NIL")))
                value = token.text;
            named = false;
        }
    }
    return is_the_one ? value : std::nullopt;
}

struct Folder {
    std::string name;
    bool for_sent = false;
};

// "LIST (\HasNoChildren \Sent) "/" "Sent Mail""
std::optional<Folder> folder_of(const ImapResponse& response) {
    const auto tokens = tokens_of(response);
    if (!tokens || tokens->size() < 5 || !says((*tokens)[0].text, "LIST")) return std::nullopt;
    Folder folder;
    std::size_t at = 1;
    for (; at < tokens->size() && (*tokens)[at].kind != ImapToken::Kind::Close; ++at)
        folder.for_sent = folder.for_sent || says((*tokens)[at].text, "\\SENT");
    if (at + 2 >= tokens->size()) return std::nullopt;
    folder.name = (*tokens)[at + 2].text;
    return folder;
}

}  // namespace

ImapClient::ImapClient(std::unique_ptr<MailWire> wire, const ProviderServer& server)
    : wire_(std::move(wire)), server_(server), reader_(*wire_) {}

bool ImapClient::offers(const std::string& capability) const {
    return capabilities_.find(' ' + capability + ' ') != std::string::npos;
}

Result<void> ImapClient::say(const std::string& text) {
    reader_.begin();
    return wire_->write(text);
}

void ImapClient::note_code(std::string_view text) {
    const auto code = response_code(text);
    if (code.empty()) return;
    const auto value = number<std::uint32_t>(code.size() > 1 ? code[1] : std::string());
    if (says(code[0], "UIDVALIDITY") && value) folder_.validity = *value;
    if (says(code[0], "UIDNEXT") && value) folder_.next = *value;
    if (!says(code[0], "CAPABILITY")) return;
    capabilities_ = " ";
    for (std::size_t i = 1; i < code.size(); ++i) capabilities_ += upper_ascii(code[i]) + ' ';
}

// What a server may tell with any answer (RFC 3501 7).
void ImapClient::note(const ImapResponse& response) {
    const auto [word, rest] = split(response.rest());
    if (says(word, "OK")) note_code(rest);
    if (says(word, "CAPABILITY")) capabilities_ = ' ' + upper_ascii(rest) + ' ';
    if (says(rest, "EXISTS")) exists_ = number<std::uint32_t>(word).value_or(exists_);
}

Result<std::string> ImapClient::answer(const OnResponse& each, bool login) {
    std::string bye;
    for (;;) {
        auto response = reader_.next();
        if (!response.ok()) {
            if (bye.empty() || response.error().code != Code::Network) return response.error();
            return Error{Code::Network, refusal(bye, false).text, true};
        }
        const std::string_view tag = response->tag();
        const auto [word, rest] = split(response->rest());
        if (tag == tag_) {
            note_code(rest);
            if (says(word, "OK")) return std::string(rest);
            if (!says(word, "NO") && !says(word, "BAD")) return unclear();
            return refusal(rest, login);
        }
        if (tag == "+" && login) {
            // XOAUTH2 says why not, and wants an empty line before it says no.
            if (auto said = wire_->write("\r\n"); !said.ok()) return said.error();
            continue;
        }
        if (tag != "*") return unclear();
        if (says(word, "BYE")) bye = std::string(rest);
        note(*response);
        if (each) each(*response);
    }
}

Result<std::string> ImapClient::command(const std::string& text, const OnResponse& each,
                                        bool login) {
    tag_ = 'A' + std::to_string(++next_tag_);
    if (auto said = say(tag_ + ' ' + text + "\r\n"); !said.ok()) return said.error();
    return answer(each, login);
}

Result<void> ImapClient::go_ahead(bool login) {
    for (;;) {
        auto response = reader_.next();
        if (!response.ok()) return response.error();
        const std::string_view tag = response->tag();
        if (tag == "+") return {};
        if (tag == tag_) return refusal(split(response->rest()).second, login);
        if (tag != "*") return unclear();
        note(*response);
    }
}

Result<std::string> ImapClient::command_with(const std::string& verb,
                                             const std::vector<std::string>& words, bool login) {
    tag_ = 'A' + std::to_string(++next_tag_);
    std::string text = tag_ + ' ' + verb;
    for (const std::string& word : words) {
        if (const auto plain = quoted(word)) {
            text += ' ' + *plain;
            continue;
        }
        if (auto said = say(text + " {" + std::to_string(word.size()) + "}\r\n"); !said.ok())
            return said.error();
        if (auto go = go_ahead(login); !go.ok()) return go.error();
        text = word;
    }
    if (auto said = say(text + "\r\n"); !said.ok()) return said.error();
    return answer({}, login);
}

Result<void> ImapClient::greeting() {
    reader_.begin();
    auto response = reader_.next();
    if (!response.ok()) return response.error();
    const auto [word, rest] = split(response->rest());
    if (response->tag() != "*") return Error{Code::BadInput, "the provider speaks no IMAP", true};
    if (says(word, "BYE")) return Error{Code::Busy, refusal(rest, false).text, true};
    if (!says(word, "OK")) return Error{Code::BadInput, "the provider speaks no IMAP", true};
    note(*response);
    return {};
}

Result<void> ImapClient::start_tls() {
    const auto said = command("STARTTLS");
    if (!said.ok()) {
        if (said.error().code != Code::Conflict) return said.error();
        return Error{Code::Conflict,
                     "the provider offers no TLS; set security = \"plain\" if that is meant", true};
    }
    // What was said in clear behind the yes is not the server's.
    if (reader_.unread()) return Error{Code::BadInput, "the provider spoke before TLS began", true};
    capabilities_.clear();
    return wire_->start_tls();
}

Result<void> ImapClient::log_in(const MailboxLogin& login) {
    if (server_.security == ProviderServer::Security::Plain && !on_this_machine(server_))
        return Error{Code::Refused, "no password is sent without TLS: set server", true};
    auto secret = read_secret_file(login.secret_file);
    if (!secret.ok()) return Error{Code::Refused, secret.error().text, true};
    const std::string word(secret->reveal());
    const std::string one(1, '\1');
    const auto said =
        login.oauth
            ? command("AUTHENTICATE XOAUTH2 " +
                          to_base64("user=" + login.user + one + "auth=Bearer " + word + one + one),
                      {}, true)
            : command_with("LOGIN", {login.user, word}, true);
    return said.ok() ? Result<void>() : said.error();
}

Result<void> ImapClient::open(const MailboxLogin& login) {
    if (auto said = greeting(); !said.ok()) return said;
    if (server_.security == ProviderServer::Security::StartTls) {
        if (auto said = start_tls(); !said.ok()) return said;
    }
    if (auto said = log_in(login); !said.ok()) return said;
    const auto said = command("CAPABILITY");  // those before the login may be fewer
    return said.ok() ? Result<void>() : said.error();
}

Result<FolderNow> ImapClient::select(const std::string& folder) {
    folder_ = {};
    const auto said = command_with("SELECT", {folder});
    if (!said.ok()) return said.error();
    if (folder_.validity == 0)
        return Error{Code::BadInput, "the provider gives no UIDVALIDITY", true};
    return folder_;
}

Result<std::vector<std::uint32_t>> ImapClient::search(const std::string& what) {
    std::vector<std::uint32_t> uids;
    const auto said = command("UID SEARCH " + what, [&uids](const ImapResponse& response) {
        auto [word, rest] = split(response.rest());
        if (!says(word, "SEARCH")) return;
        while (!rest.empty()) {
            const auto [first, others] = split(rest);
            const auto uid = number<std::uint32_t>(first);
            if (uid && *uid > 0) uids.push_back(*uid);
            rest = others;
        }
    });
    if (!said.ok()) return said.error();
    std::sort(uids.begin(), uids.end());
    return uids;
}

Result<std::vector<std::uint32_t>> ImapClient::search_after(std::uint32_t after) {
    if (after == std::numeric_limits<std::uint32_t>::max()) return std::vector<std::uint32_t>{};
    auto uids = search("UID " + std::to_string(after + 1) + ":*");
    // "n:*" names the last mail even where its UID is below n (RFC 3501 6.4.8).
    if (uids.ok()) std::erase_if(*uids, [after](std::uint32_t uid) { return uid <= after; });
    return uids;
}

Result<std::vector<std::uint32_t>> ImapClient::search_since(std::int64_t since) {
    const std::tm day = utc_parts(since);
    return search("SINCE " + std::to_string(day.tm_mday) + '-' +
                  kMonths[static_cast<std::size_t>(day.tm_mon)] + '-' +
                  std::to_string(day.tm_year + 1900));
}

Result<std::uint64_t> ImapClient::size(std::uint32_t uid) {
    std::optional<std::string> value;
    const auto said = command("UID FETCH " + std::to_string(uid) + " (UID RFC822.SIZE)",
                              [&](const ImapResponse& response) {
                                  if (auto got = fetched(response, uid, "RFC822.SIZE")) value = got;
                              });
    if (!said.ok()) return said.error();
    if (!value) return gone();
    const auto bytes = number<std::uint64_t>(*value);
    return bytes ? Result<std::uint64_t>(*bytes) : unclear();
}

Result<std::string> ImapClient::piece(std::uint32_t uid, std::uint32_t offset,
                                      std::uint32_t bytes) {
    std::optional<std::string> value;
    const auto said = command("UID FETCH " + std::to_string(uid) + " (UID BODY.PEEK[]<" +
                                  std::to_string(offset) + '.' + std::to_string(bytes) + ">)",
                              [&](const ImapResponse& response) {
                                  if (auto got = fetched(response, uid, "BODY[]"))
                                      value = std::move(got);
                              });
    if (!said.ok()) return said.error();
    if (!value) return gone();
    if (value->size() > bytes)
        return Error{Code::BadInput, "the provider sends more than was asked for", true};
    return std::move(*value);
}

Result<void> ImapClient::mark(std::uint32_t uid, const std::string& flag) {
    const auto said = command("UID STORE " + std::to_string(uid) + " +FLAGS.SILENT (" + flag + ')');
    return said.ok() ? Result<void>() : said.error();
}

Result<void> ImapClient::erase(std::uint32_t uid) {
    if (auto said = mark(uid, "\\Deleted"); !said.ok()) return said;
    if (!offers("UIDPLUS")) return {};
    const auto said = command("UID EXPUNGE " + std::to_string(uid));
    return said.ok() ? Result<void>() : said.error();
}

Result<std::string> ImapClient::sent_folder() {
    std::string marked;
    std::string named;
    const auto said = command("LIST \"\" \"*\"", [&](const ImapResponse& response) {
        const auto folder = folder_of(response);
        if (!folder) return;
        if (marked.empty() && folder->for_sent) marked = folder->name;
        const std::string name = lower_ascii(folder->name);
        const bool usual =
            std::find(kSentNames.begin(), kSentNames.end(), name) != kSentNames.end();
        if (named.empty() && usual) named = folder->name;
    });
    if (!said.ok()) return said.error();
    return marked.empty() ? named : marked;
}

Result<void> ImapClient::append(const std::string& folder, const std::string& mail) {
    const auto name = quoted(folder);
    if (!name) return Error{Code::Conflict, "sent_folder is written as the server does", false};
    tag_ = 'A' + std::to_string(++next_tag_);
    const std::string size = std::to_string(mail.size());
    if (auto said = say(tag_ + " APPEND " + *name + " (\\Seen) {" + size + "}\r\n"); !said.ok())
        return said;
    if (auto go = go_ahead(false); !go.ok()) return go;
    if (auto said = say(mail); !said.ok()) return said;
    if (auto said = say("\r\n"); !said.ok()) return said;
    const auto said = answer({}, false);
    return said.ok() ? Result<void>() : said.error();
}

Result<Bell::Heard> ImapClient::idle(Bell& bell, std::chrono::milliseconds time) {
    tag_ = 'A' + std::to_string(++next_tag_);
    const std::uint32_t known = exists_;
    if (auto said = say(tag_ + " IDLE\r\n"); !said.ok()) return said.error();
    if (auto go = go_ahead(false); !go.ok()) return go.error();
    Bell::Heard heard = Bell::Heard::Socket;
    if (exists_ == known && !reader_.unread()) heard = wire_->wait(bell, time);
    if (auto said = say("DONE\r\n"); !said.ok()) return said.error();
    const auto done = answer({}, false);
    if (!done.ok()) return done.error();
    return heard;
}

Result<void> ImapClient::noop() {
    const auto said = command("NOOP");
    return said.ok() ? Result<void>() : said.error();
}

void ImapClient::logout() { (void)command("LOGOUT"); }

}  // namespace waypost::email
