// SPDX-License-Identifier: Apache-2.0
// How objects are cut for the frames of the present modem.
#include "radio/trunk/outbox.h"
#include "radio/trunk/seal.h"

namespace waypost::trunk {
namespace {

std::size_t rows_of(std::size_t bytes, std::size_t size) {
    return size == 0 ? 1 : (bytes + size - 1) / size;
}

}  // namespace

std::size_t Outbox::size_for(std::size_t bytes) const {
    if (bytes <= room()) return 0;
    const std::size_t usual = fragment_size(), most = payload_ - kFragmentOverhead;
    if (rows_of(bytes + kBeforeBytes, usual) <= kMostFragments) return usual;
    return rows_of(bytes + kBeforeBytes, most) <= kMostFragments ? most : 0;
}

// The number has to end, and nobody waits for what is under it any more.
void Outbox::refuse(std::uint64_t number, Parcel& parcel) {
    refused_.insert(refused_.end(), parcel.ids.begin(), parcel.ids.end());
    parcel.ids.clear();
    parcel.bundle = true;
    parcel.content = encode_bundle({});
    cut(number, parcel, 0);
}

// `size` 0: in one frame. False: a frame cannot say so many rows, and the number of one would be
// that of another, so the same nonce for two texts.
bool Outbox::cut(std::uint64_t number, Parcel& parcel, std::size_t size) {
    parcel.size = size;
    if (size > 0) {
        std::string stream;
        put_varint(stream, parcel.content.size());
        stream += object_tag(psk_.reveal(), second_, number, parcel.content);
        parcel.content = stream + parcel.content;
    }
    const std::size_t rows = rows_of(parcel.content.size(), size);
    if (rows > kMostFragments) return false;
    parcel.rows.assign(rows, Row::Unsent);
    return true;
}

// A bundle that a larger modem was to send, and that is known not to be there: what fits keeps its
// number, the rest waits once more. Nothing under this number went in this session.
void Outbox::shrink(std::uint64_t number, std::vector<StateRow>& keep) {
    Parcel& parcel = open_[number];
    auto objects = parse_bundle(parcel.content);
    if (!objects.ok() || objects->size() != parcel.ids.size()) return refuse(number, parcel);
    Lane& lane = waiting_[parcel.priority];
    while (!objects->empty() && encode_bundle(*objects).size() > room()) {
        bytes_ += objects->back().size();
        lane.push_front({{parcel.ids.back(), std::move(objects->back()), parcel.priority}, {}});
        objects->pop_back();
        parcel.ids.pop_back();
    }
    parcel.content = encode_bundle(*objects);
    keep.push_back(record(number, parcel));
}

}  // namespace waypost::trunk
