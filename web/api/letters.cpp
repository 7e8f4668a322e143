// SPDX-License-Identifier: Apache-2.0
// Letters: envelopes for operators, and a villager's own.
#include "web/api/letters.h"

#include <Poco/NumberParser.h>

#include "gateway/message/text.h"

namespace waypost::api {

namespace {

constexpr std::size_t kShownInLists = 400;  // bytes of a text

Json::Ptr whole_json(const store::MessageRow& row) {
    Json::Ptr o = new Json;
    o->set("id", Poco::Int64(row.id));
    o->set("from", row.message.from.uri());
    o->set("from_name", row.message.from_name);
    o->set("subject", row.message.subject);
    o->set("text", row.message.text);
    o->set("at_ms", Poco::Int64(row.created_ms));
    return o;
}

Reply list(Desk& desk, const Request& request) {
    return page_json(envelopes(desk.office(), query_text(request, "person"), search_of(request)),
                     false);
}

Reply open(Desk& desk, const Request& request) {
    const auto row = open_letter(desk.office(), request.visitor, number_in(request, 0));
    if (!row.ok()) return fail(row.error());
    Reply reply;
    reply.body = whole_json(*row);
    return reply;
}

Reply own(Desk& desk, const Request& request) {
    const LetterBox box = query_text(request, "box") == "out" ? LetterBox::Out : LetterBox::In;
    return page_json(own_letters(desk.office(), request.visitor.handle, box, search_of(request)),
                     true);
}

Reply own_one(Desk& desk, const Request& request) {
    auto letter = own_letter(desk.office(), request.visitor.handle, number_in(request, 0));
    if (!letter.ok()) return fail(letter.error());
    Reply reply;
    reply.body = whole_json(letter->message);
    Json::Ptr way = new Json;
    put_trace(*way, *letter);
    reply.body->set("trace", way);
    return reply;
}

}  // namespace

LetterSearch search_of(const Request& request) {
    LetterSearch search;
    search.text = query_text(request, "search");
    if (!query_text(request, "before").empty()) search.before = query_number(request, "before", 0);
    if (const auto limit = query_text(request, "limit"); !limit.empty())
        search.most = Poco::NumberParser::parse(limit);
    return search;
}

Json::Ptr letter_json(const ListedLetter& each, bool text) {
    const store::LetterRow& letter = each.letter;
    Json::Ptr o = new Json;
    o->set("id", Poco::Int64(letter.id));
    o->set("alarm", letter.kind == store::Kind::Alarm);
    o->set("from", letter.from.empty() ? "gateway" : letter.from.uri());
    o->set("from_name", letter.from_name);
    o->set("owner", letter.owner);
    o->set("network", letter.network);
    o->set("transport", letter.transport);
    o->set("bytes", Poco::Int64(letter.bytes));
    o->set("at_ms", Poco::Int64(letter.created_ms));
    o->set("privacy", to_string(letter.privacy));
    o->set("has_attachments", letter.attachments);
    o->set("deliveries", list_of(each.deliveries, delivery_json));
    if (text) {
        o->set("subject", letter.subject);
        o->set("text", std::string(cut_bytes(letter.text, kShownInLists)));
    }
    return o;
}

Reply page_json(const Result<LetterPage>& page, bool text) {
    if (!page.ok()) return fail(page.error());
    Reply reply = listed("messages", page->letters,
                         [&](const ListedLetter& each) { return letter_json(each, text); });
    reply.body->set("next", Poco::Int64(page->next));
    return reply;
}

std::vector<Route> letter_routes() {
    return {{"GET", "/messages", list},
            {"POST", "/messages/{id}/open", open},
            {"GET", "/me/messages", own, Role::Villager},
            {"GET", "/me/messages/{id}", own_one, Role::Villager}};
}

}  // namespace waypost::api
