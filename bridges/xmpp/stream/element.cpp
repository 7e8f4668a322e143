// SPDX-License-Identifier: Apache-2.0
#include "bridges/xmpp/stream/element.h"

#include <algorithm>
#include <stdexcept>

#include "bridges/xmpp/stream/xml_text.h"

namespace waypost::xmpp {
namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

void must_be_name(std::string_view name) {
    const bool rest = std::all_of(name.begin(), name.end(), [](char c) {
        return is_letter(c) || (c >= '0' && c <= '9') || c == '-' || c == '.';
    });
    if (name.empty() || !is_letter(name.front()) || !rest)
        throw std::invalid_argument("no name of an element or attribute: " + std::string(name));
}

// One that no attribute of the same element has: prefixes are declared where they are used.
void write_prefixed(std::string& out, const Attribute& attribute, std::size_t number) {
    const std::string prefix = "n" + std::to_string(number);
    out.append(" xmlns:").append(prefix).append("='");
    append_xml_value(out, attribute.space);
    out.append("' ").append(prefix).append(":");
}

void write_attribute(std::string& out, const Attribute& attribute, std::size_t number) {
    if (attribute.space.empty()) {
        out += ' ';
    } else if (attribute.space == kXmlSpace) {
        out += " xml:";
    } else {
        write_prefixed(out, attribute, number);
    }
    out.append(attribute.name).append("='");
    append_xml_value(out, attribute.value);
    out += '\'';
}

}  // namespace

Element::Element(std::string_view name, std::string_view space) : name_(name), space_(space) {
    must_be_name(name);
}

Element& Element::set(std::string_view name, std::string_view value, std::string_view space) & {
    for (Attribute& each : attributes_) {
        if (each.name == name && each.space == space) {
            each.value = value;
            return *this;
        }
    }
    must_be_name(name);
    if (name == "xmlns") throw std::invalid_argument("xmlns is no attribute: give a namespace");
    attributes_.push_back({std::string(name), std::string(space), std::string(value)});
    return *this;
}

Element&& Element::set(std::string_view name, std::string_view value, std::string_view space) && {
    set(name, value, space);
    return std::move(*this);
}

void Element::remove(std::string_view name, std::string_view space) {
    std::erase_if(attributes_,
                  [&](const Attribute& each) { return each.name == name && each.space == space; });
}

const std::string* Element::find_attribute(std::string_view name, std::string_view space) const {
    for (const Attribute& each : attributes_) {
        if (each.name == name && each.space == space) return &each.value;
    }
    return nullptr;
}

std::string_view Element::get(std::string_view name, std::string_view space) const {
    const std::string* const value = find_attribute(name, space);
    return value == nullptr ? std::string_view() : *value;
}

Element& Element::add(Element child) & {
    if (child.space_.empty() && !space_.empty()) child.inherit(space_);
    children_.push_back(std::move(child));
    return *this;
}

Element&& Element::add(Element child) && {
    add(std::move(child));
    return std::move(*this);
}

void Element::inherit(const std::string& space) {
    space_ = space;
    for (Element& child : children_) {
        if (child.space_.empty()) child.inherit(space);
    }
}

const Element* Element::find(std::string_view name, std::string_view space) const {
    for (const Element& child : children_) {
        if (child.is(name, space)) return &child;
    }
    return nullptr;
}

const Element* Element::find_space(std::string_view space) const {
    for (const Element& child : children_) {
        if (child.space_ == space) return &child;
    }
    return nullptr;
}

std::string_view Element::child_text(std::string_view name) const {
    return child_text(name, space_);
}

std::string_view Element::child_text(std::string_view name, std::string_view space) const {
    const Element* const child = find(name, space);
    return child == nullptr ? std::string_view() : child->text();
}

Element& Element::set_text(std::string_view text) & {
    text_ = text;
    return *this;
}

Element&& Element::set_text(std::string_view text) && {
    text_ = text;
    return std::move(*this);
}

void write_xml(std::string& out, const Element& element, std::string_view around) {
    out.append("<").append(element.name());
    const std::string_view space = element.space().empty() ? around : element.space();
    if (space != around) {
        out += " xmlns='";
        append_xml_value(out, space);
        out += '\'';
    }
    std::size_t number = 0;
    for (const Attribute& each : element.attributes()) write_attribute(out, each, number++);
    if (element.text().empty() && element.children().empty()) {
        out += "/>";
        return;
    }
    out += '>';
    append_xml_text(out, element.text());
    for (const Element& child : element.children()) write_xml(out, child, space);
    out.append("</").append(element.name()).append(">");
}

std::string to_xml(const Element& element, std::string_view around) {
    std::string out;
    write_xml(out, element, around);
    return out;
}

}  // namespace waypost::xmpp
