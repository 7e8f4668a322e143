// SPDX-License-Identifier: Apache-2.0
#include "radio/reticulum/resource/outgoing_resource.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "radio/reticulum/resource/bzip.h"
#include "radio/reticulum/wire/crypto.h"

namespace waypost::reticulum {
namespace {

using namespace std::chrono_literals;

constexpr int kMostAdvertised = 5;  // once, and four times again
constexpr int kSaltTries = 64;      // a map that is not clear is one in thousands
// Within so many parts each has another hash: the receiver and we tell parts apart by it.
constexpr std::size_t kGuard = 2 * kMostRequested + kHashesInPacket;
// The receiver asks 16 times, each time a half second later, for what does not come.
constexpr int kReceiverRetries = 16;
constexpr auto kReceiverPauses = 68s;
constexpr auto kGrace = 10s;
constexpr int kMostProofAsked = 3;
constexpr int kProofAskedAlone = 2;  // of these, before it is advertised again
constexpr int kPartsOnTheirWay = 16;

}  // namespace

Result<OutgoingResource> OutgoingResource::make(std::string_view data, const ResourceLink& link,
                                                Random& random, bool compress) {
    if (data.empty()) return bad_input("an empty resource has nothing to carry");
    if (data.size() > kMostSegment)
        return Error{Code::TooLarge,
                     "a resource carries at most " + std::to_string(kMostSegment) + " bytes",
                     false};
    OutgoingResource out;
    out.part_bytes_ = part_bytes(link);
    out.rtt_ = link.rtt;
    out.part_time_ = link.part_time;
    const std::string packed = compress ? bzip(data) : std::string();
    out.advertisement_.compressed = compress && packed.size() < data.size();
    const std::string_view body = out.advertisement_.compressed ? packed : data;
    // Four bytes of chance before it, which the receiver throws away.
    out.sealed_ = link.seal(random_bytes(random, kResourceSalt).append(body));
    const std::size_t parts = (out.sealed_.size() + out.part_bytes_ - 1) / out.part_bytes_;
    out.sent_.resize(parts);
    out.advertisement_.transfer_bytes = out.sealed_.size();
    out.advertisement_.data_bytes = data.size();
    out.advertisement_.parts = static_cast<std::uint32_t>(parts);
    for (int tries = 0; tries < kSaltTries; ++tries) {
        out.choose_salt(data, random);
        if (out.map_is_clear()) return out;
    }
    return Error{Code::Internal, "no salt makes the parts of this resource differ", true};
}

void OutgoingResource::choose_salt(std::string_view data, Random& random) {
    advertisement_.salt = random_bytes(random, kResourceSalt);
    advertisement_.hash = sha256(std::string(data) + advertisement_.salt);
    advertisement_.first_hash = advertisement_.hash;
    expected_ = sha256(std::string(data) + advertisement_.hash);
    map_.clear();
    for (std::size_t i = 0; i < parts(); ++i) map_ += map_hash(part(i), advertisement_.salt);
    advertisement_.hashmap = hashes(0, std::min(parts(), kHashesInPacket));
}

bool OutgoingResource::map_is_clear() const {
    std::unordered_map<std::string_view, std::size_t> last;
    for (std::size_t i = 0; i < parts(); ++i) {
        const auto [found, is_new] = last.try_emplace(hashes(i, i + 1), i);
        if (!is_new && i - found->second < kGuard) return false;
        found->second = i;
    }
    return true;
}

std::string_view OutgoingResource::part(std::size_t index) const {
    return std::string_view(sealed_).substr(index * part_bytes_, part_bytes_);
}

std::string_view OutgoingResource::hashes(std::size_t begin, std::size_t end) const {
    return std::string_view(map_).substr(begin * kMapHash, (end - begin) * kMapHash);
}

ResourceFrames OutgoingResource::start(BoxTime now) {
    if (state_ != State::Ready && state_ != State::Advertised) return {};
    state_ = State::Advertised;
    ++advertised_;
    next_tick_ = now + 6 * rtt_ + 1s + 2 * part_time_;
    return {{Context::ResourceAdvertisement, advertisement_bytes(advertisement_)}};
}

ResourceFrames OutgoingResource::tick(BoxTime now) {
    if (now < next_tick_) return {};
    if (state_ == State::Advertised && advertised_ < kMostAdvertised) return start(now);
    if (state_ == State::Advertised) return give_up("the receiver did not ask for it");
    if (state_ == State::Sending) return give_up("the receiver stopped asking for parts");
    if (state_ == State::AwaitingProof && proof_asked_ < kMostProofAsked) return ask_for_proof(now);
    return give_up("everything was sent, and the receiver did not prove that it has it");
}

// The proof may be what was lost: who keeps it gives it again. Who has forgotten the resource, or
// never had its last parts, asks for parts when it is advertised; last, for they cost airtime.
ResourceFrames OutgoingResource::ask_for_proof(BoxTime now) {
    ++proof_asked_;
    wait_for_peer(now);
    if (proof_asked_ <= kProofAskedAlone)
        return {{Context::CacheRequest, resource_proof_bytes({hash(), expected_})}};
    low_ = 0;
    return {{Context::ResourceAdvertisement, advertisement_bytes(advertisement_)}};
}

ResourceFrames OutgoingResource::receive(const ResourceFrame& frame, BoxTime now) {
    const bool open =
        state_ == State::Advertised || state_ == State::Sending || state_ == State::AwaitingProof;
    if (!open || resource_named(frame) != hash()) return {};
    if (frame.context == Context::ResourceRequest) return on_request(frame.body, now);
    if (frame.context == Context::ResourceReject) {
        state_ = State::Failed;
        why_failed_ = "the receiver does not take it";
        next_tick_ = BoxTime::max();
    }
    if (frame.context == Context::ResourceProof &&
        frame.body.compare(kFullHash, kFullHash, expected_) == 0) {
        state_ = State::Proved;
        next_tick_ = BoxTime::max();
    }
    return {};
}

ResourceFrames OutgoingResource::on_request(std::string_view body, BoxTime now) {
    const auto request = parse_part_request(body);
    ResourceFrames out;
    send_wanted(*request, out);
    state_ = sent_count_ == parts() ? State::AwaitingProof : State::Sending;
    wait_for_peer(now);
    // A request that asks for more of the map may ask for parts too: it gets both.
    if (!request->last_known.empty()) send_hashmap(*request, out);
    return out;
}

void OutgoingResource::send_wanted(const PartRequest& request, ResourceFrames& out) {
    std::unordered_set<std::string_view> wanted;
    for (std::size_t i = 0; i < request.wanted.size(); i += kMapHash)
        wanted.insert(std::string_view(request.wanted).substr(i, kMapHash));
    const std::size_t end = std::min(low_ + kGuard, parts());
    for (std::size_t i = low_; i < end && !wanted.empty(); ++i) {
        if (wanted.erase(hashes(i, i + 1)) == 0) continue;
        out.push_back({Context::Resource, std::string(part(i))});
        if (!sent_[i]) ++sent_count_;
        sent_[i] = true;
    }
}

void OutgoingResource::send_hashmap(const PartRequest& request, ResourceFrames& out) {
    const std::size_t end = std::min(low_ + kGuard, parts());
    std::size_t last = low_;
    while (last < end && hashes(last, last + 1) != request.last_known) ++last;
    if (last == end) return;  // a late one: that part of the map has long been sent
    const std::size_t next = last + 1;
    if (next % kHashesInPacket != 0 || next >= parts()) {
        const auto cancelled = give_up("the receiver asked for a map that there is not");
        out.insert(out.end(), cancelled.begin(), cancelled.end());
        return;
    }
    low_ = std::max(low_, last - std::min(last, kMostRequested));
    const std::string_view more = hashes(next, std::min(next + kHashesInPacket, parts()));
    const auto segment = static_cast<std::uint32_t>(next / kHashesInPacket);
    out.push_back({Context::ResourceHashmap,
                   hashmap_update_bytes({advertisement_.hash, segment, std::string(more)})});
}

void OutgoingResource::wait_for_peer(BoxTime now) {
    if (state_ == State::AwaitingProof && proof_asked_ < kMostProofAsked) {
        next_tick_ = now + 6 * rtt_ + kGrace + 2 * kPartsOnTheirWay * part_time_;
        return;
    }
    next_tick_ = now + kReceiverRetries * (6 * rtt_ + 2 * part_time_) + kReceiverPauses + kGrace +
                 2 * static_cast<int>(kMostRequested) * part_time_;
}

ResourceFrames OutgoingResource::cancel() { return give_up("it was called off"); }

ResourceFrames OutgoingResource::give_up(std::string why) {
    const bool told = state_ != State::Ready;
    next_tick_ = BoxTime::max();
    if (state_ == State::Proved || state_ == State::Failed) return {};
    state_ = State::Failed;
    why_failed_ = std::move(why);
    if (!told) return {};
    return {{Context::ResourceCancel, advertisement_.hash}};
}

}  // namespace waypost::reticulum
