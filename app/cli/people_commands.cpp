// SPDX-License-Identifier: Apache-2.0
#include <termios.h>
#include <unistd.h>

#include <iostream>
#include <memory>

#include "app/cli/cli.h"
#include "gateway/people/mail_accounts.h"

namespace waypost::cli {
namespace {

struct Fields {
    std::string handle, name, language, role, address, nick, profile;
    bool minor = false;
    bool adult = false;
    bool blocked = false;
    bool make = false;
    bool remove = false;
};

Json::Ptr object(std::initializer_list<std::pair<const char*, std::string>> values) {
    Json::Ptr o = new Json;
    for (const auto& [key, value] : values) o->set(key, value);
    return o;
}

std::string person_line(const Json& p) {
    std::string line = p.getValue<std::string>("handle");
    if (const auto name = p.getValue<std::string>("name"); !name.empty()) line += " (" + name + ')';
    for (const auto& endpoint : *p.getArray("endpoints")) line += ' ' + endpoint.toString();
    for (const auto& radio : *p.getArray("suspended"))
        line += " (suspended: " + radio.toString() + ')';
    if (p.getValue<bool>("paused")) line += ", paused";
    if (p.getValue<bool>("minor")) line += ", a child";
    if (const auto profile = p.getValue<std::string>("profile"); profile != "unlisted")
        line += profile == "none" ? ", not in the fediverse" : ", listed in the fediverse";
    if (!p.getValue<bool>("approved")) line += ", waits for approval";
    if (const auto quiet = p.getValue<std::string>("quiet"); !quiet.empty())
        line += ", quiet " + quiet;
    return line;
}

void list_people(Context& context) {
    const bool printed = print_list(
        context, "/people", "people",
        "Nobody yet. A radio takes a name by the DM `name ana`, or: waypost people add ana",
        person_line);
    if (printed) list_matters(context);
}

void print_invitation(Context& context, const std::string& handle) {
    const auto reply = ask(context, "POST", "/people/" + encode(handle) + "/invitations");
    if (!reply.ok()) return fail(context, reply.error());
    if (context.json) return print_json(**reply);
    print((*reply)->getValue<std::string>("link"));
}

void list_contacts(Context& context, const std::string& handle) {
    print_list(context, "/people/" + encode(handle) + "/contacts", "contacts", "None yet.",
               [](const Json& c) {
                   return c.getValue<std::string>("address") + ' ' +
                          c.getValue<std::string>("nick") + ' ' + c.getValue<std::string>("state");
               });
}

// Nobody reads along what is typed at a terminal.
class QuietTerminal {
  public:
    QuietTerminal() : is_one_(::tcgetattr(STDIN_FILENO, &before_) == 0) {
        if (!is_one_) return;
        termios quiet = before_;
        quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
    }
    ~QuietTerminal() {
        if (is_one_) ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
    }
    QuietTerminal(const QuietTerminal&) = delete;
    QuietTerminal& operator=(const QuietTerminal&) = delete;
    bool is_one() const { return is_one_; }

