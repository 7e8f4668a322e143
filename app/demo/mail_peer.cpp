// SPDX-License-Identifier: Apache-2.0
#include "app/demo/mail_peer.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>

#include "bridges/email/mime/write_mail.h"
#include "bridges/email/smtp_client.h"
#include "bridges/email/smtp_session.h"
#include "gateway/base/random.h"

namespace waypost::demo {
namespace {

// Takes everything, for one session.
class Keep final : public email::MailSink {
  public:
    explicit Keep(std::function<void(const std::string&)> keep) : keep_(std::move(keep)) {}
    Verdict check(const email::Envelope&, const Address&, std::size_t) override { return {}; }
    bool body(std::string_view bytes) override {
        bytes_.append(bytes);
        return true;
    }
    std::vector<Verdict> finish(const email::Envelope& envelope) override {
        keep_(std::exchange(bytes_, {}));
        return std::vector<Verdict>(envelope.to.size());
    }
    void abandon() override { bytes_.clear(); }

  private:
    std::function<void(const std::string&)> keep_;
    std::string bytes_;
};

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

}  // namespace

MailPeer::MailPeer() : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
        ::listen(listener_, 8) != 0 ||
        ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
        throw std::runtime_error("no free port on loopback");
    }
    port_ = ntohs(address.sin_port);
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
    Keep keep([this](const std::string& bytes) {
        auto mail = email::read_mail(bytes);
        if (!mail.ok()) return;
        const std::string reply_to = bare(header("\r\n" + bytes, "Reply-To"));
        const std::lock_guard lock(mutex_);
        mails_.push_back({std::move(*mail), reply_to});
        arrived_.notify_all();
    });
    email::SmtpOptions options;
    options.host_name = "mail.example.org";
    email::SmtpSession smtp(options, keep);
    const auto send = [fd](const std::string& text) {
        return ::send(fd, text.data(), text.size(), MSG_NOSIGNAL) >= 0;
    };
    bool open = send(smtp.greeting());
    while (open && !smtp.close() && !stopping_) {
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

Result<void> MailPeer::answer(const std::string& text, int gateway_port) {
    const auto all = mailbox();
    if (all.empty()) return Error{Code::NotFound, "Bob has no mail to answer yet", false};
    const BobsMail& last = all.back();
    auto to = parse_address(last.reply_to.empty() ? last.mail.from.value : last.reply_to);
    if (!to.ok()) return to.error();
    email::OutgoingMail mail;
    mail.from = mailto("bob", "example.org");
    mail.from_name = "Bob";
    mail.to = *to;
    mail.subject = "Re: " + last.mail.subject;
    mail.text = text + "\n\nOn Tuesday, " + last.mail.from_name + " <" + last.mail.from.value +
                "> wrote:\n> " + last.mail.text + '\n';
    mail.message_id = '<' + system_random()->hex(8) + "@example.org>";
    mail.references = {last.mail.message_id};
    mail.date = SystemClock().wall();
    auto bytes = email::write_mail(mail);
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
