// SPDX-License-Identifier: Apache-2.0
// Data forms (XEP-0004), as far as the gateway asks and tells by them. Pure.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bridges/xmpp/stream/element.h"

namespace waypost::xmpp {

struct FormField {
    std::string var;
    std::string_view type;  // "text-single", "list-single", "hidden", "fixed", "jid-multi"
    std::string label;      // may be empty
    bool required = false;
    std::vector<std::string> values;
    std::vector<std::pair<std::string, std::string>> options;  // value, label
};

struct Form {
    std::string_view type = "form";  // "form", "result"
    std::string title;
    std::string instructions;  // may be empty
    std::vector<FormField> fields;
};
Element to_element(const Form& form);

// A table for <x type='result'/>: columns by name and label, rows by column.
struct FormTable {
    std::string title;
    std::vector<std::pair<std::string, std::string>> columns;
    std::vector<std::vector<std::string>> rows;
};
Element to_element(const FormTable& table);

// The first value of each field that was filled in; bounded, and each in one line. `payload` is the
// element that holds the form; nothing where there is none of type "submit".
using FormValues = std::map<std::string, std::string, std::less<>>;
FormValues submitted(const Element& payload);
std::string value_of(const FormValues& values, std::string_view var);  // empty: not filled in

}  // namespace waypost::xmpp
