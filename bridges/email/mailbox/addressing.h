// SPDX-License-Identifier: Apache-2.0
// One mailbox, many people: for whom a mail is, and how what they send looks from outside. Pure.
//
//   village+ana@provider          for ana; village+ana.TOKEN@provider, an answer to her Reply-To,
//                                 is ana+TOKEN@hill.example inside, where the token admits it
//   In-Reply-To, [#k3f9m2xq]      for who sent what it answers, with the token of that mail
#pragma once

#include <string>
#include <vector>

#include "bridges/email/mailbox/mail_header.h"
#include "bridges/email/mailbox/sent_memory.h"
#include "gateway/message/delivery.h"

namespace waypost::email {

struct Account {
    Address address;               // mailto:village@provider
    std::vector<Address> aliases;  // other addresses whose mail comes here
    std::string separator;         // "+"; empty: the provider has no plus-addresses
    std::string person;            // all that comes is for this person; empty: of the village
    std::string domain;            // the box's: ana@domain is who ana is inside
    std::string village;           // short name, told in From
};

// Sets of recipients to try in this order: the first of which the office knows somebody is right.
// Each address is of the box's domain, perhaps with a reply token. The last is who looks after the
// box. `answered`: the mail that it answers or reports on, if it is remembered.
std::vector<std::vector<Address>> recipients(const MailHeader& header, const Account& account,
                                             const SentMemory& memory);
// The same for a report on the mail with this id: who sent that, else as above.
std::vector<std::vector<Address>> recipients_of_report(const MailHeader& header,
                                                       const std::string& about,
                                                       const Account& account,
                                                       const SentMemory& memory);

// Whose plus-address of this account it is; empty: nobody's.
std::string person_behind(const Address& address, const Account& account);

// ana+TOKEN@domain as the provider knows it; empty if it has no plus-addresses or none so long.
Address plus_address(const Address& inside, const Account& account);

// As it leaves by the account: From is the account's address with the person's name, Reply-To the
// plus-address. `subject_token` empty: none is put in.
Delivery as_account(Delivery delivery, const Account& account, const std::string& subject_token);

}  // namespace waypost::email
