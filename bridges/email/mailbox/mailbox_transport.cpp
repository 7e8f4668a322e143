// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/mailbox/mailbox_transport.h"

#include "bridges/email/mailbox/account_mail.h"
#include "bridges/email/mailbox/subject_token.h"
#include "gateway/message/why.h"

namespace waypost::email {
namespace {

constexpr int kSharedReach = 0;  // EmailTransport's is 1
constexpr int kOwnReach = 2;

std::string person_of(const std::string& answer_to) {
    return answer_to.substr(0, answer_to.find('+'));
}

// Providers take an account's mail under its own address only; what left is kept there.
class AccountDress final : public Dress {
  public:
    AccountDress(Address account, MailboxReader& reader)
        : Dress(nullptr, nullptr, {}), account_(std::move(account)), reader_(reader) {}

    void prepare(const Delivery&) const override {}
    Result<void> put_on(MailToSend& mail, const Delivery& delivery, WallTime) const override {
        mail.envelope_from = account_.value;
        if (delivery.body_network == "email") mail.bytes = under_account(mail.bytes, delivery);
        return {};
    }
    void sent(const MailToSend& mail) const override { reader_.keep_copy(mail.bytes); }

  private:
    const Address account_;
    MailboxReader& reader_;
};

}  // namespace

MailboxTransport::MailboxTransport(TransportId id, MailboxOptions options)
    : MailTransport(std::move(id), "mailto"), options_(std::move(options)) {}
MailboxTransport::~MailboxTransport() { stop(); }

Account MailboxTransport::account() const {
    Account account = options_.account;
    account.domain = office_->domain();
    account.village = office_->village();
    return account;
}

void MailboxTransport::start(Office& office) {
    office_ = &office;
    memory_.load(office.state(id()));
    reader_ = std::make_unique<MailboxReader>(
        options_.look,
        TakerOptions{id(), account(), options_.authserv_id, options_.max_message_bytes});
    reader_->start(office, memory_, mutex_);
    if (options_.smtp.host.empty()) return;
    Login login;
    login.user = options_.look.login.user;
    login.secret_file = options_.look.login.secret_file;
    login.oauth = options_.look.login.oauth;
    relay_ = std::make_unique<Relay>(options_.smtp.host + ':' + std::to_string(options_.smtp.port),
                                     options_.connections);
    relay_->start(office,
                  std::make_unique<FixedOpener>(options_.smtp, std::move(login), office.domain()),
                  std::make_shared<AccountDress>(options_.account.address, *reader_));
}

void MailboxTransport::stop() {
    if (relay_) relay_->stop();
    if (reader_) reader_->stop();
}

// A repeat looks as it did; a conversation keeps the mark that its subject has.
std::string MailboxTransport::subject_token(const Delivery& delivery) const {
    if (const SentMail* again = memory_.by_id(delivery.message_id)) return again->token;
    const std::string person(person_of(std::string(delivery.reply_to.local_part())));
    for (const std::string& token : subject_tokens(delivery.subject)) {
        const SentMail* known = memory_.by_token(token);
        if (known != nullptr && person_of(known->answer_to) == person) return token;
    }
    return make_subject_token(office_->random());
}

void MailboxTransport::deliver(Delivery delivery) {
    if (!relay_) {
        return office_->report(delivery.attempt, {Outcome::Kind::NotTried,
                                                  ProofClass::Observed,
                                                  "no-relay",
                                                  "this account only receives",
                                                  {},
                                                  {}});
    }
    const Account own = account();
    // It would leave, come back and be held for a loop.
    if (const std::string name = person_behind(delivery.to, own); !name.empty()) {
        return office_->report(delivery.attempt,
                               {Outcome::Kind::Failed,
                                ProofClass::Observed,
                                "local",
                                std::string(to_string(Why::ComesBack)) + ": write to " + name,
                                {},
                                {}});
    }
    std::string token;
    if (delivery.reply_to.domain() == own.domain) {
        const std::lock_guard lock(mutex_);
        if (plus_address(delivery.reply_to, own).empty()) token = subject_token(delivery);
        memory_.remember({delivery.message_id, std::string(delivery.reply_to.local_part()), token,
                          std::chrono::floor<std::chrono::days>(office_->clock().wall())
                              .time_since_epoch()
                              .count()});
    }
    relay_->deliver(as_account(std::move(delivery), own, token));
}

Limits MailboxTransport::limits() const {
    return {0, Relay::window(options_.connections), false, true};
}

std::optional<int> MailboxTransport::reach(const Address& to) const { return reach_from({}, to); }

std::optional<int> MailboxTransport::reach_from(const std::string& sender, const Address&) const {
    if (options_.smtp.host.empty()) return std::nullopt;
    if (options_.account.person.empty()) return kSharedReach;
    return sender == options_.account.person ? std::optional<int>(kOwnReach) : std::nullopt;
}

// Up also while the mailbox cannot be read: mail leaves by another server.
Status MailboxTransport::status() const {
    Status status;
    status.up = office_ != nullptr;
    if (!reader_) return status;
    const ReaderStatus reader = reader_->status();
    if (!reader.problem.empty()) status.why = "mailbox: " + reader.problem;
    status.details["account"] = options_.account.address.value;
    status.details["mailbox"] = reader.doing;
    status.details["taken"] = std::to_string(reader.taken);
    status.details["left in the mailbox"] = std::to_string(reader.left);
    if (!relay_) return status;
    if (!relay_->problem().empty())
        status.why += (status.why.empty() ? "" : "; ") + relay_->name() + ": " + relay_->problem();
    status.details["sent"] = std::to_string(relay_->sent());
    status.details["queued"] = std::to_string(relay_->queued());
    status.metrics["waiting"] = static_cast<double>(relay_->queued());
    status.details["copies waiting"] = std::to_string(reader.copies);
    if (reader.copies_dropped > 0)
        status.details["sent without a copy"] = std::to_string(reader.copies_dropped);
    return status;
}

}  // namespace waypost::email
