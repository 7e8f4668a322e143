// SPDX-License-Identifier: Apache-2.0
#include "gateway/conversation/talk.h"

#include <Poco/JSON/Array.h>
#include <Poco/JSON/Object.h>
#include <Poco/JSON/Parser.h>

#include <sstream>

#include "gateway/custody/radios.h"

namespace waypost {
Talk load_talk(store::Tables& tables, const Address& radio) {
    Talk talk;
    const auto text = tables.state.get(kTalkState, radio.uri());
    if (!text || text->empty()) return talk;
    const auto o = Poco::JSON::Parser().parse(*text).extract<Poco::JSON::Object::Ptr>();
    talk.with = o->optValue<std::string>("with", "");
    talk.until_box_ms = o->optValue<Poco::Int64>("until", 0);
    talk.draft = o->optValue<std::string>("draft", "");
    talk.draft_box_ms = o->optValue<Poco::Int64>("draft_at", 0);
    if (const auto list = o->getArray("choices")) {
        for (const auto& each : *list) talk.choices.push_back(each.toString());
    }
    talk.confirm = o->optValue<std::string>("confirm", "");
    talk.alarm_asked = o->optValue<bool>("alarm_asked", false);
    talk.last_item = o->optValue<int>("item", 0);
    talk.book_after = o->optValue<std::string>("book", "");
    talk.alarm = o->optValue<Poco::Int64>("alarm", 0);
    talk.alarm_box_ms = o->optValue<Poco::Int64>("alarm_at", 0);
    talk.welcomed = o->optValue<bool>("welcomed", false);
    talk.shut_told = o->optValue<std::string>("shut", "");
    talk.pace = o->optValue<std::string>("pace", "");
    talk.slowed = o->optValue<bool>("slowed", false);
    talk.receipt = o->optValue<Poco::Int64>("receipt", 0);
    talk.receipt_items = o->optValue<std::string>("receipt_items", "");
    talk.receipt_form = o->optValue<std::string>("receipt_form", "");
    talk.receipt_rest = o->optValue<std::string>("receipt_rest", "");
    if (const auto list = o->getArray("receipt_told")) {
        for (const auto& each : *list) talk.receipt_told.push_back(each.convert<Poco::Int64>());
    }
    return talk;
}

void save_talk(store::Tables& tables, const Address& radio, const Talk& talk) {
    Poco::JSON::Object o;
    Poco::JSON::Array choices;
    for (const std::string& each : talk.choices) choices.add(each);
    o.set("with", talk.with);
    o.set("until", talk.until_box_ms);
    o.set("draft", talk.draft);
    o.set("draft_at", talk.draft_box_ms);
    o.set("choices", choices);
    o.set("confirm", talk.confirm);
    o.set("alarm_asked", talk.alarm_asked);
    o.set("item", talk.last_item);
    if (!talk.book_after.empty()) o.set("book", talk.book_after);
    o.set("alarm", talk.alarm);
    o.set("alarm_at", talk.alarm_box_ms);
    o.set("welcomed", talk.welcomed);
    o.set("shut", talk.shut_told);
    o.set("pace", talk.pace);
    o.set("slowed", talk.slowed);
    if (talk.receipt != 0) {
        o.set("receipt", talk.receipt);
        o.set("receipt_items", talk.receipt_items);
        o.set("receipt_form", talk.receipt_form);
        o.set("receipt_rest", talk.receipt_rest);
        Poco::JSON::Array told;
        for (const MessageId each : talk.receipt_told) told.add(each);
        o.set("receipt_told", told);
    }
    std::ostringstream out;
    o.stringify(out);
    tables.state.put(kTalkState, radio.uri(), out.str());
}

}  // namespace waypost
