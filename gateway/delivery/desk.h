// SPDX-License-Identifier: Apache-2.0
// What the console and the command line ask of the gateway: questions answered from the store, and
// an operator's decisions, which go through the ledger like everything else. Thread-safe.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gateway/base/live_feed.h"
#include "gateway/config/settings_desk.h"
#include "gateway/couriers.h"
#include "gateway/custody/queue_acts.h"
#include "gateway/custody/responders.h"
#include "gateway/delivery/backup_facts.h"
#include "gateway/delivery/box_control.h"
#include "gateway/delivery/console_door.h"
#include "gateway/delivery/desk_groups.h"
#include "gateway/delivery/office.h"
#include "gateway/delivery/worker_facts.h"
#include "gateway/original.h"
#include "gateway/pictures/shrinker.h"

namespace waypost {

class HealthWatch;      // gateway/delivery/health_watch.h
class CertificateDesk;  // gateway/certificates/certificate_desk.h

struct TransportReport {
    TransportId id;
    std::string network;
    Status status;
    std::int64_t heard_ms = 0;  // when anything last came in by it; 0: not since the gateway runs
};

struct BoxReport {
    std::string domain;
    std::string village;
    std::vector<TransportReport> transports;
    std::vector<store::Count> counts;
    std::uint64_t disk_free = 0;
    bool disk_full = false;                        // below keep_free: nothing new is taken
    std::string store_problem;                     // empty: the store can write
    std::vector<store::EndpointRow> changed_keys;  // mail to them waits for the operator
    std::string time_doubt;                        // empty: the clock is believed
    Responders responders;                         // whom alarms reach, and whom not
    std::int64_t wall_ms = 0;
};

struct Trace {
    store::MessageRow message;
    std::vector<store::DeliveryRow> deliveries;
    std::vector<store::EventRow> events;
};

struct AttachmentList {
    std::vector<Attachment> all;  // numbers count from 1
    bool kept = true;             // they can be had
    std::string why_not;          // a sentence, if they cannot
};

// What app/ knows and the core does not. Each may be missing.
struct DeskTools {
    std::map<std::string, OpenAttachment> open_attachment;  // by network; "": of others
    std::shared_ptr<Shrinker> shrinker;
    std::shared_ptr<LiveFeed> live;
    std::shared_ptr<CourierDesk> couriers;
    std::shared_ptr<SettingsDesk> settings;
    std::shared_ptr<BoxControl> control;
    std::shared_ptr<HealthWatch> health;
    std::shared_ptr<CertificateDesk> certificates;
    std::function<BackupFacts()> own_backups;
    std::function<std::vector<WorkerFacts>()> workers;  // of a hub; empty: this is a box
    // By whom the clock is told what time it is (base/told_clock.h).
    std::function<Result<bool>(WallTime, const std::string& by)> tell_time;
};

// Which deliveries: those of one state, all there ever were, or what has not ended.
struct QueueView {
    std::optional<State> state;
    bool ended_too = false;
    std::string network{};  // empty: whichever
};

class Desk {
  public:
    explicit Desk(GatewayOffice& office, DeskTools tools = {})
        : office_(office), console_(office), tools_(std::move(tools)) {}

    BoxReport status();
    // Oldest first, those numbered above `after`.
    Result<std::vector<store::DeliveryRow>> queue(const QueueView& view, DeliveryId after,
                                                  int most);
    Result<void> act(QueueAct act, DeliveryId id);
    Result<Trace> trace(MessageId id);
    // Text from one of ours (handle) or, by the operator, from any address, by the ordinary way in.
    Result<std::vector<Verdict>> send(const std::string& from, const std::vector<std::string>& to,
                                      const std::string& subject, const std::string& text,
                                      Priority priority);

    Result<AttachmentList> attachments(MessageId id);
    // Attachment `number`, from 1, for `who` ("the operator"), whose opening is on record first.
    Result<std::unique_ptr<AttachmentContent>> open_attachment(MessageId id, std::size_t number,
                                                               const std::string& who);
    // A picture as WebP of at most `budget` bytes; 0: as the settings say.
    Result<std::string> small_picture(AttachmentContent& picture, std::size_t budget);

    std::vector<Person> people();
    Result<void> put_person(const std::string& handle, const std::string& name,
                            const std::string& language, const std::string& role,
                            std::optional<bool> minor = std::nullopt,
                            std::optional<Profile> profile = std::nullopt);
    Result<void> remove_person(const std::string& handle);
    // A link by which somebody outside can begin to write to this person, encrypted to the gateway.
    Result<std::string> invite(const std::string& handle);
    Result<void> bind(const std::string& handle, const std::string& address);
    // Opens the mailbox of a person, or gives it another password; see people/mail_accounts.h. An
    // error that says "on record" means: it is done, and the mail server was not told yet.
    Result<void> set_password(const std::string& handle, const Secret& password);
    Result<void> close_mailbox(const std::string& handle);
    // The operator vouches for the changed key of a radio (its address) or of a person's radios
    // (his handle): it is the pinned one from now on.
    Result<void> confirm_key(const std::string& who);
    // It is not theirs: the pinned key stays, and what waited goes.
    Result<void> reject_key(const std::string& who);
    Result<std::vector<store::ContactRow>> contacts(const std::string& owner);
    Result<void> put_contact(const std::string& owner, const std::string& address,
                             const std::string& nick, store::ContactState state);
    Result<void> remove_contact(const std::string& owner, const std::string& address);

    LiveFeed* live() { return tools_.live.get(); }             // null: nothing tells
    CourierDesk* couriers() { return tools_.couriers.get(); }  // null: nothing has couriers
    GatewayOffice& office() { return office_; }  // for what has a file of its own: desk_*.h
    GroupDesk groups() { return GroupDesk(office_); }
    ConsoleDoor& console() { return console_; }
    SettingsDesk* settings() { return tools_.settings.get(); }  // null: nobody can change them
    BoxControl* control() { return tools_.control.get(); }      // null: not run by the daemon
    HealthWatch* health() { return tools_.health.get(); }       // null: nobody looks
    // Null: the console does not encrypt.
    CertificateDesk* certificates() { return tools_.certificates.get(); }
    void confirm_time();
    // The operator says what time it is. BadInput: it cannot be; Conflict: the network knows.
    Result<void> set_time(WallTime now);
    BackupFacts own_backups() const;           // not planned: nobody makes any
    std::vector<WorkerFacts> workers() const;  // none: this is no hub
    Result<void> backup(const std::string& folder);

  private:
    std::vector<Address> changed_keys_of(const std::string& who);
    std::int64_t last_heard(const TransportId& id);
    Result<void> told_mail_server();
    Result<void> decide_key(const std::string& who,
                            const std::function<void(store::EndpointRow&)>& decide);
    store::Store& store() { return office_.box().store; }
    GatewayOffice& office_;
    ConsoleDoor console_;
    DeskTools tools_;
};

}  // namespace waypost
