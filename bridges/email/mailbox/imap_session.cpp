// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/mailbox/imap_session.h"

#include <algorithm>
#include <cstdlib>
#include <new>

#include "bridges/email/mailbox/pauses.h"

namespace waypost::email {
namespace {

// The longest answers are a piece of a mail and the UIDs of a mailbox with a million mails.
constexpr std::size_t kAnswerBytes = 16u << 20;
constexpr std::size_t kStreamBuffer = 16 * 1024;
constexpr std::size_t kNewestBytes = 512;

}  // namespace

ImapSession::ImapSession(std::unique_ptr<MailWire> wire)
    : wire_(std::move(wire)), imap_(mailimap_new(0, nullptr)) {
    if (imap_ == nullptr) throw std::bad_alloc();
}

// mailimap_free closes the stream, and would say goodbye on it: the line is cut first.
ImapSession::~ImapSession() {
    budget_ = 0;
    if (!broken_) broken_ = Error{Code::Network, "the session has ended", true};
    mailimap_free(imap_);
}

ImapSession& ImapSession::of(mailstream_low* low) { return *static_cast<ImapSession*>(low->data); }

mailstream_low_driver& ImapSession::driver() {
    static mailstream_low_driver kDriver = {
        [](mailstream_low* low, void* into, size_t most) { return of(low).read(into, most); },
        [](mailstream_low* low, const void* bytes, size_t count) {
            return of(low).write(bytes, count);
        },
        [](mailstream_low*) { return 0; }, [](mailstream_low*) { return -1; },
        [](mailstream_low* low) { std::free(low); }, [](mailstream_low*) {},
        [](mailstream_low*) -> struct mailstream_cancel* {return nullptr;
}
, [](mailstream_low*) -> carray* { return nullptr; }, [](mailstream_low*) { return -1; },
    [](mailstream_low*) { return -1; }, [](mailstream_low*) { return -1; },
};  // namespace waypost::email
return kDriver;
}

mailimap* ImapSession::command() {
    budget_ = kAnswerBytes;
    newest_.clear();
    return imap_;
}

Result<void> ImapSession::greeting() {
    command();
    mailstream_low* low = mailstream_low_new(this, &driver());
    mailstream* stream = low == nullptr ? nullptr : mailstream_new(low, kStreamBuffer);
    if (stream == nullptr) throw std::bad_alloc();
    const int code = mailimap_connect(imap_, stream);
    if (imap_->imap_stream == nullptr) mailstream_close(stream);
    return outcome(code);
}

bool ImapSession::unread() const {
    return imap_->imap_stream != nullptr && imap_->imap_stream->read_buffer_len > 0;
}

ssize_t ImapSession::read(void* into, size_t most) {
    if (broken_) return -1;
    if (budget_ == 0) {
        broken_ = Error{Code::BadInput, "the provider's answer does not end", true};
        return -1;
    }
    const auto got = wire_->read(static_cast<char*>(into), std::min(most, budget_));
    if (!got.ok()) {
        broken_ = got.error();
        return -1;
    }
    budget_ -= *got;
    newest_.append(static_cast<const char*>(into), *got);
    if (newest_.size() > kNewestBytes) newest_.erase(0, newest_.size() - kNewestBytes);
    return static_cast<ssize_t>(*got);
}

ssize_t ImapSession::write(const void* bytes, size_t count) {
    if (broken_) return -1;
    const auto written = wire_->write({static_cast<const char*>(bytes), count});
    if (!written.ok()) {
        broken_ = written.error();
        return -1;
    }
    return static_cast<ssize_t>(count);
}

std::string ImapSession::said() const {
    std::string text;
    const auto* info = imap_->imap_response_info;
    if (info != nullptr && info->rsp_atom != nullptr)
        text = '[' + std::string(info->rsp_atom) + "] ";
    if (imap_->imap_response != nullptr) text += imap_->imap_response;
    return text;
}

Result<void> ImapSession::outcome(int code, bool login) const {
    switch (code) {
        case MAILIMAP_NO_ERROR:
        case MAILIMAP_NO_ERROR_AUTHENTICATED:
        case MAILIMAP_NO_ERROR_NON_AUTHENTICATED:
            return {};
        case MAILIMAP_ERROR_DONT_ACCEPT_CONNECTION:
        case MAILIMAP_ERROR_CONNECTION_REFUSED:
            return Error{Code::Busy, refusal(newest_, false).text, true};
        case MAILIMAP_ERROR_STREAM:
            if (broken_) return *broken_;
            return Error{Code::Network, "the connection to the provider broke", true};
        case MAILIMAP_ERROR_PARSE:
        case MAILIMAP_ERROR_BAD_STATE:
        case MAILIMAP_ERROR_FATAL:
        case MAILIMAP_ERROR_NEEDS_MORE_DATA:
            if (broken_) return *broken_;
            return Error{Code::BadInput, "the provider's answer cannot be understood", true};
        default:  // NO; for BAD it is MAILIMAP_ERROR_PROTOCOL
            if (broken_) return *broken_;
            return refusal(said(), login);
    }
}

}  // namespace waypost::email
