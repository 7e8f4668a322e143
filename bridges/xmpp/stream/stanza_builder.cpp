// SPDX-License-Identifier: Apache-2.0
#include "bridges/xmpp/stream/stanza_builder.h"

#include <new>

#include "gateway/message/text.h"

namespace waypost::xmpp {
namespace {

// expat puts it between namespace and name. No XML document can contain it.
constexpr char kBetween = '\x01';

// Beside its text, what an element or attribute takes in memory.
constexpr std::size_t kElementCosts = sizeof(Element);
constexpr std::size_t kAttributeCosts = sizeof(Attribute);

// Of the addresses, ids and types of a head: longer ones are no use to answer with.
constexpr std::size_t kHeadValue = 3 * 1023 + 2;

constexpr std::size_t kStanzaDepth = 2;  // the stream's root being 1

// RFC 6120 4.9.3.
const char* condition_of(XML_Error code) {
    switch (code) {
        case XML_ERROR_UNDEFINED_ENTITY:
        case XML_ERROR_MISPLACED_XML_PI:
            return "restricted-xml";
        case XML_ERROR_UNBOUND_PREFIX:
        case XML_ERROR_RESERVED_PREFIX_XML:
        case XML_ERROR_RESERVED_PREFIX_XMLNS:
        case XML_ERROR_RESERVED_NAMESPACE_URI:
        case XML_ERROR_UNDECLARING_PREFIX:
            return "bad-namespace-prefix";
        case XML_ERROR_UNKNOWN_ENCODING:
        case XML_ERROR_INCORRECT_ENCODING:
            return "unsupported-encoding";
        case XML_ERROR_NO_MEMORY:
            return "resource-constraint";
        default:
            return "not-well-formed";
    }
}

bool is_of_head(const StanzaBuilder::Name& key) {
    return key.space.empty() &&
           (key.name == "id" || key.name == "from" || key.name == "to" || key.name == "type");
}

std::string head_value(const Element& element, std::string_view name) {
    const std::string_view value = element.get(name);
    return value.size() <= kHeadValue ? std::string(value) : std::string();
}

StanzaBuilder::Name split(const XML_Char* text) {
    const std::string_view whole(text);
    const std::size_t between = whole.find(kBetween);
    if (between == std::string_view::npos) return {{}, whole};
    return {whole.substr(0, between), whole.substr(between + 1)};
}

StanzaBuilder& builder(void* self) { return *static_cast<StanzaBuilder*>(self); }

}  // namespace

StanzaBuilder::StanzaBuilder(const StreamLimits& limits)
    : limits_(limits), parser_(XML_ParserCreateNS("UTF-8", kBetween)) {
    if (parser_ == nullptr) throw std::bad_alloc();
    XML_SetUserData(parser_.get(), this);
    XML_SetElementHandler(parser_.get(), on_start, on_end);
    XML_SetCharacterDataHandler(parser_.get(), on_text);
    XML_SetXmlDeclHandler(parser_.get(), on_declaration);
    XML_SetCommentHandler(parser_.get(), on_forbidden);
    XML_SetProcessingInstructionHandler(parser_.get(), on_processing);
    XML_SetStartDoctypeDeclHandler(parser_.get(), on_doctype);
}

void XMLCALL StanzaBuilder::on_start(void* self, const XML_Char* name, const XML_Char** values) {
    builder(self).start(name, values);
}

void XMLCALL StanzaBuilder::on_end(void* self, const XML_Char* /*name*/) {
    StanzaBuilder& to = builder(self);
    --to.depth_;
    if (to.stopped_ || to.open_.empty()) return;
    Element element = std::move(to.open_.back());
    to.open_.pop_back();
    if (to.open_.empty()) {
        to.result_ = std::move(element);
        ++to.results_;
    } else {
        to.open_.back().children_.push_back(std::move(element));
    }
}

void XMLCALL StanzaBuilder::on_text(void* self, const XML_Char* text, int size) {
    builder(self).text({text, static_cast<std::size_t>(size)});
}

void XMLCALL StanzaBuilder::on_declaration(void* self, const XML_Char* /*version*/,
                                           const XML_Char* encoding, int /*standalone*/) {
    if (encoding != nullptr && lower_ascii(encoding) != "utf-8")
        builder(self).bad("unsupported-encoding", "XMPP is written in UTF-8");
}

void XMLCALL StanzaBuilder::on_forbidden(void* self, const XML_Char* /*text*/) {
    builder(self).bad("restricted-xml", "comments are not allowed in XMPP");
}

void XMLCALL StanzaBuilder::on_processing(void* self, const XML_Char* /*target*/,
                                          const XML_Char* /*data*/) {
    builder(self).bad("restricted-xml", "processing instructions are not allowed in XMPP");
}

void XMLCALL StanzaBuilder::on_doctype(void* self, const XML_Char* /*name*/,
                                       const XML_Char* /*system*/, const XML_Char* /*pub*/,
                                       int /*internal*/) {
    builder(self).bad("restricted-xml", "a document type is not allowed in XMPP");
}

void StanzaBuilder::start(const XML_Char* name, const XML_Char** values) {
    ++depth_;
    if (stopped_) return;
    if (depth_ == 1) {
        root_ = element(name, values);
        return;
    }
    if (depth_ - 1 > limits_.depth)
        return over("more than " + std::to_string(limits_.depth) + " elements inside one another");
    if (++elements_ > limits_.elements)
        return over("more than " + std::to_string(limits_.elements) + " elements");
    open_.push_back(element(name, values));
}

// Over a limit nothing more is kept but what a head has: they come in any order.
Element StanzaBuilder::element(const XML_Char* name, const XML_Char** values) {
    Element element;
    const Name full = split(name);
    if (!fits(full)) return element;
    element.space_ = full.space;
    element.name_ = full.name;
    keep(full.space.size() + full.name.size() + kElementCosts);
    std::size_t attributes = 0;
    for (; *values != nullptr; values += 2) {
        const Name key = split(values[0]);
        const std::string_view value(values[1]);
        if (++attributes > limits_.attributes)
            over("more than " + std::to_string(limits_.attributes) + " attributes");
        const bool kept =
            fits(key) && keep(key.space.size() + key.name.size() + value.size() + kAttributeCosts);
        if (kept || (depth_ == kStanzaDepth && is_of_head(key)))
            element.attributes_.push_back(
                {std::string(key.name), std::string(key.space), std::string(value)});
    }
    return element;
}

bool StanzaBuilder::fits(const Name& name) {
    if (name.space.size() + name.name.size() > limits_.name_bytes)
        over("a name longer than " + std::to_string(limits_.name_bytes) + " bytes");
    return !stopped_;
}

void StanzaBuilder::text(std::string_view text) {
    if (stopped_) return;
    if (open_.empty()) return bad("bad-format", "text between stanzas");
    if (keep(text.size())) open_.back().text_ += text;
}

bool StanzaBuilder::keep(std::size_t bytes) {
    kept_ += bytes;
    if (kept_ > limits_.kept_bytes) over("too large in memory");
    return !stopped_;
}

void StanzaBuilder::over(std::string why) {
    if (why_.empty()) why_ = std::move(why);
    stop();
}

void StanzaBuilder::bad(std::string condition, std::string text) {
    error_ = {std::move(condition), std::move(text)};
    stop();
}

void StanzaBuilder::stop() {
    if (!stopped_) XML_StopParser(parser_.get(), XML_FALSE);
    stopped_ = true;
}

// So many tags must be open afterwards and so many stanzas come of it: else the scanner and expat
// do not see the same in these bytes.
StanzaBuilder::Outcome StanzaBuilder::parse(std::string_view bytes, std::size_t depth,
                                            std::size_t stanzas) {
    elements_ = kept_ = results_ = 0;
    const auto status =
        XML_Parse(parser_.get(), bytes.data(), static_cast<int>(bytes.size()), XML_FALSE);
    if (!error_.condition.empty()) return Outcome::Bad;
    if (!why_.empty()) return Outcome::Over;
    if (status != XML_STATUS_OK) {
        const XML_Error code = XML_GetErrorCode(parser_.get());
        bad(condition_of(code), XML_ErrorString(code));
        return Outcome::Bad;
    }
    if (depth_ != depth || results_ != stanzas) {
        bad("not-well-formed", "tags do not match");
        return Outcome::Bad;
    }
    return Outcome::Whole;
}

StanzaBuilder::Outcome StanzaBuilder::header(std::string_view bytes) { return parse(bytes, 1, 0); }
StanzaBuilder::Outcome StanzaBuilder::stanza(std::string_view bytes) { return parse(bytes, 1, 1); }

void StanzaBuilder::beginning(std::string_view bytes) {
    (void)XML_Parse(parser_.get(), bytes.data(), static_cast<int>(bytes.size()), XML_FALSE);
}

StanzaBuilder::Outcome StanzaBuilder::end(std::string_view bytes) { return parse(bytes, 0, 0); }

StanzaHead StanzaBuilder::head() const {
    if (open_.empty()) return {};
    const Element& stanza = open_.front();
    return {stanza.name(),
            stanza.space(),
            head_value(stanza, "id"),
            head_value(stanza, "from"),
            head_value(stanza, "to"),
            head_value(stanza, "type"),
            why_};
}

}  // namespace waypost::xmpp
