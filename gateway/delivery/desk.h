// SPDX-License-Identifier: Apache-2.0
// What the console and the command line ask of the gateway: questions answered from the store, and
// an operator's decisions, which go through the ledger like everything else. Thread-safe.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gateway/delivery/office.h"
#include "gateway/delivery/responders.h"

namespace waypost {

struct TransportReport {
    TransportId id;
    std::string network;
    Status status;
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

enum class QueueAct { Hold, Release, Cancel, Retry };

// Which deliveries: those of one state, all there ever were, or what has not ended.
struct QueueView {
    std::optional<State> state;
    bool ended_too = false;
};

class Desk {
  public:
    explicit Desk(GatewayOffice& office) : office_(office) {}

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

    std::vector<Person> people();
    Result<void> put_person(const std::string& handle, const std::string& name,
                            const std::string& language, const std::string& role);
    Result<void> remove_person(const std::string& handle);
    // A link by which somebody outside can begin to write to this person, encrypted to the gateway.
    Result<std::string> invite(const std::string& handle);
    Result<void> bind(const std::string& handle, const std::string& address);
    // The operator vouches for the changed key of a radio (its address) or of a person's radios
    // (his handle): it is the pinned one from now on.
    Result<void> confirm_key(const std::string& who);
    // It is not theirs: the pinned key stays, and what waited goes.
    Result<void> reject_key(const std::string& who);
    Result<std::vector<store::ContactRow>> contacts(const std::string& owner);
    Result<void> put_contact(const std::string& owner, const std::string& address,
                             const std::string& nick, store::ContactState state);
    Result<void> remove_contact(const std::string& owner, const std::string& address);

    void confirm_time() { office_.confirm_time(); }
    Result<void> backup(const std::string& folder);

  private:
    std::vector<Address> changed_keys_of(const std::string& who);
    Result<void> decide_key(const std::string& who,
                            const std::function<void(store::EndpointRow&)>& decide);
    store::Store& store() { return office_.box().store; }
    GatewayOffice& office_;
};

}  // namespace waypost
