// SPDX-License-Identifier: Apache-2.0
#include "bridges/xmpp/services/form.h"

#include "bridges/xmpp/services/caps.h"
#include "gateway/message/text.h"

namespace waypost::xmpp {
namespace {

constexpr std::size_t kMostFields = 20;
constexpr std::size_t kMostBytes = 400;  // of a value

Element valued(std::string_view name, std::string_view value) {
    return Element(name).add(Element("value").set_text(value));
}

Element to_element(const FormField& field) {
    Element element("field");
    element.set("type", field.type);
    if (!field.var.empty()) element.set("var", field.var);
    if (!field.label.empty()) element.set("label", field.label);
    if (field.required) element.add(Element("required"));
    for (const std::string& value : field.values) element.add(Element("value").set_text(value));
    for (const auto& [value, label] : field.options)
        element.add(valued("option", value).set("label", label));
    return element;
}

Element form_element(std::string_view type, const std::string& title) {
    Element form("x", kDataForm);
    form.set("type", type);
    if (!title.empty()) form.add(Element("title").set_text(title));
    return form;
}

}  // namespace

Element to_element(const Form& form) {
    Element element = form_element(form.type, form.title);
    if (!form.instructions.empty())
        element.add(Element("instructions").set_text(form.instructions));
    for (const FormField& field : form.fields) element.add(to_element(field));
    return element;
}

Element to_element(const FormTable& table) {
    Element element = form_element("result", table.title);
    Element reported("reported");
    for (const auto& [var, label] : table.columns)
        reported.add(Element("field").set("var", var).set("label", label));
    element.add(std::move(reported));
    for (const auto& row : table.rows) {
        Element item("item");
        for (std::size_t i = 0; i < row.size(); ++i)
            item.add(valued("field", row[i]).set("var", table.columns[i].first));
        element.add(std::move(item));
    }
    return element;
}

FormValues submitted(const Element& payload) {
    FormValues values;
    const Element* form = payload.find("x", kDataForm);
    if (form == nullptr || form->get("type") != "submit") return values;
    for (const Element& field : form->children()) {
        if (!field.is("field", kDataForm) || values.size() >= kMostFields) continue;
        const std::string_view value = field.child_text("value");
        if (value.size() > kMostBytes) continue;
        values.try_emplace(std::string(field.get("var")), squeeze(clean_title(value)));
    }
    return values;
}

std::string value_of(const FormValues& values, std::string_view var) {
    const auto found = values.find(var);
    return found == values.end() ? std::string() : found->second;
}

}  // namespace waypost::xmpp
