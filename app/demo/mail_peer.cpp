// SPDX-License-Identifier: Apache-2.0
#include "app/demo/mail_peer.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>

#include "app/demo/loopback.h"
#include "bridges/email/mime/mail_parts.h"
#include "bridges/email/mime/write_mail.h"
#include "bridges/email/smtp/smtp_client.h"
#include "bridges/email/smtp/smtp_session.h"
#include "gateway/base/random.h"

namespace waypost::demo {
namespace {

std::string header(const std::string& mail, const std::string& name) {
    const std::size_t at = mail.find("\r\n" + name + ": ");
    if (at == std::string::npos) return {};
    const std::size_t from = at + name.size() + 4;
    return mail.substr(from, mail.find("\r\n", from) - from);
}

// "Ana <ana+x@hill.example>" -> "ana+x@hill.example"
std::string bare(const std::string& text) {
    const std::size_t open = text.rfind('<');
    const std::size_t close = text.rfind('>');
    return open == std::string::npos || close == std::string::npos
               ? text
               : text.substr(open + 1, close - open - 1);
}

// Of what read_mail could read.
std::string whole_text(const std::string& bytes) {
    using email::GRef;
    const GRef<GMimeStream> stream(g_mime_stream_mem_new_with_buffer(bytes.data(), bytes.size()));
    const GRef<GMimeParser> parser(g_mime_parser_new_with_stream(stream.get()));
    const GRef<GMimeMessage> message(g_mime_parser_construct_message(parser.get(), nullptr));
    return email::read_parts(g_mime_message_get_mime_part(message.get()), {}).text;
}

}  // namespace

// Takes what is not refused, for one session.
class MailPeer::Keep final : public email::MailSink {
  public:
    explicit Keep(MailPeer& peer) : peer_(peer) {}
    Verdict check(const email::Envelope&, const Address& recipient, std::size_t) override {
        if (!peer_.refuses(recipient.value)) return {};
        return {Verdict::Kind::Refused, Verdict::Reason::UnknownRecipient, "no such address", 0};
    }
    bool body(std::string_view bytes) override {
        bytes_.append(bytes);
        return true;
    }
    std::optional<std::vector<Verdict>> finish(const email::Envelope& envelope) override {
        const std::string bytes = std::exchange(bytes_, {});
        if (auto mail = email::read_mail(bytes); mail.ok()) {
            BobsMail kept{
                {}, std::move(*mail), bare(header("\r\n" + bytes, "Reply-To")), whole_text(bytes)};
            for (const Address& each : envelope.to) kept.to.push_back(each.value);
            const std::lock_guard lock(peer_.mutex_);
            peer_.mails_.push_back(std::move(kept));
            peer_.arrived_.notify_all();
        }
        return std::vector<Verdict>(envelope.to.size());
    }
    void abandon() override { bytes_.clear(); }

  private:
    MailPeer& peer_;
    std::string bytes_;
};

MailPeer::MailPeer() {
    const Listening listening = listen_on_loopback();
    listener_ = listening.fd;
    port_ = listening.port;
    thread_ = std::thread([this] { serve(); });
}

MailPeer::~MailPeer() {
    stopping_ = true;
    thread_.join();
    ::close(listener_);
}

void MailPeer::serve() {
    while (!stopping_) {
        pollfd watched{listener_, POLLIN, 0};
        if (::poll(&watched, 1, 100) != 1) continue;
        const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        if (fd < 0) continue;
        sessions_.emplace_back([this, fd] {
            session(fd);
            ::close(fd);
        });
    }
    for (std::thread& each : sessions_) each.join();
}

void MailPeer::session(int fd) {
    Keep keep(*this);
    email::SmtpOptions options;
    options.host_name = "mail.example.org";
    email::SmtpSession smtp(options, keep);
    const auto send = [fd](const std::string& text) {
        return ::send(fd, text.data(), text.size(), MSG_NOSIGNAL) >= 0;
    };
    if (!open_) {
        send("421 4.3.2 closed for now\r\n");
        return;
    }
    bool open = send(smtp.greeting());
    while (open && open_ && !smtp.close() && !stopping_) {
        pollfd watched{fd, POLLIN, 0};
        if (::poll(&watched, 1, 100) != 1) continue;
        char bytes[4096];
        const ssize_t n = ::recv(fd, bytes, sizeof bytes, 0);
        if (n <= 0) break;
        if (on_received) on_received({bytes, static_cast<std::size_t>(n)});
        open = send(smtp.feed({bytes, static_cast<std::size_t>(n)}));
    }
}

std::vector<BobsMail> MailPeer::mailbox() const {
    const std::lock_guard lock(mutex_);
    return mails_;
}

bool MailPeer::wait_for_more(std::size_t count, std::chrono::seconds timeout) {
    std::unique_lock lock(mutex_);
    return arrived_.wait_for(lock, timeout, [&] { return mails_.size() > count; });
}

void MailPeer::refuse(const std::string& address) {
    const std::lock_guard lock(mutex_);
    refused_.insert(address);
}

bool MailPeer::refuses(const std::string& address) const {
    const std::lock_guard lock(mutex_);
    return refused_.count(address) > 0;
}

Result<void> MailPeer::answer(const std::string& text, int gateway_port) {
    const auto all = mailbox();
    if (all.empty()) return Error{Code::NotFound, "Bob has no mail to answer yet", false};
    return answer(all.back(), ToVillage{}.from, ToVillage{}.from_name, text, gateway_port);
}

Result<void> MailPeer::answer(const BobsMail& mail, const std::string& from,
                              const std::string& name, const std::string& text, int gateway_port) {
    ToVillage reply;
    reply.from = from;
    reply.from_name = name;
    reply.to = mail.reply_to.empty() ? mail.mail.from.value : mail.reply_to;
    reply.subject = "Re: " + mail.mail.subject;
    reply.text = text + "\n\nOn Tuesday, " + mail.mail.from_name + " <" + mail.mail.from.value +
                 "> wrote:\n> " + mail.mail.text + '\n';
    reply.references = {mail.mail.message_id};
    return send(reply, gateway_port);
}

Result<void> MailPeer::send(const ToVillage& written, int gateway_port) {
    const auto from = parse_address(written.from);
    const auto to = parse_address(written.to);
    if (!from.ok()) return from.error();
    if (!to.ok()) return to.error();
    email::OutgoingMail mail;
    mail.from = *from;
    mail.from_name = written.from_name;
    mail.to = *to;
    mail.subject = written.subject;
    mail.text = written.text;
    mail.message_id = '<' + system_random()->hex(8) + "@example.org>";
    mail.references = written.references;
    mail.date = SystemClock().wall();
    const auto bytes = email::write_mail(mail);
    if (!bytes.ok()) return bytes.error();
    email::RelayTarget target;
    target.host = "127.0.0.1";
    target.port = gateway_port;
    target.security = email::RelayTarget::Security::Plain;
    auto wire = email::connect(target);
    if (!wire.ok()) return wire.error();
    static const email::Login kNobody;
    email::SmtpClient client(std::move(*wire), target, "mail.example.org", kNobody);
    if (auto opened = client.open(); !opened.ok()) return opened;
    const Outcome outcome = client.send({mail.from.value, mail.to.value, *bytes});
    client.quit();
    if (outcome.kind == Outcome::Kind::Sent) return {};
    return Error{Code::Refused, outcome.code + ' ' + outcome.detail, false};
}

}  // namespace waypost::demo
