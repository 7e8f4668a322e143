// SPDX-License-Identifier: Apache-2.0
#include "bridges/xmpp/account/catch_up.h"

#include <utility>

#include "bridges/xmpp/date_time.h"
#include "bridges/xmpp/message/chat.h"
#include "bridges/xmpp/message/spaces.h"
#include "bridges/xmpp/services/caps.h"
#include "gateway/base/log.h"

namespace waypost::xmpp {
namespace {

constexpr std::string_view kArchive = "urn:xmpp:mam:2";
constexpr std::string_view kPages = "http://jabber.org/protocol/rsm";
constexpr char kPosition[] = "archive";   // id of the last message that was read; empty: none
constexpr char kRead[] = "archive-read";  // Unix seconds at which that was
constexpr char kPage[] = "50";
constexpr std::size_t kQueryBytes = 8;
constexpr std::size_t kMostKnown = 1000;
constexpr std::int64_t kOverlap = 3600;  // seconds, where only a time is known

Element field(std::string_view name, std::string_view value) {
    return Element("field", kDataForm)
        .set("var", name)
        .add(Element("value", kDataForm).set_text(value));
}

}  // namespace

CatchUp::CatchUp(TransportState& state, Random& random, const Clock& clock, Jid account, Send send)
    : state_(state),
      random_(random),
      clock_(clock),
      account_(std::move(account)),
      send_(std::move(send)) {}

bool CatchUp::from_server(const Element& stanza) const {
    const std::string_view from = stanza.get("from");
    if (from.empty()) return true;  // RFC 6120 8.1.2.1: the account itself
    const auto jid = parse_jid(from);
    return jid.ok() && *jid == account_;
}

void CatchUp::start() {
    by_time_ = false;
    const auto position = state_.get(kPosition);
    baseline_ = !position;
    ask(position);
}

void CatchUp::ask(std::optional<std::string> after, std::int64_t since) {
    query_ = "archive-" + random_.hex(kQueryBytes);
    Element form = Element("x", kDataForm)
                       .set("type", "submit")
                       .add(field("FORM_TYPE", kArchive).set("type", "hidden"));
    if (since > 0) form.add(field("start", utc_date_time(since)));
    Element page("set", kPages);
    page.add(Element("max", kPages).set_text(baseline_ ? "1" : kPage));
    if (baseline_) {
        page.add(Element("before", kPages));
    } else if (after && !after->empty()) {
        page.add(Element("after", kPages).set_text(*after));
    }
    send_(Element("iq")
              .set("type", "set")
              .set("id", query_)
              .add(Element("query", kArchive)
                       .set("queryid", query_)
                       .add(std::move(form))
                       .add(std::move(page))));
}

bool CatchUp::answer(const Element& iq) {
    if (query_.empty() || iq.get("id") != query_ || !from_server(iq)) return false;
    query_.clear();
    const Element* const fin = iq.find("fin", kArchive);
    if (iq.get("type") == "error") {
        const bool expired = read_error(iq).condition == "item-not-found";
        if (expired && !by_time_ && !baseline_) {
            by_time_ = true;
            const auto read = state_.get(kRead);
            const std::int64_t at = read ? std::strtoll(read->c_str(), nullptr, 10) : 0;
            ask(std::nullopt, at - kOverlap);
            return true;
        }
        log(Level::Info, "xmpp", "no-archive", {{"account", account_.bare_text()}});
    } else if (fin != nullptr) {
        const Element* const page = fin->find("set", kPages);
        const std::string last(page == nullptr ? "" : page->child_text("last"));
        if (baseline_ || !last.empty()) keep(last);
        if (!baseline_ && fin->get("complete") != "true" && !last.empty()) {
            ask(last);
            return true;
        }
    }
    return true;
}

bool CatchUp::is_archived(const Element& message) {
    return message.find("result", kArchive) != nullptr;
}

std::optional<Element> CatchUp::archived(const Element& message) {
    const Element* const result = message.find("result", kArchive);
    if (result == nullptr || query_.empty() || result->get("queryid") != query_ ||
        !from_server(message))
        return std::nullopt;
    if (baseline_) return std::nullopt;  // it was there before us
    const Element* const forwarded = result->find("forwarded", space::kForward);
    const Element* const inner =
        forwarded == nullptr ? nullptr : forwarded->find("message", message.space());
    const std::string id(result->get("id"));
    if (inner == nullptr) return std::nullopt;
    if (!is_new(id)) return std::nullopt;
    Element then = *inner;
    const Element* const delay = forwarded->find("delay", space::kDelay);
    if (delay != nullptr && then.find("delay", space::kDelay) == nullptr) then.add(*delay);
    if (id_of(then).empty() && !id.empty())
        then.add(Element("stanza-id", space::kIds).set("by", account_.bare_text()).set("id", id));
    return then;
}

std::string CatchUp::id_of(const Element& message) const {
    for (const Element& child : message.children()) {
        if (!child.is("stanza-id", space::kIds)) continue;
        const auto by = parse_jid(child.get("by"));
        // XEP-0359 section 4: only that of our own server says anything.
        if (by.ok() && *by == account_ && child.get("id").size() <= kMostIdBytes)
            return std::string(child.get("id"));
    }
    return {};
}

void CatchUp::keep(const std::string& id) {
    state_.put(kPosition, id);
    state_.put(kRead, std::to_string(to_ms(clock_.wall()) / 1000));
}

bool CatchUp::is_new(const std::string& id) {
    if (id.empty()) return true;
    if (!known_.insert(id).second) return false;
    order_.push_back(id);
    if (order_.size() > kMostKnown) {
        known_.erase(order_.front());
        order_.pop_front();
    }
    return true;
}

// While the archive is being read what comes meanwhile is beyond what was read of it.
void CatchUp::took(const std::string& id) {
    if (!id.empty() && !busy()) keep(id);
}

}  // namespace waypost::xmpp
