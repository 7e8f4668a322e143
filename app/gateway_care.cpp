// SPDX-License-Identifier: Apache-2.0
// What the gateway does for operators who are not there, and without the keys of stolen boxes.
#include "app/care_acts.h"
#include "app/care_keys.h"
#include "app/gateway.h"
#include "gateway/custody/stolen.h"
#include "gateway/update/update_desk.h"

namespace waypost {
namespace {

constexpr std::chrono::seconds kMainThreadComes{30};
// A radio needs some seconds from its start until it works.
constexpr std::chrono::milliseconds kLookAgain{250};
constexpr int kLooks = 20;

}  // namespace

// Before transports start: they do without what is revoked.
void Gateway::open_care(const Config& config) {
    const auto revoked = store_.read([](store::Tables& tables) { return revoked_keys(tables); });
    if (!revoked.ok()) throw std::runtime_error("revoked keys: " + revoked.error().text);
    transports_.revoked_are(*revoked);
    CareTools tools;
    tools.restart = [this](const TransportId& id) { return restart_transport(id); };
    tools.start_update = [this](const std::string& name) { return start_update(name); };
    if (control_) tools.open_anew = [control = control_] { (void)control->restart(); };
    care_ = std::make_unique<CareDesk>(office_, care_acts(desk_, std::move(tools)));
    care_->use(care_keys(config));
    office_.care_by(care_.get());
    care_->start();
}

void Gateway::close_care() {
    {
        const std::lock_guard lock(anew_mutex_);
        closing_ = true;
        restart_.reset();  // whoever waits for it hears so
    }
    if (care_) care_->stop();
}

// One that stands alone is made anew by the main thread; with others, all are.
Result<CareActs::Done> Gateway::restart_transport(const TransportId& id) {
    if (!control_) return Error{Code::Refused, "the gateway is not run by its daemon", false};
    if (!RunningTransports::can_restart(id))
        return CareActs::Done{id + " hangs together with others: all of the gateway opens anew",
                              [control = control_] { (void)control->restart(); }};
    std::future<Result<void>> done;
    {
        const std::lock_guard lock(anew_mutex_);
        if (closing_) return Error{Code::Busy, "the gateway closes", true};
        done = restart_.emplace(Restart{id, {}}).done.get_future();
    }
    control_->wake();
    if (done.wait_for(kMainThreadComes) != std::future_status::ready)
        return Error{Code::Timeout, "asked, and not known to have ended", true};
    try {
        if (const auto ended = done.get(); !ended.ok()) return ended.error();
    } catch (const std::future_error&) {
        return Error{Code::Busy, "the gateway closes", true};
    }
    std::string why;
    for (int look = 0; look < kLooks; ++look) {
        const auto transport = office_.transports().find(id);
        if (!transport) return Error{Code::NotFound, id + " has not come back", false};
        const Status status = transport->status();
        if (status.up) return CareActs::Done{id + " was made anew, it works"};
        why = status.why;
        std::this_thread::sleep_for(kLookAgain);
    }
    return CareActs::Done{id + " was made anew, it is down" + (why.empty() ? "" : ": " + why)};
}

// Installed beside what runs, and once more asked for: the machine starts into it.
Result<CareActs::Done> Gateway::start_update(const std::string& name) {
    const auto facts = updates() == nullptr ? std::nullopt : updates()->facts();
    if (facts && facts->job && facts->job->doing == "installed")
        return CareActs::Done{"the machine restarts into " + facts->job->version,
                              [desk = updates()] { (void)desk->restart_machine(); }};
    if (!facts || !facts->offer) return Error{Code::NotFound, "no update is offered here", false};
    const UpdateOffer& offer = *facts->offer;
    if (name.empty() ? offer.is != "newer" : name != offer.version)
        return Error{Code::NotFound,
                     "offered is " + offer.version + ", " + offer.is + ", and what runs is " +
                         facts->version + ": name it",
                     false};
    const auto begun = updates()->install();
    if (!begun.ok()) return begun.error();
    return CareActs::Done{"the update to " + offer.version +
                          " has begun; once more `update`, and the machine restarts into it"};
}

void Gateway::take_up_restart() {
    std::optional<Restart> restart;
    {
        const std::lock_guard lock(anew_mutex_);
        restart.swap(restart_);
    }
    if (restart) restart->done.set_value(transports_.restart(former(restart->id), restart->id));
}

}  // namespace waypost
