// SPDX-License-Identifier: Apache-2.0
#include "web/site/plain.h"

#include <Poco/Exception.h>
#include <Poco/URI.h>

#include <sstream>

#include "gateway/base/encoding.h"
#include "gateway/base/local_time.h"
#include "gateway/message/text.h"

namespace waypost::site {
namespace {

using api::Json;
using api::JsonList;

std::string field(const PlainAsked& asked, const std::string& name) {
    const auto found = asked.fields.find(name);
    return found == asked.fields.end() ? std::string() : found->second;
}

std::string text_of(const Json& o, const char* name) { return o.optValue<std::string>(name, ""); }

std::string link(const std::string& to, const std::string& text) {
    return "<a href=\"/plain" + escape_html(to) + "\">" + escape_html(text) + "</a>";
}

std::string in_query(const std::string& value) {
    std::string encoded;
    Poco::URI::encode(value, "?#&+=/ ", encoded);
    return encoded;
}

std::string input(const std::string& label, const std::string& name, const std::string& type,
                  const std::string& value = {}) {
    return "<p><label>" + escape_html(label) + "<br><input name=\"" + name + "\" type=\"" + type +
           "\" value=\"" + escape_html(value) + "\" autocomplete=\"off\"></label></p>";
}

// "mailto:bob@x.org" as one writes it: "bob@x.org".
std::string short_address(const std::string& uri) {
    const std::size_t colon = uri.find(':');
    const std::string scheme = uri.substr(0, colon);
    return scheme == "mailto" || scheme == "person" ? uri.substr(colon + 1) : uri;
}

std::string sender_of(const Json& letter) {
    const std::string name = text_of(letter, "from_name");
    const std::string owner = text_of(letter, "owner");
    if (!name.empty()) return name;
    return owner.empty() ? short_address(text_of(letter, "from")) : owner;
}

std::string recipients_of(const Json& letter) {
    std::string all;
    const auto deliveries = letter.getArray("deliveries");
    for (unsigned i = 0; deliveries && i < deliveries->size(); ++i)
        all += (i > 0 ? ", " : "") + short_address(text_of(*deliveries->getObject(i), "to"));
    return all;
}

}  // namespace

PlainPage Plain::answer(const PlainAsked& asked) const {
    try {
        const bool post = asked.method == "POST";
        if (asked.visitor.role == Role::Anyone) return sign_in(asked);
        if (post && field(asked, "csrf") != asked.visitor.csrf)
            return page(asked, "missing.title", {}, 403);
        if (post && asked.path == "/sign-out") return sign_out(asked);
        if (post && asked.path == "/write") return send(asked);
        if (asked.path.empty() || asked.path == "/") return list(asked, "in");
        if (asked.path == "/sent") return list(asked, "out");
        if (asked.path == "/write") return write(asked);
        if (asked.path.rfind("/letter/", 0) == 0) return letter(asked, asked.path.substr(8));
    } catch (const Poco::Exception&) {
        return page(asked, "error.bad_input", {}, 400);
    }
    return page(asked, "missing.title",
                "<p>" + escape_html(words_.say(language(asked), "missing.text")) + "</p>", 404);
}

api::Reply Plain::ask(const PlainAsked& asked, const std::string& method, const std::string& uri,
                      const Json::Ptr& body) const {
    std::ostringstream text;
    if (body) body->stringify(text);
    return api::answer(desk_,
                       {method, uri, text.str(), asked.visitor, asked.caller, asked.visitor.csrf});
}

std::string Plain::language(const PlainAsked& asked) const {
    const auto people = desk_.office().box().directory.get();
    const Person* person = people->find(asked.visitor.handle);
    std::string code = person != nullptr ? person->row.language : std::string();
    if (code.empty()) code = desk_.office().box().settings->language;
    return words_.has(code) ? code : "en";
}

PlainPage Plain::page(const PlainAsked& asked, const std::string& title_key,
                      const std::string& inside, int status) const {
    const std::string code = language(asked);
    const std::string title = escape_html(words_.say(code, title_key));
    const std::string village = escape_html(desk_.office().box().settings->village);
    std::string html = "<!doctype html><html lang=\"" + code + "\" dir=\"" +
                       (code == "ar" ? "rtl" : "ltr") +
                       "\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
                       "content=\"width=device-width\"><title>" +
                       title + " - " + village +
                       "</title><link rel=\"stylesheet\" href=\"/plain.css\"></head><body>";
    if (asked.visitor.role != Role::Anyone) {
        html += "<nav>" + link("", words_.say(code, "menu.inbox")) + ' ' +
                link("/sent", words_.say(code, "menu.sent")) + ' ' +
                link("/write", words_.say(code, "menu.write")) +
                " <form method=\"post\" action=\"/plain/sign-out\"><input type=\"hidden\" "
                "name=\"csrf\" value=\"" +
                escape_html(asked.visitor.csrf) + "\"><button>" +
                escape_html(words_.say(code, "do.sign_out")) + "</button></form></nav>";
    }
    html += "<main><h1>" + title + "</h1>";
    if (!asked.caller.encrypted)
        html +=
            "<p>" +
            escape_html(words_.say(code, "clear.banner") + ' ' + words_.say(code, "clear.more")) +
            "</p>";
    html += inside + "</main></body></html>";
    return {status, std::move(html), {}, {}};
}

PlainPage Plain::sign_in(const PlainAsked& asked) const {
    const std::string code = language(asked);
    std::string why;
    int status = 200;
    const bool tries = asked.method == "POST" && (asked.path.empty() || asked.path == "/");
    if (asked.method == "POST" && !tries) {
        status = 401;
        // It can be copied from here.
        if (!field(asked, "text").empty())
            why = "<pre>" + escape_html(field(asked, "text")) + "</pre>";
    }
    if (tries) {
        Json::Ptr body = new Json;
        body->set("handle", field(asked, "handle"));
        const std::string digits = field(asked, "code");
        body->set(digits.empty() ? "password" : "code",
                  digits.empty() ? field(asked, "password") : digits);
        const api::Reply reply = ask(asked, "POST", "/session", body);
        const auto cookie = reply.headers.find("Set-Cookie");
        if (reply.status == 200 && cookie != reply.headers.end())
            return {303, {}, "/plain", cookie->second};
        status = reply.status;
        why = "<p role=\"alert\">" +
              escape_html(words_.say(code, status == 429 ? "error.many" : "sign_in.wrong")) +
              "</p>";
    }
    return page(
        asked, "sign_in.title",
        why + "<form method=\"post\" action=\"/plain\">" +
            input(words_.say(code, "sign_in.handle"), "handle", "text", field(asked, "handle")) +
            input(words_.say(code, "sign_in.code"), "code", "text") +
            input(words_.say(code, "sign_in.password"), "password", "password") + "<p><button>" +
            escape_html(words_.say(code, "sign_in.do")) + "</button></p></form><p>" +
            escape_html(words_.say(code, "sign_in.help")) + "</p>",
        status);
}

PlainPage Plain::sign_out(const PlainAsked& asked) const {
    const api::Reply reply = ask(asked, "DELETE", "/session");
    const auto cookie = reply.headers.find("Set-Cookie");
    return {303, {}, "/plain", cookie == reply.headers.end() ? std::string() : cookie->second};
}

PlainPage Plain::list(const PlainAsked& asked, const std::string& box) const {
    const std::string code = language(asked);
    const bool in = box == "in";
    const std::string before = field(asked, "before");
    const api::Reply reply =
        ask(asked, "GET", "/me/messages?box=" + box + "&before=" + in_query(before));
    if (reply.status != 200) return page(asked, "error.other", {}, reply.status);
    std::string rows;
    const auto letters = reply.body->getArray("messages");
    for (unsigned i = 0; i < letters->size(); ++i) {
        const Json& each = *letters->getObject(i);
        const std::string subject = text_of(each, "subject");
        const std::string text(cut_bytes(text_of(each, "text"), 120));
        rows += "<li>" +
                link("/letter/" + text_of(each, "id"), in ? sender_of(each) : recipients_of(each)) +
                " <small>" + escape_html(local_date_time(each.getValue<Poco::Int64>("at_ms"))) +
                "</small><br><b>" + escape_html(subject) + "</b> " + escape_html(text) + "</li>";
    }
    std::string inside =
        rows.empty()
            ? "<p>" + escape_html(words_.say(code, in ? "mail.empty_in" : "mail.empty_out")) +
                  "</p>"
            : "<ul>" + rows + "</ul>";
    const auto next = reply.body->getValue<Poco::Int64>("next");
    if (next != 0)
        inside += "<p>" +
                  link((in ? "?before=" : "/sent?before=") + std::to_string(next),
                       words_.say(code, "list.more")) +
                  "</p>";
    return page(asked, in ? "menu.inbox" : "menu.sent", inside);
}

PlainPage Plain::letter(const PlainAsked& asked, const std::string& id) const {
    const std::string code = language(asked);
    const api::Reply reply = ask(asked, "GET", "/me/messages/" + in_query(id));
    if (reply.status != 200)
        return page(asked, "missing.title",
                    "<p>" + escape_html(words_.say(code, "missing.text")) + "</p>", reply.status);
    const Json& o = *reply.body;
    const auto trace = o.getObject("trace");
    const auto deliveries = trace->getArray("deliveries");
    std::string states;
    for (unsigned i = 0; i < deliveries->size(); ++i) {
        const Json& each = *deliveries->getObject(i);
        states += "<li>" + escape_html(short_address(text_of(each, "to"))) + ": " +
                  escape_html(words_.say(code, "state." + text_of(each, "state"))) + "</li>";
    }
    const std::string owner = text_of(*trace, "owner");
    const std::string from = owner.empty() ? short_address(text_of(o, "from")) : owner;
    const std::string inside =
        "<p>" + escape_html(words_.say(code, "mail.from")) + ": " + escape_html(from) + "<br>" +
        escape_html(words_.say(code, "mail.at")) + ": " +
        escape_html(local_date_time(o.getValue<Poco::Int64>("at_ms"))) + "</p><h2>" +
        escape_html(text_of(o, "subject")) + "</h2><pre>" + escape_html(text_of(o, "text")) +
        "</pre><ul>" + states + "</ul><p>" +
        link("/write?to=" + in_query(from) + "&subject=" + in_query(text_of(o, "subject")),
             words_.say(code, "mail.answer")) +
        "</p>";
    return page(asked, "mail.one", inside);
}

PlainPage Plain::write(const PlainAsked& asked) const {
    const std::string code = language(asked);
    return page(
        asked, "menu.write",
        "<form method=\"post\" action=\"/plain/write\"><input type=\"hidden\" "
        "name=\"csrf\" value=\"" +
            escape_html(asked.visitor.csrf) + "\">" +
            input(words_.say(code, "mail.to"), "to", "text", field(asked, "to")) + "<p>" +
            escape_html(words_.say(code, "write.to.hint")) + "</p>" +
            input(words_.say(code, "write.subject"), "subject", "text", field(asked, "subject")) +
            "<p><label>" + escape_html(words_.say(code, "write.text")) +
            "<br><textarea name=\"text\" rows=\"8\">" + escape_html(field(asked, "text")) +
            "</textarea></label></p><p><button>" + escape_html(words_.say(code, "write.send")) +
            "</button></p></form>");
}

// What was not taken comes back as it was written, for whom it was not taken, with the reason.
PlainPage Plain::send(const PlainAsked& asked) const {
    const std::string code = language(asked);
    Json::Ptr body = new Json;
    JsonList::Ptr to = new JsonList;
    std::istringstream names(field(asked, "to"));
    for (std::string each; std::getline(names, each, ',');) {
        const std::size_t from = each.find_first_not_of(' ');
        if (from != std::string::npos)
            to->add(each.substr(from, each.find_last_not_of(' ') - from + 1));
    }
    body->set("to", to);
    body->set("subject", field(asked, "subject"));
    body->set("text", field(asked, "text"));
    const api::Reply reply = ask(asked, "POST", "/me/messages", body);
    if (reply.status == 200) return {303, {}, "/plain/sent", {}};
    std::string said = "write.partly";
    std::string why = "</p><ul>";
    PlainAsked rest = asked;
    if (const auto verdicts = reply.body->getArray("verdicts")) {
        rest.fields["to"].clear();
        for (unsigned i = 0; i < verdicts->size(); ++i) {
            const Json& each = *verdicts->getObject(i);
            const std::string verdict = text_of(each, "verdict");
            if (text_of(each, "reason") == "full") said = "write.full";
            if (verdict == "refused" || verdict == "later")
                rest.fields["to"] += (rest.fields["to"].empty() ? "" : ", ") + text_of(each, "to");
            why += "<li>" + escape_html(text_of(each, "to")) + ": " +
                   escape_html(words_.say(code, "verdict." + verdict)) + ' ' +
                   escape_html(text_of(each, "text")) + "</li>";
        }
    } else if (const auto error = reply.body->getObject("error")) {
        why += "<li>" + escape_html(text_of(*error, "text")) + "</li>";
    }
    PlainPage again = write(rest);
    again.status = reply.status;
    const std::size_t form = again.html.find("<form method=\"post\" action=\"/plain/write\"");
    again.html.insert(form,
                      "<p role=\"alert\">" + escape_html(words_.say(code, said)) + why + "</ul>");
    return again;
}

}  // namespace waypost::site
