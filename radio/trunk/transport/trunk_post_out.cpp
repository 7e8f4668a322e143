// SPDX-License-Identifier: Apache-2.0
// The way out.
#include "bridges/post/letters.h"
#include "radio/trunk/transport/amateur_post.h"
#include "radio/trunk/transport/trunk_post.h"

namespace waypost::trunk {
namespace {

constexpr std::chrono::seconds kWhenFull{60};
constexpr std::chrono::seconds kWhenDown{300};
constexpr std::size_t kChat = 400;  // bytes of a text that somebody waits for

Priority priority_of(const Delivery& delivery) {
    if (delivery.priority == waypost::Priority::Alarm) return Priority::Alarm;
    if (delivery.priority == waypost::Priority::Bulk || delivery.list) return Priority::Bulk;
    return delivery.text.size() <= kChat ? Priority::Chat : Priority::Mail;
}

// What goes by radio of a mail: what its author wrote, and that there was more.
Delivery as_text(Delivery delivery) {
    constexpr std::uint64_t kDress = 3000;  // header lines, and the text once more as HTML
    const std::uint64_t all = delivery.body.size;
    if (all > 3 * delivery.text.size() + kDress)
        delivery.text += "\n[" + std::to_string((all + 1023) / 1024) +
                         " KB: attachments did not fit the radio link]";
    delivery.body = {};
    if (delivery.references.size() > 1) delivery.references.resize(1);
    return delivery;
}

// Of an attempt that was begun, and of which nothing has left.
Outcome gone() {
    Outcome outcome;
    outcome.kind = Outcome::Kind::Retry;
    outcome.code = "connection";
    outcome.detail = "the radio is gone";
    return outcome;
}

}  // namespace

void TrunkPost::deliver(Delivery delivery) {
    const AttemptId attempt = delivery.attempt;
    const WireId wire_id = delivery.wire_id.value_or(delivery.message_id);
    office_.begin(attempt, wire_id,
                  [posted = posted_, office = &office_, this, attempt,
                   delivery = std::move(delivery)](bool go) mutable {
                      if (!go) return;
                      const auto job = [this, delivery = std::move(delivery)](BoxTime now) {
                          take(delivery, now);
                      };
                      if (!posted->put(job)) office->report(attempt, gone());
                  });
}

void TrunkPost::take(Delivery delivery, BoxTime now) {
    const ObjectId id = Parcels::id_of(delivery.attempt);
    if (parcels_.find(id) != nullptr) return;  // a restart offers it again, and it is on its way
    if (!met_ || !wrong_peer_.empty() || patience_.over())
        return report(delivery.attempt, Outcome::Kind::NotTried, "connection", why_down(),
                      kWhenDown);
    if (options_.licensed) {
        if (auto refused = refused_by_amateur(delivery, *options_.licensed))
            return office_.report(delivery.attempt, std::move(*refused));
    }
    const auto batch = batch_of(delivery);
    if (!batch.ok())
        return report(delivery.attempt,
                      batch.error().retry ? Outcome::Kind::Retry : Outcome::Kind::Failed,
                      "unwritable", batch.error().text);
    post::ShortForm form = post::encode_short(*batch, ours_, names_.number_of(), options_.pack);
    if (form.bytes.size() > options_.most_bytes) return too_long(delivery.attempt);
    const Parcel parcel{delivery.attempt, priority_of(delivery), std::move(form.said),
                        std::move(form.bytes)};
    if (may_cast(id, delivery, *batch, parcel, now)) return;
    if (const auto taken = offer(id, parcel, now); !taken.ok())
        not_taken(delivery.attempt, taken.error());
}

void TrunkPost::not_taken(AttemptId attempt, const Error& why) {
    if (why.code == Code::TooLarge) return too_long(attempt);
    report(attempt, Outcome::Kind::NotTried, "busy", why.text, kWhenFull);
}

Result<post::Batch> TrunkPost::batch_of(const Delivery& delivery) {
    post::Batch batch;
    batch.origin = office_.domain();
    if (post::is_event(delivery)) {
        batch.events.push_back(post::event_of(delivery, office_.clock().wall()));
        if (options_.licensed) take_off_text(batch.events.back());
        return batch;
    }
    auto letter = post::letter_of(as_text(delivery), office_);
    if (!letter.ok()) return letter.error();
    batch.letters.push_back(std::move(*letter));
    return batch;
}

// On record before the link may send it.
Result<void> TrunkPost::offer(ObjectId id, const Parcel& parcel, BoxTime now) {
    if (const auto taken = link_->offer({id, parcel.bytes, parcel.priority}, now); !taken.ok())
        return taken.error();
    parcels_.add(id, parcel);
    wait_for_disk();
    return {};
}

void TrunkPost::too_long(AttemptId attempt) {
    report(attempt, Outcome::Kind::Failed, "5.3.4",
           "too long for the radio link to " + options_.peer);
}

void TrunkPost::report(AttemptId attempt, Outcome::Kind kind, const std::string& code,
                       const std::string& detail, std::optional<std::chrono::seconds> after) {
    Outcome outcome;
    outcome.kind = kind;
    outcome.code = code;
    outcome.detail = detail;
    outcome.retry_after = after;
    outcome.wish_taken = kind == Outcome::Kind::Sent;
    if (kind == Outcome::Kind::Sent) outcome.privacy = privacy();
    office_.report(attempt, std::move(outcome));
}

// What was begun and not taken yet is taken first. Our own words stay on disk, for a radio that
// comes back after all.
void TrunkPost::give_back() {
    const BoxTime now = office_.clock().box();
    for (const auto& job : posted_->take()) job(now);
    posted_->shut();
    const auto all = parcels_.all();
    for (const auto& [id, parcel] : all) {
        if (parcel.attempt.delivery == 0) continue;
        report(parcel.attempt, Outcome::Kind::Retry, "connection",
               "the radio to " + options_.peer + " is gone");
        parcels_.remove(id);
    }
}

}  // namespace waypost::trunk
