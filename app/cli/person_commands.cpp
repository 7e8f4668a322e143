// SPDX-License-Identifier: Apache-2.0
// Of `waypost people`: names that are asked for, codes, lost radios, and who is to be forgotten.
#include <memory>

#include "app/cli/cli.h"

namespace waypost::cli {
namespace {

using Who = std::shared_ptr<std::string>;

std::string path_of(const Who& who, const char* what) {
    return "/people/" + encode(*who) + '/' + what;
}

CLI::App* command(CLI::App& people, const char* name, const char* help, const Who& who,
                  const char* option = "HANDLE") {
    auto* added = people.add_subcommand(name, help);
    added->add_option(option, *who)->required();
    return added;
}

void print_code(Context& context, const Who& who) {
    const auto reply = ask(context, "POST", path_of(who, "code"));
    if (!reply.ok()) return fail(context, reply.error());
    if (context.json) return print_json(**reply);
    const auto code = (*reply)->getValue<std::string>("code");
    print(code);
    print("Good once and for 15 min. On the new radio, as a DM to the box: name " + *who + ' ' +
          code);
}

void count_radios(Context& context, const Who& who, const char* what, const char* done) {
    const auto reply = ask(context, "POST", path_of(who, what));
    if (!reply.ok() || context.json) return finish(context, reply, {});
    print((*reply)->getValue<std::string>("radios") + done);
}

void forget(Context& context, const Who& who) {
    const auto reply = ask(context, "POST", path_of(who, "forget"));
    if (!reply.ok()) return fail(context, reply.error());
    if (context.json) return print_json(**reply);
    const auto of = [&](const char* key) { return (*reply)->getValue<std::string>(key); };
    print("Forgotten here: the person, " + of("texts") + " texts, " + of("contacts") +
          " contacts, " + of("items") + " items, the names of " + of("radios") + " radios; " +
          of("cancelled") + " that waited to leave are cancelled.");
    if (of("neighbours") != "0")
        print("Neighbours that are told to forget too: " + of("neighbours"));
    if ((*reply)->getValue<bool>("mailbox"))
        print("The mailbox is closed. Mails that came before stay on the disk of the mail server.");
    print("What was sent stays with others; backups made before keep it until they are replaced.");
}

// What was `confirm` for a key is still understood for a radio's address.
void approve(Context& context, const Who& who) {
    if (who->find(':') == std::string::npos) {
        return finish(context, ask(context, "POST", path_of(who, "approve")),
                      *who + ": as asked for.");
    }
    Json::Ptr body = new Json;
    body->set("address", *who);
    finish(context, ask(context, "POST", "/keys/confirm", body), "The new key is pinned.");
}

}  // namespace

void list_matters(Context& context) {
    const auto reply = ask(context, "GET", "/matters");
    if (!reply.ok()) return fail(context, reply.error());
    if (context.json) return print_json(**reply);
    const auto all = (*reply)->getArray("matters");
    for (unsigned i = 0; i < all->size(); ++i) {
        const auto m = all->getObject(i);
        const auto handle = m->getValue<std::string>("handle");
        const auto radio = m->getValue<std::string>("radio");
        const auto kind = m->getValue<std::string>("kind");
        if (kind == "key") {
            print(radio + " of " + handle + " has a new key: people approve " + radio +
                  ", people refuse " + radio);
            continue;
        }
        std::string line = radio + " asks for the name " + handle;
        if (kind == "move")
            line += ", has it in " + std::to_string(m->getValue<int>("seconds_left") / 60) + " min";
        print(line + ": people approve " + handle + ", people refuse " + handle);
    }
}

void add_persons(CLI::App& people, Context& context) {
    auto who = std::make_shared<std::string>();
    command(people, "approve", "a name or a move that is asked for: yes", who)
        ->callback([&context, who] { approve(context, who); });
    command(people, "refuse", "a name or a move that is asked for: no", who)
        ->callback([&context, who] {
            finish(context, ask(context, "POST", path_of(who, "refuse")), *who + ": refused.");
        });
    command(people, "code", "8 digits by which another radio becomes this person's", who)
        ->callback([&context, who] { print_code(context, who); });
    command(people, "lost", "suspend the radios of a person, or one", who, "HANDLE-OR-ADDRESS")
        ->callback([&context, who] { count_radios(context, who, "lost", " suspended."); });
    command(people, "found", "suspended radios are in use again", who, "HANDLE-OR-ADDRESS")
        ->callback([&context, who] { count_radios(context, who, "found", " in use again."); });
    command(people, "forget", "remove a person and all that is only his", who)
        ->callback([&context, who] { forget(context, who); });
}

}  // namespace waypost::cli
