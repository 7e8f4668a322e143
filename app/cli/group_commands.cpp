// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "app/cli/cli.h"

namespace waypost::cli {
namespace {

struct GroupFields {
    std::string name, title, mode, post, who, id;
    std::vector<std::string> moderators;
    bool digest = false;
};
using Fields = std::shared_ptr<GroupFields>;

std::string path_of(const GroupFields& f, const std::string& rest = {}) {
    return "/groups/" + encode(f.name) + rest;
}

// What was said, and nothing else: the rest of the group stays.
Json::Ptr wish(const CLI::App& command, const GroupFields& f) {
    Json::Ptr body = new Json;
    if (command.count("--title") > 0) body->set("title", f.title);
    if (command.count("--mode") > 0) body->set("mode", f.mode);
    if (command.count("--post") > 0) body->set("post", f.post);
    if (command.count("--moderators") > 0) {
        Poco::JSON::Array handles;
        for (const std::string& each : f.moderators) {
            if (!each.empty()) handles.add(each);
        }
        body->set("moderators", handles);
    }
    return body;
}

std::string group_line(const Json& g) {
    std::string line = g.getValue<std::string>("name");
    if (const auto title = g.getValue<std::string>("title"); !title.empty())
        line += " (" + title + ')';
    line += ' ' + g.getValue<std::string>("mode") + ", " + g.getValue<std::string>("members") +
            " members";
    if (g.getValue<std::string>("post") == "anyone") line += ", anyone posts";
    const auto moderators = g.getArray("moderators");
    for (unsigned j = 0; j < moderators->size(); ++j)
        line += (j == 0 ? ", moderated by " : " ") + moderators->getElement<std::string>(j);
    return line;
}

void list_groups(Context& context) {
    print_list(context, "/groups", "groups", "None yet: waypost groups add NAME", group_line);
}

void list_members(Context& context, const GroupFields& f) {
    std::string after;
    for (;;) {
        const auto reply = ask(context, "GET", path_of(f, "/members?after=" + encode(after)));
        if (!reply.ok()) return fail(context, reply.error());
        if (context.json) return print_json(**reply);
        const auto all = (*reply)->getArray("members");
        if (all->size() == 0 && after.empty()) print("Nobody yet.");
        if (all->size() == 0) return;
        for (unsigned i = 0; i < all->size(); ++i) {
            const auto m = all->getObject(i);
            after = m->getValue<std::string>("address");
            print(after + (m->getValue<bool>("moderator") ? ", moderator" : "") +
                  (m->getValue<bool>("digest") ? ", digests only" : ""));
        }
    }
}

void list_posts(Context& context, const GroupFields& f) {
    print_list(context, path_of(f, "/posts"), "posts", "Nothing waits for a moderator.",
               [](const Json& p) {
                   return p.getValue<std::string>("id") + ' ' + p.getValue<std::string>("author") +
                          ", " + ago(p.getValue<Poco::Int64>("at")) + ": " +
                          p.getValue<std::string>("text");
               });
}

void add_wish(CLI::App& command, const Fields& f) {
    command.add_option("NAME", f->name)->required();
    command.add_option("--title", f->title, "as mail shows it");
    command.add_option("--mode", f->mode, "open, moderated, or closed: only moderators post");
    command.add_option("--post", f->post, "who may, of an open one: members or anyone");
    command.add_option("--moderators", f->moderators, "handles: ana,ben")->delimiter(',');
}

void add_changes(CLI::App& groups, Context& context, const Fields& f) {
    auto* add = groups.add_subcommand("add", "a new group");
    add_wish(*add, f);
    add->callback([&context, f, add] {
        auto body = wish(*add, *f);
        body->set("name", f->name);
        finish(context, ask(context, "POST", "/groups", body), f->name + " is a group.");
    });
    auto* set = groups.add_subcommand("set", "change what is said, leave the rest");
    add_wish(*set, f);
    set->callback([&context, f, set] {
        finish(context, ask(context, "PUT", path_of(*f), wish(*set, *f)), "Done.");
    });
    auto* remove = groups.add_subcommand("remove", "end a group");
    remove->add_option("NAME", f->name)->required();
    remove->callback([&context, f] {
        finish(context, ask(context, "DELETE", path_of(*f)), f->name + " is no group any more.");
    });
}

void add_membership(CLI::App& groups, Context& context, const Fields& f) {
    auto* members = groups.add_subcommand("members", "who is in it");
    members->add_option("NAME", f->name)->required();
    members->callback([&context, f] { list_members(context, *f); });
    auto* join = groups.add_subcommand("join", "put somebody in");
    join->add_option("NAME", f->name)->required();
    join->add_option("WHO", f->who, "a handle, or a mail address outside")->required();
    join->add_flag("--digest", f->digest, "his radio gets digests only");
    join->callback([&context, f] {
        Json::Ptr body = new Json;
        body->set("who", f->who);
        body->set("digest", f->digest);
        finish(context, ask(context, "POST", path_of(*f, "/members"), body),
               f->who + " is in " + f->name + '.');
    });
    auto* leave = groups.add_subcommand("leave", "put somebody out");
    leave->add_option("NAME", f->name)->required();
    leave->add_option("WHO", f->who)->required();
    leave->callback([&context, f] {
        Json::Ptr body = new Json;
        body->set("who", f->who);
        finish(context, ask(context, "DELETE", path_of(*f, "/members"), body),
               f->who + " is out of " + f->name + '.');
    });
}

void add_decisions(CLI::App& groups, Context& context, const Fields& f) {
    auto* posts = groups.add_subcommand("posts", "what waits for a moderator");
    posts->add_option("NAME", f->name)->required();
    posts->callback([&context, f] { list_posts(context, *f); });
    for (const char* word : {"pass", "drop"}) {
        const bool passes = std::string(word) == "pass";
        auto* decide = groups.add_subcommand(
            word, passes ? "a post that waits goes to all" : "it goes to nobody");
        decide->add_option("NAME", f->name)->required();
        decide->add_option("ID", f->id, "as `groups posts` shows it")->required();
        decide->callback([&context, f, word] {
            finish(context,
                   ask(context, "POST", path_of(*f, "/posts/" + encode(f->id) + '/' + word)),
                   "Done.");
        });
    }
}

}  // namespace

void add_groups(CLI::App& app, Context& context) {
    const auto f = std::make_shared<GroupFields>();
    auto* groups = app.add_subcommand("groups", "lists of people: #news by radio, news@ by mail");
    groups->require_subcommand(0, 1);
    groups->add_subcommand("list", "all of them")->callback([&context] { list_groups(context); });
    add_changes(*groups, context, f);
    add_membership(*groups, context, f);
    add_decisions(*groups, context, f);
    groups->callback([&context, groups] {
        if (groups->get_subcommands().empty()) list_groups(context);
    });
}

}  // namespace waypost::cli
