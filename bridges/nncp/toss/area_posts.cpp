// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/toss/area_posts.h"

namespace waypost::nncp {

namespace {

// A third marker beside nncp's: that we made it, and with it one of the whole post. Where only
// nncp's is there, one of its tools took the post, and which body is not known.
Hash32 our_marker(const PostIds& ids) {
    return blake2b("waypost area post " + std::string(bytes_of(ids.message)));
}

}  // namespace

Result<PostIds> AreaPosts::ids_of(const Area& area, const Content& content) {
    const auto start = content.source();
    const auto header = read_start(*start, kPacketHeaderBytes);
    if (!header.ok()) return header.error();
    const auto decoded = decode_packet_header(*header);
    if (!decoded.ok()) return decoded.error();
    if (decoded->recipient != area.id) return bad_input("a post that is for another area");
    const auto all = content.source();
    const auto whole = mth_of(*all);
    if (!whole.ok()) return whole.error();
    return PostIds{area_message(*header), *whole, decoded->sender};
}

bool AreaPosts::had(const NodeId& node, const Area& area, const PostIds& ids) const {
    if (spool_.area_seen(node, area.id, ids.whole)) return true;
    return spool_.area_seen(node, area.id, ids.message) && !disputed(node, area, ids);
}

bool AreaPosts::disputed(const NodeId& node, const Area& area, const PostIds& ids) const {
    return spool_.area_seen(node, area.id, our_marker(ids)) &&
           !spool_.area_seen(node, area.id, ids.whole);
}

// The whole first: if it breaks off after that, nothing is taken twice.
Result<void> AreaPosts::mark(const NodeId& node, const Area& area, const PostIds& ids) const {
    for (const Hash32& each : {ids.whole, our_marker(ids), ids.message}) {
        const auto marked = spool_.mark_area_seen(node, area.id, each);
        if (!marked.ok()) return marked;
    }
    return {};
}

Result<void> AreaPosts::pass_on(const Arrival& post, const Area& area, const PostIds& ids,
                                const Content& content) {
    std::vector<Parcel> parcels;
    std::vector<std::unique_ptr<Source>> sources;
    for (const std::string& name : area.subscribers) {
        const Node* to = config_.find(name);
        if (to == nullptr) {
            return Error{Code::NotFound, "a subscriber that is not known: " + name, true};
        }
        if (to->id == post.packet.node || to->id == post.sender_id || to->id == ids.origin ||
            to->id == config_.self->id || had(to->id, area, ids)) {
            continue;
        }
        sources.push_back(content.source());
        Parcel& parcel = parcels.emplace_back();
        parcel.to = to;
        parcel.plain = {PacketType::Area, 0, post.plain.path};
        parcel.nice = post.nice;
        parcel.source = sources.back().get();
    }
    if (parcels.empty()) return {};
    const auto queued = outbox_.send(parcels);
    if (!queued.ok()) return queued.error();
    for (const Parcel& each : parcels) {
        if (const auto marked = mark(each.to->id, area, ids); !marked.ok()) return marked;
    }
    return {};
}

}  // namespace waypost::nncp
