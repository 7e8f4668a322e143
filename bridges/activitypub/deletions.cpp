// SPDX-License-Identifier: Apache-2.0
#include "bridges/activitypub/deletions.h"

#include <algorithm>
#include <set>

namespace waypost::activitypub {
namespace {

Outcome asked(int servers) {
    return outcome(Outcome::Kind::Sent, std::to_string(servers), "servers asked to delete it");
}

int servers_of(const std::vector<std::string>& inboxes) {
    std::set<std::string> hosts;
    for (const std::string& inbox : inboxes) hosts.insert(host_of(inbox));
    return static_cast<int>(hosts.size());
}

void append(std::vector<std::string>& all, std::vector<std::string> more) {
    all.insert(all.end(), more.begin(), more.end());
}

}  // namespace

Result<std::vector<std::string>> Deletions::inboxes_of(const std::string& author,
                                                       const Post& post) const {
    std::vector<std::string> all;
    if (post.open) {
        append(all, gate_.followers.inboxes(author));
        append(all, gate_.followers.left(author));
        append(all, gate_.posts.reacted(post.id));
    } else if (!post.inbox.empty()) {
        all.push_back(post.inbox);
    } else {
        for (const std::string& reader : post.readers) {
            const auto actor = gate_.remote.actor(reader);
            if (!actor.ok() && actor.error().retry) return actor.error();
            if (actor.ok()) all.push_back(actor->inbox);
        }
    }
    std::erase_if(all, [&](const std::string& inbox) { return !gate_.allowed(inbox); });
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
    return all;
}

Outcome Deletions::take_back(const WireId& note) {
    const std::string author = gate_.site.author_of(note);
    const auto post = gate_.posts.find(note);
    if (author.empty() || !post)
        return outcome(Outcome::Kind::Failed, "unknown", "it is too old to be taken back");
    int servers = post->asked;
    if (post->gone == 0) {
        const auto inboxes = inboxes_of(author, *post);
        if (!inboxes.ok()) return outcome(Outcome::Kind::Retry, "network", inboxes.error().text);
        const auto to = post->open ? std::vector<std::string>{std::string(kPublic)} : post->readers;
        servers = servers_of(*inboxes);
        gate_.queue.add_for_all(*inboxes, author, "delete " + note,
                                delete_json(gate_.site.actor(author), note, to, gate_.now()));
        // Last: after a crash before it they are asked once more, which changes nothing there.
        gate_.posts.remove(author, note, servers);
    }
    if (!gate_.state.wait_durable())
        return outcome(Outcome::Kind::Retry, "local", "the store failed");
    return asked(servers);
}

}  // namespace waypost::activitypub
