// SPDX-License-Identifier: Apache-2.0
// An XML element as XMPP uses it (RFC 6120 section 11): values only, no document. Text and child
// elements are kept apart: text() is all the character data directly inside, in one piece, and is
// written before the children. What comes in mixed content keeps its parts, not their order.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace waypost::xmpp {

inline constexpr std::string_view kXmlSpace = "http://www.w3.org/XML/1998/namespace";
inline constexpr std::string_view kStreamSpace = "http://etherx.jabber.org/streams";
inline constexpr std::string_view kComponentSpace = "jabber:component:accept";
inline constexpr std::string_view kStanzaErrorSpace = "urn:ietf:params:xml:ns:xmpp-stanzas";
inline constexpr std::string_view kStreamErrorSpace = "urn:ietf:params:xml:ns:xmpp-streams";

struct Attribute {
    std::string name;
    std::string space;  // namespace; empty for nearly all
    std::string value;

    friend bool operator==(const Attribute&, const Attribute&) = default;
};

// Element("message").set("to", to).add(Element("body").set_text("hello"))
class Element {
  public:
    Element() = default;
    // Without a namespace it takes that of the element it is added to, and at the top that of the
    // stream it is written to; so does, when it is written again, what a peer sent with none
    // (xmlns=''), which XMPP gives no meaning. Names come from our code, never from a peer: one
    // that is no plain ASCII XML name throws std::invalid_argument, here and in set().
    explicit Element(std::string_view name, std::string_view space = {});

    const std::string& name() const { return name_; }
    const std::string& space() const { return space_; }
    bool is(std::string_view name, std::string_view space) const {
        return name_ == name && space_ == space;
    }

    // Replaces the one of this name and namespace. Values may hold any bytes: see write_xml.
    Element& set(std::string_view name, std::string_view value, std::string_view space = {}) &;
    Element&& set(std::string_view name, std::string_view value, std::string_view space = {}) &&;
    Element& set_lang(std::string_view language) & { return set("lang", language, kXmlSpace); }
    Element&& set_lang(std::string_view language) && {
        return std::move(*this).set("lang", language, kXmlSpace);
    }
    void remove(std::string_view name, std::string_view space = {});
    // Empty if there is none: in XMPP that means the same for every attribute of a stanza but
    // where find_attribute() is asked.
    std::string_view get(std::string_view name, std::string_view space = {}) const;
    const std::string* find_attribute(std::string_view name, std::string_view space = {}) const;
    std::string_view lang() const { return get("lang", kXmlSpace); }
    const std::vector<Attribute>& attributes() const { return attributes_; }

    Element& add(Element child) &;
    Element&& add(Element child) &&;
    const std::vector<Element>& children() const { return children_; }
    std::vector<Element>& children() { return children_; }
    // The first of these; nullptr if there is none. The element owns it.
    const Element* find(std::string_view name, std::string_view space) const;
    // The first of that namespace: the payload of an IQ, a condition of an error.
    const Element* find_space(std::string_view space) const;
    // The first of that name in this element's own namespace: body, subject, show, error.
    const Element* find(std::string_view name) const { return find(name, space_); }
    // Its text; empty if there is no such child.
    std::string_view child_text(std::string_view name) const;
    std::string_view child_text(std::string_view name, std::string_view space) const;

    const std::string& text() const { return text_; }
    Element& set_text(std::string_view text) &;
    Element&& set_text(std::string_view text) &&;

    friend bool operator==(const Element&, const Element&) = default;

  private:
    friend class StanzaBuilder;  // of the parser: names that expat has proved
    void inherit(const std::string& space);

    std::string name_;
    std::string space_;
    std::vector<Attribute> attributes_;
    std::string text_;
    std::vector<Element> children_;
};

// Appends it as XML where `around` is the default namespace. Whatever the values hold, the result
// is well-formed: malformed UTF-8 becomes U+FFFD, characters that XML 1.0 has not (section 2.2)
// are left out, for one of them closes the stream of everybody.
void write_xml(std::string& out, const Element& element, std::string_view around = {});
std::string to_xml(const Element& element, std::string_view around = {});

}  // namespace waypost::xmpp
