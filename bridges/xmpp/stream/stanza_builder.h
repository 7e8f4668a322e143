// SPDX-License-Identifier: Apache-2.0
// expat (in namespace mode) and the element it is building: one stream header, then stanzas, each
// given whole. expat never forgets a name it has seen: begin a new one now and then.
#pragma once

#include <expat.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bridges/xmpp/stream/element.h"
#include "bridges/xmpp/stream/stream_parser.h"

namespace waypost::xmpp {

class StanzaBuilder {
  public:
    explicit StanzaBuilder(const StreamLimits& limits);
    StanzaBuilder(const StanzaBuilder&) = delete;
    StanzaBuilder& operator=(const StanzaBuilder&) = delete;

    struct Name {
        std::string_view space;
        std::string_view name;
    };
    enum class Outcome {
        Whole,  // root() or stanza() has it
        Over,   // a limit: why(), and head() of what was begun. Use it no more.
        Bad,    // error(). Use it no more.
    };
    Outcome header(std::string_view bytes);
    Outcome stanza(std::string_view bytes);
    // The beginning of a stanza that is over the limit, for its head().
    void beginning(std::string_view bytes);
    Outcome end(std::string_view bytes);

    Element& root() { return root_; }
    Element& result() { return result_; }
    StanzaHead head() const;
    const std::string& why() const { return why_; }
    const StreamError& error() const { return error_; }

  private:
    struct FreeParser {
        void operator()(XML_Parser parser) const { XML_ParserFree(parser); }
    };
    static void XMLCALL on_start(void* self, const XML_Char* name, const XML_Char** attributes);
    static void XMLCALL on_end(void* self, const XML_Char* name);
    static void XMLCALL on_text(void* self, const XML_Char* text, int size);
    static void XMLCALL on_declaration(void* self, const XML_Char* version,
                                       const XML_Char* encoding, int standalone);
    static void XMLCALL on_forbidden(void* self, const XML_Char*);
    static void XMLCALL on_processing(void* self, const XML_Char*, const XML_Char*);
    static void XMLCALL on_doctype(void* self, const XML_Char*, const XML_Char*, const XML_Char*,
                                   int);

    Outcome parse(std::string_view bytes, std::size_t depth, std::size_t stanzas);
    void start(const XML_Char* name, const XML_Char** attributes);
    Element element(const XML_Char* name, const XML_Char** attributes);
    void text(std::string_view text);
    bool fits(const Name& name);
    bool keep(std::size_t bytes);
    void over(std::string why);
    void bad(std::string condition, std::string text);
    void stop();

    const StreamLimits& limits_;
    std::unique_ptr<std::remove_pointer_t<XML_Parser>, FreeParser> parser_;
    Element root_;
    Element result_;
    // From the stanza down to the element that is open. Elements of a vector that grows move, so
    // what is open stands here, and goes to its parent when it ends.
    std::vector<Element> open_;
    std::size_t depth_ = 0;     // of open tags, the stream's too
    std::size_t elements_ = 0;  // these three of the piece that is being read
    std::size_t results_ = 0;
    std::size_t kept_ = 0;
    std::string why_;
    StreamError error_;
    bool stopped_ = false;
};

}  // namespace waypost::xmpp
