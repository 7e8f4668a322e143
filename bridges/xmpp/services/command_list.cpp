// SPDX-License-Identifier: Apache-2.0
#include "bridges/xmpp/services/command_list.h"

#include <unicode/locid.h>

#include <algorithm>
#include <utility>

#include "bridges/xmpp/date_time.h"
#include "bridges/xmpp/services/lines.h"
#include "bridges/xmpp/services/registration.h"
#include "gateway/commands/handle.h"

namespace waypost::xmpp {
namespace {

constexpr std::size_t kMostPeople = 2'000;

// As its own speakers call it.
std::string name_of_language(const std::string& code) {
    const icu::Locale locale(code.c_str());
    icu::UnicodeString name;
    locale.getDisplayName(locale, name);
    std::string text;
    return name.toUTF8String(text);
}

std::vector<FormField> ask_language(const Gate&, const Catalogue& words) {
    FormField field{"language", "list-single", words.letter("chat_language"), true, {}, {}};
    for (const Catalogue* each : catalogues())
        field.options.emplace_back(each->language(), name_of_language(each->language()));
    return {field};
}

Result<std::string> language_line(const FormValues& values) {
    const std::string language = value_of(values, "language");
    if (!is_language(language)) return bad_input("only: " + language_codes());
    return "lang " + language;
}

std::vector<FormField> ask_number(const Gate&, const Catalogue& words) {
    return {{"number", "text-single", words.letter("chat_number"), true, {}, {}}};
}

Result<std::string> where_line(const FormValues& values) {
    const std::string number = value_of(values, "number");
    const bool digits =
        !number.empty() && number.size() <= 6 &&
        std::all_of(number.begin(), number.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (!digits) return bad_input("the number of a message, as the list of them shows it");
    return '?' + number;
}

std::vector<FormField> ask_group(const Gate& gate, const Catalogue& words) {
    FormField field{"group", "list-single", words.letter("chat_group"), true, {}, {}};
    for (const GroupView& each : gate.people.groups())
        field.options.emplace_back(each.name, each.title.empty() ? each.name : each.title);
    return {field};
}

Result<std::string> group_line(const FormValues& values, const char* before) {
    const auto name = parse_group_name(value_of(values, "group"));
    if (!name.ok()) return name.error();
    return before + *name;
}

Element show_groups(const Gate& gate, const Contacts&, const Catalogue& words) {
    FormTable table{
        words.letter("chat_groups"), {{"group", words.letter("chat_group")}, {"jid", "XMPP"}}, {}};
    for (const GroupView& each : gate.people.groups()) {
        table.rows.push_back({each.title.empty() ? each.name : each.title,
                              gate.names.jid_of(group(each.name)).text()});
    }
    return to_element(table);
}

// XEP-0133 4.17: all of them, as far as there is room in a stanza.
Element show_people(const Gate& gate, const Contacts&, const Catalogue& words) {
    FormField jids{"registereduserjids", "jid-multi", words.letter("chat_people"), false, {}, {}};
    for (const Resident& each : gate.people.persons()) {
        if (jids.values.size() < kMostPeople)
            jids.values.push_back(gate.names.jid_of(person(each.handle)).text());
    }
    Form form{"result", words.letter("chat_people"), "", {}};
    form.fields.push_back(
        {"FORM_TYPE", "hidden", "", false, {"http://jabber.org/protocol/admin"}, {}});
    form.fields.push_back(std::move(jids));
    return to_element(form);
}

// As far as a network is told by the gateway: its radios and links are on the page.
Element show_box(const Gate& gate, const Contacts& contacts, const Catalogue& words) {
    const auto persons = gate.people.persons();
    const auto number = [](std::size_t count) { return std::to_string(count); };
    const auto has_radio = [](const Resident& each) { return each.has_radio; };
    const Contacts::Counts counts = contacts.counts();
    Form form{"result", words.letter("chat_box"), "", {}};
    const auto add = [&](const char* var, std::string_view label, std::string value) {
        form.fields.push_back(
            {var, "text-single", words.letter(label), false, {std::move(value)}, {}});
    };
    add("clock", "chat_clock", utc_date_time(to_ms(gate.office.clock().wall()) / 1000));
    add("clock-vouched", "chat_clock_vouched", gate.office.clock().synchronised() ? "1" : "0");
    form.fields.back().type = "boolean";
    add("people", "chat_people", number(persons.size()));
    add("radios", "chat_with_radio",
        std::to_string(std::count_if(persons.begin(), persons.end(), has_radio)));
    add("groups", "chat_groups", number(gate.people.groups().size()));
    add("contacts", "chat_contacts", number(counts.contacts));
    add("waiting", "chat_waiting", number(counts.waiting));
    return to_element(form);
}

Result<std::string> typed(const char* line) { return std::string(line); }

}  // namespace

const std::vector<CommandKind>& command_kinds() {
    using For = CommandKind::For;
    using Values = const FormValues&;
    static const std::vector<CommandKind> kKinds = {
        {"link", "chat_link", For::Everybody,
         [](const Gate&, const Catalogue& words) { return link_fields(words); }, "chat_link_how",
         link_line},
        {"help", "chat_help", For::Residents, nullptr, "", [](Values) { return typed("?"); }},
        {"list", "chat_list", For::Residents, nullptr, "", [](Values) { return typed("*"); }},
        {"where", "chat_where", For::Residents, ask_number, "", where_line},
        {"language", "chat_language", For::Residents, ask_language, "", language_line},
        {"pause", "chat_pause", For::Residents, nullptr, "", [](Values) { return typed("stop"); }},
        {"resume", "chat_resume", For::Residents, nullptr, "",
         [](Values) { return typed("start"); }},
        {"groups", "chat_groups", For::Residents, nullptr, "", nullptr, show_groups},
        {"join", "chat_join", For::Residents, ask_group, "",
         [](Values values) { return group_line(values, "#+"); }},
        {"leave", "chat_leave", For::Residents, ask_group, "",
         [](Values values) { return group_line(values, "#-"); }},
        {"box", "chat_box", For::Operators, nullptr, "", nullptr, show_box},
        {"http://jabber.org/protocol/admin#get-registered-users-list", "chat_people",
         For::Operators, nullptr, "", nullptr, show_people},
    };
    return kKinds;
}

}  // namespace waypost::xmpp
