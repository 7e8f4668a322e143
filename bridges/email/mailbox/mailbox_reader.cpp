// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/mailbox/mailbox_reader.h"

#include "gateway/base/log.h"
#include "gateway/message/text.h"

namespace waypost::email {

MailboxReader::MailboxReader(LookOptions options, TakerOptions taker)
    : options_(std::move(options)), taker_options_(std::move(taker)) {}
MailboxReader::~MailboxReader() { stop(); }

void MailboxReader::start(Office& office, const SentMemory& memory, std::mutex& mutex) {
    office_ = &office;
    taker_ = std::make_unique<MailTaker>(office, taker_options_, memory, mutex);
    copies_.load(state());
    look_ = options_.server.kind == ProviderServer::Kind::Imap ? imap_look(options_, *this)
                                                               : pop3_look(options_, *this);
    stopping_ = false;
    thread_ = std::thread([this] { work(); });
}

void MailboxReader::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
        if (cut_) cut_();
    }
    bell_.ring();
    if (thread_.joinable()) thread_.join();
}

TransportState& MailboxReader::state() { return office_->state(taker_options_.transport); }

void MailboxReader::work() {
    while (!stopping_) {
        const auto ended = look_->session();
        if (stopping_) return;
        if (ended.ok()) {
            wait(options_.poll);
        } else {
            pause(ended.error());
        }
    }
}

void MailboxReader::pause(const Error& why) {
    const auto time = pauses_.after(why.code);
    {
        const std::lock_guard lock(mutex_);
        if (status_.problem != why.text) {
            log(Level::Warning, "mailbox", "pause",
                {{"transport", taker_options_.transport}, {"why", why.text}});
        }
        status_.problem = why.text;
        status_.doing = "waiting; tries again " + short_time(time) + " after the last time";
    }
    wait(time);
}

// A bell for a copy does not end a pause that the provider is owed.
void MailboxReader::wait(std::chrono::milliseconds time) {
    const auto end = std::chrono::steady_clock::now() + time;
    while (!stopping_) {
        const auto left =
            std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
        if (left.count() <= 0) return;
        bell_.wait(-1, left);
    }
}

void MailboxReader::keep_copy(const std::string& mail) {
    if (!options_.keep_copies || options_.server.kind != ProviderServer::Kind::Imap) return;
    if (!copies_.add(mail)) without_copy();
    bell_.ring();
}

ReaderStatus MailboxReader::status() const {
    const std::lock_guard lock(mutex_);
    ReaderStatus status = status_;
    status.copies = copies_.size();
    return status;
}

void MailboxReader::doing(const std::string& what) {
    const std::lock_guard lock(mutex_);
    status_.doing = what;
}

void MailboxReader::let_in() { pauses_.let_in(); }

void MailboxReader::went_well() {
    pauses_.went_well();
    const std::lock_guard lock(mutex_);
    if (!status_.problem.empty()) {
        log(Level::Info, "mailbox", "works-again", {{"transport", taker_options_.transport}});
    }
    status_.problem.clear();
}

void MailboxReader::settled(const TakenMail& mail, const std::string& which) {
    if (mail.kind == TakenMail::Kind::Kept) {
        const std::lock_guard lock(mutex_);
        ++status_.taken;
        return;
    }
    log(Level::Warning, "mailbox", "left",
        {{"transport", taker_options_.transport}, {"mail", which}, {"why", mail.why}});
}

void MailboxReader::lying_there(std::size_t left) {
    const std::lock_guard lock(mutex_);
    status_.left = left;
}

void MailboxReader::without_copy() {
    const std::lock_guard lock(mutex_);
    ++status_.copies_dropped;
}

// A stop() that came before the line was there still ends it.
void MailboxReader::cut_by(std::function<void()> cut) {
    const std::lock_guard lock(mutex_);
    cut_ = std::move(cut);
    if (stopping_ && cut_) cut_();
}

}  // namespace waypost::email
