// SPDX-License-Identifier: Apache-2.0
// Reading and writing without scripts: for old browsers, and for whoever wants it. Pages are made
// here of what the API answers, so nothing is allowed here that is not allowed there. No clock, no
// sockets; any thread.
#pragma once

#include <map>
#include <string>

#include "gateway/delivery/desk.h"
#include "web/api/api.h"
#include "web/site/words.h"

namespace waypost::site {

struct PlainAsked {
    std::string method;                         // "GET", "POST"
    std::string path;                           // behind "/plain": "", "/sent", "/letter/7"
    std::map<std::string, std::string> fields;  // of the query, or of the form
    Visitor visitor;
    Caller caller;
};

struct PlainPage {
    int status = 200;
    std::string html;
    std::string go_to;   // set: another page instead, by 303
    std::string cookie;  // Set-Cookie; may be empty
};

class Plain {
  public:
    Plain(Desk& desk, const Words& words) : desk_(desk), words_(words) {}
    PlainPage answer(const PlainAsked& asked) const;

  private:
    PlainPage sign_in(const PlainAsked& asked) const;
    PlainPage sign_out(const PlainAsked& asked) const;
    PlainPage list(const PlainAsked& asked, const std::string& box) const;
    PlainPage letter(const PlainAsked& asked, const std::string& id) const;
    PlainPage write(const PlainAsked& asked) const;
    PlainPage send(const PlainAsked& asked) const;

    api::Reply ask(const PlainAsked& asked, const std::string& method, const std::string& uri,
                   const api::Json::Ptr& body = nullptr) const;
    std::string language(const PlainAsked& asked) const;
    PlainPage page(const PlainAsked& asked, const std::string& title_key, const std::string& inside,
                   int status = 200) const;

    Desk& desk_;
    const Words& words_;
};

}  // namespace waypost::site
