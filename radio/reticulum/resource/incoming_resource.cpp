// SPDX-License-Identifier: Apache-2.0
// Whether we take it, what it is when it is whole, and how it ends. Parts: incoming_parts.cpp.
#include "radio/reticulum/resource/incoming_resource.h"

#include "radio/reticulum/resource/bzip.h"
#include "radio/reticulum/wire/crypto.h"

namespace waypost::reticulum {
namespace {

// What encryption and the four bytes before the data add at most.
constexpr std::size_t kMostOver = kResourceSalt + kTokenOver + 16;

Result<void> check_kind(const ResourceAdvertisement& advertisement) {
    if (advertisement.split || advertisement.segments != 1 || advertisement.segment != 1)
        return Error{Code::TooLarge,
                     "a resource of several segments (over 1 MiB) is not taken: send less at once",
                     false};
    if (advertisement.is_request || advertisement.is_response || !advertisement.request_id.empty())
        return Error{Code::Refused, "requests and responses are not spoken here", false};
    if (advertisement.has_metadata)
        return Error{Code::Refused, "a resource with metadata is a file: send a message", false};
    if (!advertisement.encrypted) return bad_input("a resource that is not encrypted");
    return {};
}

Result<void> check_sizes(const ResourceAdvertisement& advertisement, const ResourceLink& link,
                         const ResourceLimits& limits) {
    if (advertisement.data_bytes > limits.data_bytes)
        return Error{Code::TooLarge,
                     "a resource of " + std::to_string(advertisement.data_bytes) +
                         " bytes: at most " + std::to_string(limits.data_bytes) + " are taken",
                     false};
    const bool fits = advertisement.transfer_bytes <= advertisement.data_bytes + kMostOver &&
                      advertisement.parts ==
                          (advertisement.transfer_bytes + part_bytes(link) - 1) / part_bytes(link);
    if (!fits) return bad_input("a resource whose sizes contradict each other");
    return {};
}

}  // namespace

ResourceFrame refuse_resource(std::string_view hash) {
    return {Context::ResourceReject, std::string(hash)};
}

Result<IncomingResource> IncomingResource::accept(const ResourceAdvertisement& advertisement,
                                                  const ResourceLink& link,
                                                  const ResourceLimits& limits) {
    const auto kind = check_kind(advertisement);
    if (!kind.ok()) return kind.error();
    const auto sizes = check_sizes(advertisement, link, limits);
    if (!sizes.ok()) return sizes.error();
    IncomingResource out;
    out.advertisement_ = advertisement;
    out.link_ = link;
    out.map_ = advertisement.hashmap;
    out.parts_.resize(advertisement.parts);
    return out;
}

ResourceFrames IncomingResource::receive(const ResourceFrame& frame, BoxTime now) {
    if (frame.context == Context::Resource) return on_part(frame.body, now);
    if (resource_named(frame) != hash()) return {};
    switch (frame.context) {
        case Context::ResourceAdvertisement:
            return on_advertised_again(now);
        case Context::ResourceHashmap:
            return on_hashmap(frame.body, now);
        case Context::ResourceCancel:
            // What is whole is ours, whatever its sender thinks became of it.
            if (state_ == State::Receiving) end(State::Failed, "its sender called it off");
            return {};
        default:
            return {};
    }
}

ResourceFrames IncomingResource::on_advertised_again(BoxTime now) {
    // Our first request, or our proof, was lost; unless it is the very one that we began with.
    if (state_ == State::Receiving && received_ == 0 && now > asked_) return request_next(now);
    return proof_again();
}

ResourceFrames IncomingResource::assemble() {
    auto data = whole_data();
    parts_.clear();
    if (!data.ok()) return refuse(data.error().text);
    data_ = std::move(*data);
    proof_ = sha256(data_ + hash());
    end(State::Whole, {});
    return {};
}

Result<std::string> IncomingResource::whole_data() const {
    std::string sealed;
    sealed.reserve(received_bytes_);
    for (const std::string& part : parts_) sealed += part;
    if (sealed.size() != advertisement_.transfer_bytes)
        return bad_input("the parts of the resource are not what was advertised");
    const auto plain = link_.open(sealed);
    if (!plain || plain->size() < kResourceSalt)
        return bad_input("the resource was not encrypted by this link");
    std::string data = plain->substr(kResourceSalt);
    if (advertisement_.compressed) {
        auto unpacked = unbzip(data, advertisement_.data_bytes);
        if (!unpacked.ok()) return unpacked;
        data = std::move(*unpacked);
    }
    if (sha256(data + advertisement_.salt) != advertisement_.hash)
        return bad_input("the resource is not what its hash says");
    return data;
}

ResourceFrames IncomingResource::prove() {
    if (state_ != State::Whole) return {};
    std::string().swap(data_);
    end(State::Proved, {});
    return proof_again();
}

ResourceFrames IncomingResource::proof_again() const {
    if (state_ != State::Proved) return {};
    return {{Context::ResourceProof, resource_proof_bytes({hash(), proof_})}};
}

ResourceFrames IncomingResource::refuse(std::string why) {
    if (state_ == State::Proved || state_ == State::Failed) return {};
    std::string().swap(data_);
    end(State::Failed, std::move(why));
    return {refuse_resource(hash())};
}

void IncomingResource::end(State state, std::string why) {
    state_ = state;
    why_failed_ = std::move(why);
    parts_.clear();
    next_tick_ = BoxTime::max();
}

}  // namespace waypost::reticulum