  private:
    termios before_{};
    bool is_one_;
};

Secret read_password() {
    const QuietTerminal terminal;
    if (terminal.is_one()) std::cerr << "Password (not shown): " << std::flush;
    std::string line;
    std::getline(std::cin, line);
    if (!line.empty() && line.back() == '\r') line.pop_back();
    if (terminal.is_one()) std::cerr << '\n';
    return Secret(std::move(line));
}

void set_password(Context& context, const Fields& f) {
    const Secret password = f.make ? make_password(*system_random()) : read_password();
    const std::string clear(password.reveal());
    const auto reply = ask(context, "PUT", "/people/" + encode(f.handle) + "/password",
                           object({{"password", clear}}));
    if (!f.make || !reply.ok())
        return finish(context, reply, f.handle + " may sign in with a mail program.");
    if (!context.json) return print(clear);
    print_json(*object({{"password", clear}}));
}

void add_password(CLI::App& people, Context& context, const std::shared_ptr<Fields>& f) {
    auto* password = people.add_subcommand(
        "password", "open a person's mailbox: the password is read from standard input");
    password->add_option("HANDLE", f->handle)->required();
    auto* make = password->add_flag("--make", f->make, "make one, and print it this once");
    password->add_flag("--remove", f->remove, "close the mailbox: no mail program may sign in")
        ->excludes(make);
    password->callback([&context, f] {
        if (!f->remove) return set_password(context, *f);
        finish(context, ask(context, "DELETE", "/people/" + encode(f->handle) + "/password"),
               f->handle + " may not sign in any more. Mails that came before stay on the disk.");
    });
}

}  // namespace

void add_people(CLI::App& app, Context& context) {
    auto f = std::make_shared<Fields>();
    auto* people = app.add_subcommand("people", "who lives here");
    people->require_subcommand(0, 1);
    people->add_subcommand("list", "everybody")->callback([&context] { list_people(context); });
    auto* add = people->add_subcommand("add", "add or change a person");
    add->alias("set");
    add->add_option("HANDLE", f->handle)->required();
    add->add_option("--name", f->name, "as mail shows it");
    add->add_option("--lang", f->language);
    add->add_option("--role", f->role);
    add->add_option("--radio", f->address, "bind this address: meshtastic:!a1b2c3d4");
    auto* minor =
        add->add_flag("--minor", f->minor, "a child: nothing from outside, nothing to outside");
    add->add_option("--profile", f->profile,
                    "in the fediverse: unlisted, as it is for all; listed, for searches too; none")
        ->check(CLI::IsMember({"none", "unlisted", "listed"}));
    add->add_flag("--adult", f->adult, "not a child any more")->excludes(minor);
    add->callback([&context, f] {
        auto body = object({{"name", f->name}, {"language", f->language}, {"role", f->role}});
        if (f->minor || f->adult) body->set("minor", f->minor);
        if (!f->profile.empty()) body->set("profile", f->profile);
        auto reply = ask(context, "PUT", "/people/" + encode(f->handle), body);
        if (reply.ok() && !f->address.empty()) {
            reply = ask(context, "POST", "/people/" + encode(f->handle) + "/endpoints",
                        object({{"address", f->address}}));
        }
        finish(context, reply, f->handle + " is here.");
    });
    auto* remove = people->add_subcommand("remove", "remove a person");
    remove->add_option("HANDLE", f->handle)->required();
    remove->callback([&context, f] {
        finish(context, ask(context, "DELETE", "/people/" + encode(f->handle)),
               f->handle + " is removed.");
    });
    add_password(*people, context, f);
    add_persons(*people, context);
    add_quiet(*people, context);
    auto* invite = people->add_subcommand(
        "invite", "a link for Delta Chat: who scans it can write to this person, encrypted");
    invite->add_option("HANDLE", f->handle)->required();
    invite->callback([&context, f] { print_invitation(context, f->handle); });
    auto* confirm = people->add_subcommand("confirm", "the changed key of a radio is right");
    confirm->add_option("ADDRESS-OR-HANDLE", f->address)->required();
    confirm->callback([&context, f] {
        finish(context, ask(context, "POST", "/keys/confirm", object({{"address", f->address}})),
               "The new key is pinned.");
    });
    auto* reject =
        people->add_subcommand("reject", "the changed key of a radio is not its owner's");
    reject->add_option("ADDRESS-OR-HANDLE", f->address)->required();
    reject->callback([&context, f] {
        finish(context, ask(context, "POST", "/keys/reject", object({{"address", f->address}})),
               "The old key stays pinned, and what waited goes.");
    });
    people->callback([&context, people] {
        if (people->get_subcommands().empty()) list_people(context);
    });

    auto* contacts = app.add_subcommand("contacts", "nicknames, and who may write to whom");
    contacts->require_subcommand(1);
    auto* list = contacts->add_subcommand("list", "of one person");
    list->add_option("HANDLE", f->handle)->required();
    list->callback([&context, f] { list_contacts(context, f->handle); });
    auto* put = contacts->add_subcommand("add", "add, approve or block an address for a person");
    put->alias("approve");
    put->add_option("HANDLE", f->handle)->required();
    put->add_option("ADDRESS", f->address)->required();
    put->add_option("--nick", f->nick);
    put->add_flag("--blocked", f->blocked);
    put->callback([&context, f] {
        finish(context,
               ask(context, "POST", "/people/" + encode(f->handle) + "/contacts",
                   object({{"address", f->address},
                           {"nick", f->nick},
                           {"state", f->blocked ? "blocked" : "known"}})),
               "Done.");
    });
    auto* drop = contacts->add_subcommand("remove", "remove an address");
    drop->add_option("HANDLE", f->handle)->required();
    drop->add_option("ADDRESS", f->address)->required();
    drop->callback([&context, f] {
        finish(context,
               ask(context, "DELETE", "/people/" + encode(f->handle) + "/contacts",
                   object({{"address", f->address}})),
               "Done.");
    });
}

}  // namespace waypost::cli
