// SPDX-License-Identifier: Apache-2.0
// What a line said to the gateway by a radio does, inside the writer's transaction: the command,
// its effects and its answer are one step. One object per line.
#pragma once

#include <string>

#include "gateway/commands/catalogue.h"
#include "gateway/commands/grammar.h"
#include "gateway/delivery/intake.h"
#include "gateway/delivery/ledger.h"
#include "gateway/delivery/talk.h"

namespace waypost {

// Answers fit one packet of the narrowest mesh in use.
inline constexpr std::size_t kAnswerBytes = 130;

class Executor {
  public:
    // `message.to` is empty: it was said to us. All references outlive the object. Without `room`
    // on the disk nothing but an alarm is passed on; the rest still answers.
    Executor(Ledger& ledger, const Message& message, bool room);

    // Does it and says the answer. The verdict is for the transport: kept, or why not.
    Verdict run();

    // One overload per command; the text is the answer, empty for none.
    std::string operator()(const command::Nothing&);
    std::string operator()(const command::Help&);
    std::string operator()(const command::WhereIs&);
    std::string operator()(const command::Ask&);
    std::string operator()(const command::List&);
    std::string operator()(const command::Read&);
    std::string operator()(const command::Answer&);
    std::string operator()(const command::More&);
    std::string operator()(const command::Cancel&);
    std::string operator()(const command::ShowBook&);
    std::string operator()(const command::SaveContact&);
    std::string operator()(const command::Write&);
    std::string operator()(const command::OpenTalk&);
    std::string operator()(const command::AcceptSender&);
    std::string operator()(const command::RefuseSender&);
    std::string operator()(const command::Group&);
    std::string operator()(const command::PublicPost&);
    std::string operator()(const command::Alarm&);
    std::string operator()(const command::Choice&);
    std::string operator()(const command::Verb&);
    std::string operator()(const command::Say&);

  private:
    store::Tables& tables() { return ledger_.tables(); }
    const Box& box() const { return ledger_.box(); }
    std::string say(std::string_view key,
                    std::initializer_list<std::pair<std::string_view, std::string>> v = {}) const {
        return words_->say(key, v);
    }
    Hints hints();
    void forget_offers(const Command& command);
    void close_old_matters();
    bool repeated();
    void with_welcome(std::string& answer);
    Address talk_key() const;
    int item_of(const store::DeliveryRow& row);

    // executor_write.cpp
    std::string send(const std::vector<Address>& to, const std::string& subject,
                     const std::string& text, MessageId answers, const std::string& told);
    Address recipient(const std::string& typed, std::string& problem);
    std::string draft(const std::string& text, bool distress);
    std::string offer_recipients(std::size_t first_number);
    std::string send_draft_to(const Address& who);
    // executor_read.cpp
    std::string show(const store::ItemRow& item, std::int64_t from);
    std::string where(const store::ItemRow& item);
    std::string where(const store::ItemRow& item, const store::DeliveryRow& row);
    bool never_came(const store::ItemRow& item);
    std::string no_item(int item) const;
    std::size_t page_bytes() const;
    // executor_people.cpp
    std::string confirmed(const std::string& what);
    std::string take_name(const std::string& handle);
    std::string speak(const Catalogue& language);
    std::string judge(int item, store::ContactState state);
    std::string set_paused(bool paused);
    // executor_alarm.cpp
    std::string alarm_now(const std::string& text);
    std::string raise_alarm(const std::string& text, bool at_once);
    std::string alarm_told(std::size_t count) const;
    std::string all_clear();
    std::string more_about_alarm(const std::string& text);
    std::string answer_alarm_question(bool now);
    bool end_question(State state, const std::string& why);
    bool alarm_open() const;
    Letter to_responders(const std::string& text) const;
    std::string caller() const;
    std::vector<std::string> responders() const;

    // The lines that fit one packet; a last one says how many did not.
    std::string fitting(const std::vector<std::string>& lines) const;

    Ledger& ledger_;
    const Message& message_;
    const bool room_;
    const bool doubted_;  // in a person's name, by a radio that may be somebody else's
    std::string owner_;
    MessageId about_ = 0;  // the letter that the answer speaks of
    const Catalogue* words_;
    Talk talk_;
};

}  // namespace waypost
