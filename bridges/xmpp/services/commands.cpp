// SPDX-License-Identifier: Apache-2.0
#include "bridges/xmpp/services/commands.h"

#include <algorithm>
#include <utility>

#include "bridges/xmpp/services/caps.h"
#include "bridges/xmpp/services/command_list.h"
#include "bridges/xmpp/services/lines.h"

namespace waypost::xmpp {
namespace {

constexpr std::size_t kMostSessions = 200;
constexpr std::size_t kMostOutside = 50;
constexpr std::size_t kMostOfOne = 3;
constexpr std::chrono::minutes kLife{10};

struct Step {
    std::string_view status;  // "executing", "completed", "canceled"
    const std::string& node;
    const std::string& session;
};

Element command(const Step& step) {
    return Element("command", kCommands)
        .set("node", step.node)
        .set("sessionid", step.session)
        .set("status", step.status);
}

Element note(std::string_view type, std::string_view text) {
    return Element("note").set("type", type).set_text(text);
}

// XEP-0050 4.4: a condition of its own beside the stanza's.
Element refused(const Request& request, const StanzaError& error, std::string_view condition) {
    Element answer = *error_to(request.iq, error);
    answer.children().front().add(Element(condition, kCommands));
    return answer;
}

const CommandKind* kind_of(std::string_view node) {
    const auto& kinds = command_kinds();
    const auto found = std::find_if(kinds.begin(), kinds.end(),
                                    [&](const CommandKind& each) { return each.node == node; });
    return found == kinds.end() ? nullptr : &*found;
}

}  // namespace

Commands::Commands(const Gate& gate, const Contacts& contacts, std::shared_ptr<Outlet> outlet,
                   LinkTries& tries)
    : gate_(gate), contacts_(contacts), outlet_(std::move(outlet)), tries_(tries) {}

bool Commands::may_use(const CommandKind& kind, const Asker& asker) const {
    switch (kind.whom) {
        case CommandKind::For::Everybody:
            return true;
        case CommandKind::For::Residents:
            return asker.resident();
        case CommandKind::For::Operators:
            break;
    }
    return asker.resident() && gate_.people.is_operator(asker.handle);
}

std::vector<CommandName> Commands::list(const Request& request) const {
    std::vector<CommandName> names;
    for (const CommandKind& each : command_kinds()) {
        if (may_use(each, request.asker))
            names.push_back({each.node, request.words.letter(each.title)});
    }
    return names;
}

Reply Commands::run(const Request& request) {
    drop_old();
    const CommandKind* kind = kind_of(request.payload.get("node"));
    if (kind == nullptr)
        return StanzaError{"cancel", "item-not-found", "there is no such command here"};
    if (!may_use(*kind, request.asker))
        return StanzaError{"auth", "forbidden", "this command is not for you"};
    const std::string id(request.payload.get("sessionid"));
    return id.empty() ? begin(*kind, request) : go_on(*kind, request, id);
}

Reply Commands::begin(const CommandKind& kind, const Request& request) {
    const std::string_view action = request.payload.get("action");
    if (!action.empty() && action != "execute")
        return refused(request, {"modify", "bad-request", "it has not begun"}, "bad-action");
    const std::string id = gate_.office.random().hex(8);
    if (kind.asks == nullptr) return carry_out(kind, request, id, {});
    if (!room_for(request.asker))
        return StanzaError{"wait", "resource-constraint", "too many forms are open: try later"};
    sessions_[id] = {kind.node, request.asker.jid, !request.asker.resident(),
                     gate_.office.clock().box() + kLife};
    const Form form{"form", request.words.letter(kind.title),
                    kind.how.empty() ? std::string() : request.words.letter(kind.how),
                    kind.asks(gate_, request.words)};
    Element step = command({"executing", kind.node, id});
    step.add(Element("actions").set("execute", "complete").add(Element("complete")));
    step.add(to_element(form));
    return result_of(request.iq, std::move(step));
}

Reply Commands::go_on(const CommandKind& kind, const Request& request, const std::string& id) {
    const auto session = sessions_.find(id);
    const bool his = session != sessions_.end() && session->second.jid == request.asker.jid &&
                     session->second.node == kind.node;
    if (!his) {
        return refused(request, {"cancel", "not-allowed", "this form is over: begin again"},
                       "session-expired");
    }
    const std::string_view action = request.payload.get("action");
    if (action == "cancel") {
        sessions_.erase(session);
        return result_of(request.iq, command({"canceled", kind.node, id}));
    }
    if (!action.empty() && action != "execute" && action != "complete" && action != "next")
        return refused(request, {"modify", "bad-request", "there is no such step"}, "bad-action");
    return carry_out(kind, request, id, submitted(request.payload));
}

// A form that is wrong leaves its session open, to be filled in again.
Reply Commands::carry_out(const CommandKind& kind, const Request& request, const std::string& id,
                          const FormValues& values) {
    if (kind.shows != nullptr) {
        Element step = command({"completed", kind.node, id});
        step.add(kind.shows(gate_, contacts_, request.words));
        return result_of(request.iq, std::move(step));
    }
    const auto line = kind.line(values);
    if (!line.ok())
        return refused(request, {"modify", "bad-request", line.error().text}, "bad-payload");
    if (kind.whom == CommandKind::For::Everybody && !tries_.may_try(gate_, request.asker))
        return StanzaError{"wait", "resource-constraint", "too many tries: wait some minutes"};
    sessions_.erase(id);
    Element step = command({"completed", kind.node, id});
    const std::string comes =
        request.words.letter("chat_answer_comes", {{"address", gate_.names.component()}});
    say_line(gate_, request.asker, *line,
             [outlet = outlet_, iq = request.iq, step = std::move(step),
              comes](const Verdict& verdict) mutable {
                 step.add(verdict.kept() ? note("info", comes) : note("error", verdict.text));
                 outlet->send(result_of(iq, std::move(step)));
             });
    return Later{};
}

// Strangers never take the room of all.
bool Commands::room_for(const Asker& asker) const {
    std::size_t his = 0;
    std::size_t outside = 0;
    for (const auto& [id, session] : sessions_) {
        if (session.jid.bare() == asker.jid.bare()) ++his;
        if (session.outside) ++outside;
    }
    return his < kMostOfOne && sessions_.size() < kMostSessions &&
           (asker.resident() || outside < kMostOutside);
}

void Commands::drop_old() {
    const BoxTime now = gate_.office.clock().box();
    std::erase_if(sessions_, [&](const auto& each) { return each.second.until <= now; });
}

}  // namespace waypost::xmpp
