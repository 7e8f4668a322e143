// SPDX-License-Identifier: Apache-2.0
// Letters to several neighbours of one radio: their text comes and goes by casts.
#include <utility>

#include "bridges/post/letters.h"
#include "gateway/base/log.h"
#include "gateway/message/text.h"
#include "radio/trunk/transport/trunk_post.h"

namespace waypost::trunk {
namespace {

std::string& text_of(post::Letter& letter) {
    return letter.mail.empty() ? letter.text : letter.mail;
}

}  // namespace

void TrunkPost::join_casts(CastSender& casts) {
    casts_out_ = &casts;
    casts.join(*this);
}

// True: the casts see to it.
bool TrunkPost::may_cast(ObjectId id, const Delivery& delivery, const post::Batch& batch,
                         const Parcel& parcel, BoxTime now) {
    if (casts_out_ == nullptr || !casts_out_->possible(*this) ||
        parcel.priority == Priority::Alarm || batch.letters.size() != 1 || !batch.events.empty())
        return false;
    post::Batch rest = batch;
    CastOffer offer;
    offer.mail = !rest.letters[0].mail.empty();
    const std::string text = std::exchange(text_of(rest.letters[0]), {});
    if (text.empty() || text.size() > CastInvitation::kMostText) return false;
    offer.id = id;
    offer.message = delivery.message;
    offer.priority = parcel.priority;
    offer.packed = options_.pack(text);
    offer.text_bytes = text.size();
    offer.letter = post::encode_short(rest, ours_, names_.number_of(), options_.pack).bytes;
    offer.alone = parcel.bytes.size();
    if (!casts_out_->consider(*this, std::move(offer), now)) return false;
    parcels_.add(id, parcel);
    wait_for_disk();
    return true;
}

// Rows of a cast are sealed: an amateur station neither sends nor takes any.
bool TrunkPost::takes_casts() const {
    return options_.casts && up() && (link_->their_features() & kTakesCasts) != 0;
}

std::optional<ObjectId> TrunkPost::invite(std::string object, Priority priority, BoxTime now) {
    const ObjectId id = parcels_.own_id(office_.random());
    if (!link_->offer({id, std::move(object), priority}, now).ok()) return std::nullopt;
    return id;
}

void TrunkPost::send_alone(ObjectId id, BoxTime now) {
    const Parcel* parcel = parcels_.find(id);
    if (parcel == nullptr) return;
    const auto taken = link_->offer({id, parcel->bytes, parcel->priority}, now);
    if (taken.ok()) return;
    not_taken(parcel->attempt, taken.error());
    parcels_.remove(id);
}

// Such objects are no letters. True: it was one.
bool TrunkPost::read_cast_word(const std::string& object, BoxTime now) {
    if (is_cast_answer(object)) {
        if (casts_out_ != nullptr) casts_out_->answered(*this, object, now);
        return true;
    }
    if (!is_cast_invitation(object)) return false;
    if (!options_.casts) return true;
    if (const auto taken = casts_in_.invited(object, now); !taken.ok())
        log(Level::Warning, "trunk", "no-cast", {{"id", id_}, {"why", taken.error().text}});
    return true;
}

void TrunkPost::run_casts(BoxTime now) {
    while (auto whole = casts_in_.take_whole()) take_cast(std::move(*whole), now);
    for (std::string& answer : casts_in_.answers(now))
        (void)link_->offer({parcels_.own_id(office_.random()), std::move(answer), Priority::Alarm},
                           now);
}

void TrunkPost::take_cast(CastsIn::Whole whole, BoxTime now) {
    const auto arrival = std::make_shared<Arrival>();
    arrival->cast = whole.cast;
    if (const auto read = read_cast(whole, *arrival); !read.ok()) {
        log(Level::Warning, "trunk", "no-cast", {{"id", id_}, {"why", read.error().text}});
        return casts_in_.refuse(whole.cast);
    }
    take_up(arrival, now);
}

// Error: nothing of it was taken; its letters will come alone, and who cannot read them then says
// so.
Result<void> TrunkPost::read_cast(const CastsIn::Whole& whole, Arrival& arrival) {
    auto text = options_.unpack(whole.packed, whole.invitation.text_bytes);
    if (!text.ok()) return text.error();
    if (text->size() != whole.invitation.text_bytes)
        return bad_input("the text is not as long as it says");
    if (!whole.invitation.mail) *text = clean_utf8(*text);
    std::vector<post::ShortBatch> all;
    for (const std::string& each : whole.invitation.letters) {
        auto rest = post::decode_short(each, theirs_, names_.name_of(), options_.unpack);
        if (!rest.ok()) return rest.error();
        if (rest->batch.letters.size() != 1) return bad_input("a cast of what is no letter");
        post::Letter& letter = rest->batch.letters[0];
        (whole.invitation.mail ? letter.mail : letter.text) = *text;
        all.push_back(std::move(*rest));
    }
    for (const post::ShortBatch& each : all) {
        names_.heard(each.said);
        (void)read_batch(each.batch, arrival);
    }
    return {};
}

}  // namespace waypost::trunk
