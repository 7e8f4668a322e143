// SPDX-License-Identifier: Apache-2.0
#include "gateway/care/care_desk.h"

#include <algorithm>
#include <future>

#include "gateway/base/encoding.h"
#include "gateway/base/log.h"
#include "gateway/custody/intake.h"
#include "gateway/custody/stolen.h"
#include "gateway/message/care_text.h"
#include "gateway/message/text.h"

namespace waypost {
namespace {

constexpr store::Ms kLogEvery = 60'000;
constexpr std::size_t kMostJobs = 20;      // that wait
constexpr std::size_t kMostAnswer = 2000;  // bytes
constexpr char kNotKnown[] = "begun before, and not known to have ended";
constexpr char kWaits[] = "it waits for its turn";
constexpr std::size_t kAboutBytes = 120;  // of the answer, on the operators' record

Verdict refused(const Error& why) {
    const bool later = why.retry;
    return {later ? Verdict::Kind::Later : Verdict::Kind::Refused,
            later ? Verdict::Reason::Busy : Verdict::Reason::NotAllowed, why.text, 0};
}

std::string who_wrote(const Message& message) {
    const std::string& way = message.peer.empty() ? message.transport : message.peer;
    return one_line("mail " + message.from.value + " by " + way, kAboutBytes);
}

bool may_still_be_counted(Ledger& ledger, const char* what) {
    return ledger.tables().state.use("care", ledger.box().day(), what) <= CareDesk::kRepeatsPerDay;
}

void audit(Ledger& ledger, const CareRecord& record, const std::string& result) {
    ledger.tables().console.add_audit({0, ledger.now(), record.who,
                                       "care " + record.command + " (" + record.way + ')',
                                       one_line(result, kAboutBytes)});
}

}  // namespace

CareDesk::CareDesk(GatewayOffice& office, std::unique_ptr<CareActs> acts)
    : office_(office), acts_(std::move(acts)) {}

CareDesk::~CareDesk() { stop(); }

void CareDesk::use(std::vector<CareKey> keys) {
    const std::lock_guard lock(mutex_);
    keys_ = std::move(keys);
}

bool CareDesk::is_open() const {
    const std::lock_guard lock(mutex_);
    return !keys_.empty();
}

void CareDesk::start() {
    take_up_waiting();
    thread_ = std::thread([this] { loop(); });
}

void CareDesk::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    more_.notify_all();
    if (thread_.joinable()) thread_.join();
}

// One line a minute, however many come. What costs time is one signature for each that names a key
// of ours.
Error CareDesk::refuse_unknown(const std::string& why) {
    std::size_t times = 0;
    {
        const std::lock_guard lock(mutex_);
        ++refused_;
        const store::Ms now = office_.box().box_ms();
        if (refused_box_ms_ == 0 || now - refused_box_ms_ >= kLogEvery) {
            refused_box_ms_ = now;
            times = std::exchange(refused_, 0);
        }
    }
    if (times > 0)
        log(Level::Warning, "care", "refused", {{"times", std::to_string(times)}, {"why", why}});
    return {Code::Refused, why, false};
}

Result<CareDesk::Known> CareDesk::know(std::string_view bytes) {
    auto packet = care::parse_packet(bytes);
    if (!packet.ok()) return refuse_unknown(packet.error().text);
    if (packet->box != care::box_print(office_.domain()))
        return refuse_unknown("this command is for another box");
    std::vector<CareKey> keys;
    {
        const std::lock_guard lock(mutex_);
        keys = keys_;
    }
    bool named = false;
    for (CareKey& key : keys) {
        if (packet->key != care::key_id(key.key)) continue;
        named = true;
        if (!care::is_signed_by(*packet, key.key)) continue;
        Known known{std::move(*packet), std::move(key), {}, {}};
        auto command = parse_care_command(known.packet.command);
        if (command.ok())
            known.command = std::move(*command);
        else
            known.why_not = command.error();
        return known;
    }
    return refuse_unknown(named ? "the signature is wrong"
                                : "the key is not known here: add it as [care.NAME]");
}

// Ok: what is to be said of it beside the answer.
Result<std::string> CareDesk::age_of(const care::Packet& packet) const {
    if (packet.minutes == 0) return std::string();
    if (!office_.time_doubt().empty())
        return std::string("(the clock here is not believed: its age was not looked at) ");
    const auto end = static_cast<store::Ms>(packet.number) + packet.minutes * store::Ms{60'000};
    if (office_.box().wall_ms() <= end) return std::string();
    return Error{
        Code::Refused,
        "expired: it was good for " + std::to_string(packet.minutes) + " minutes; sign it anew",
        false};
}

CareDesk::Admitted CareDesk::judge(Ledger& ledger, const Order& order) const {
    const Known& known = order.known;
    auto& tables = ledger.tables();
    Admitted admitted;
    CareRecord& record = admitted.record;
    record.at_ms = ledger.now();
    record.who = known.key.name;
    record.way = order.way;
    record.command = known.packet.command;
    record.key = care_key_hash(known.key.key);
    record.number = known.packet.number;
    record.print = short_hash(known.packet.bytes);
    record.reply = order.reply;
    const auto refuse = [&](Error why) {
        if (may_still_be_counted(ledger, "refused")) audit(ledger, record, "refused: " + why.text);
        admitted.answer = std::move(why);
        return admitted;
    };
    if (const auto stolen = from_stolen(ledger, order.brought))
        return refuse({Code::Refused, stolen->text, false});
    if (const auto before = care_record(tables, record.key, record.number);
        before && before->print == record.print) {
        if (before->way != order.way && !order.on_answer)
            return refuse({Code::Refused, "it came before, by another way", false});
        if (!may_still_be_counted(ledger, "again"))
            return refuse({Code::Refused, "it was answered often enough today", false});
        record = *before;
        if (record.answer.empty()) record.answer = record.begun ? kNotKnown : kWaits;
        admitted.answer = record.answer;
        return admitted;
    }
    const std::uint64_t last = last_care_number(tables, record.key);
    if (record.number <= last)
        return refuse({Code::Refused,
                       "came before, or a later one overtook it: its number is " +
                           std::to_string(record.number) + ", the last one was " +
                           std::to_string(last) + "; sign it anew",
                       false});
    const auto age = age_of(known.packet);
    if (!age.ok()) return refuse(age.error());
    if (!known.why_not.text.empty()) return refuse(known.why_not);
    if (known.key.may.count(known.command.verb) == 0)
        return refuse(
            {Code::Refused, "[care." + known.key.name + "] may not " + known.command.verb, false});
    admitted.fresh = true;
    record.note = *age;
    begin_care(tables, record);
    return admitted;
}

void CareDesk::admit(std::shared_ptr<Order> order,
                     std::function<void(bool, const Admitted&)> admitted) {
    auto said = std::make_shared<Admitted>();
    office_.submit_change(
        [this, order, said](Ledger& ledger) {
            *said = judge(ledger, *order);
            // The same packet again: its answer goes again.
            if (!said->fresh && said->answer.ok() && !order->on_answer)
                answer(ledger, said->record);
        },
        [this, order, said, admitted = std::move(admitted)](bool on_disk) {
            if (on_disk && said->fresh) put_on({said->record, order->on_answer});
            admitted(on_disk, *said);
        });
}

void CareDesk::put_on(Job job) {
    {
        const std::lock_guard lock(mutex_);
        jobs_.push_back(std::move(job));
    }
    more_.notify_all();
}

void CareDesk::take_up_waiting() {
    auto all = office_.box().store.read([](store::Tables& tables) { return care_records(tables); });
    if (!all.ok()) return;
    std::reverse(all->begin(), all->end());  // the oldest first
    for (CareRecord& each : *all)
        if (!each.begun && each.answer.empty()) put_on({std::move(each)});
}

Address CareDesk::reply_address(const Message& message, const CareKey& key) const {
    if (!key.answers_to.empty()) return key.answers_to;
    return message.from.empty() ? message.return_path : message.from;
}

void CareDesk::take(Message message, OnVerdicts on_verdicts) {
    const auto say = [answers = std::max<std::size_t>(message.to.size(), 1),
                      on_verdicts = std::move(on_verdicts)](const Verdict& verdict) {
        on_verdicts(std::vector<Verdict>(answers, verdict));
    };
    const auto bytes = care::packet_in(message.text);
    auto known = bytes.ok() ? know(*bytes) : Result<Known>(bytes.error());
    if (!known.ok()) return say(refused(known.error()));
    {
        const std::lock_guard lock(mutex_);
        if (jobs_.size() >= kMostJobs)
            return say(refused({Code::Busy, "other commands wait: again later", true}));
    }
    auto order = std::make_shared<Order>();
    order->way = who_wrote(message);
    order->reply = reply_address(message, known->key);
    order->known = std::move(*known);
    order->brought.peer = message.peer;
    order->brought.from = message.from;
    admit(order, [say](bool on_disk, const Admitted& admitted) {
        if (!on_disk) return say(refused({Code::Busy, "the store failed", true}));
        if (!admitted.answer.ok()) return say(refused(admitted.answer.error()));
        say({admitted.fresh ? Verdict::Kind::Accepted : Verdict::Kind::Duplicate,
             Verdict::Reason::None,
             {},
             0});
    });
}

void CareDesk::run(const std::string& packet, const std::string& way, OnAnswer on_answer) {
    const bool text = packet.find(kCareMark) != std::string::npos;
    const auto bytes = text ? care::packet_in(packet) : Result<std::string>(packet);
    auto known = bytes.ok() ? know(*bytes) : Result<Known>(bytes.error());
    if (!known.ok()) return on_answer(known.error());
    auto order = std::make_shared<Order>();
    order->known = std::move(*known);
    order->way = way;
    order->on_answer = std::move(on_answer);
    admit(order, [order](bool on_disk, const Admitted& admitted) {
        if (!on_disk) return order->on_answer(Error{Code::Busy, "the store failed", true});
        if (!admitted.fresh) order->on_answer(admitted.answer);
    });
}

Result<std::string> CareDesk::run(const std::string& packet, const std::string& way) {
    auto answered = std::make_shared<std::promise<Result<std::string>>>();
    auto answer = answered->get_future();
    run(packet, way,
        [answered](Result<std::string> said) { answered->set_value(std::move(said)); });
    if (answer.wait_for(std::chrono::minutes(1)) != std::future_status::ready)
        return Error{Code::Timeout, "it was begun, and goes on: ask with the same packet", true};
    return answer.get();
}

// To one of ours, or somebody outside; to nobody who is neither.
void CareDesk::answer(Ledger& ledger, const CareRecord& record) const {
    if (record.reply.empty()) return;
    const Box& box = ledger.box();
    const auto people = box.directory.get();
    const Route route = box.router.route(record.reply, *people);
    const bool outside = route.kind == Route::Kind::Outside;
    if (!outside && route.kind != Route::Kind::Person && route.kind != Route::Kind::Stranger)
        return;
    Letter letter;
    letter.message.network = "local";
    letter.message.from = mailto(kCareName, box.settings->domain);
    letter.message.from_name = "care of " + box.settings->village;
    letter.message.origin_id = box.random.hex(8);
    // Not `automatic`: that waits at a radio until it is asked for.
    letter.message.program = true;
    if (outside) letter.message.subject = "care " + record.command;
    letter.message.text = record.answer;
    letter.message.to = {outside ? record.reply : route.recipient};
    letter.routes = {route};
    letter.trusted = true;
    (void)take_letter(ledger, letter);
}

void CareDesk::do_one() {
    Job job;
    {
        const std::lock_guard lock(mutex_);
        if (jobs_.empty()) return;
        job = std::move(jobs_.front());
        jobs_.pop_front();
    }
    job.record.begun ? finish(std::move(job)) : begin(std::move(job));
}

// On disk before anything is done: after a power cut in between nobody knows, and nothing is done
// twice.
void CareDesk::begin(Job job) {
    job.record.begun = true;
    office_.submit_change([job](Ledger& ledger) { put_care(ledger.tables(), job.record); },
                          [this, job](bool on_disk) {
                              if (on_disk) return put_on(job);
                              if (job.on_answer)
                                  job.on_answer(Error{Code::Busy, "the store failed", true});
                          });
}

void CareDesk::finish(Job job) {
    CareRecord& record = job.record;
    const auto command = parse_care_command(record.command);
    const auto done = command.ok() ? do_care_command(*acts_, *command, record.who)
                                   : Result<CareActs::Done>(command.error());
    const std::string said = done.ok() ? done->text : "not done: " + done.error().text;
    record.answer = clean_utf8((record.note + said).substr(0, kMostAnswer));
    log(Level::Info, "care", done.ok() ? "done" : "not-done",
        {{"who", record.who}, {"command", record.command}});
    office_.submit_change(
        [this, job](Ledger& ledger) {
            put_care(ledger.tables(), job.record);
            audit(ledger, job.record, job.record.answer);
            if (!job.on_answer) answer(ledger, job.record);
        },
        [job, then = done.ok() ? done->then : std::function<void()>()](bool on_disk) {
            if (job.on_answer)
                job.on_answer(on_disk ? Result<std::string>(job.record.answer)
                                      : Error{Code::Busy, "the store failed", true});
            if (then) then();
        });
}

void CareDesk::step() {
    for (;;) {
        {
            const std::lock_guard lock(mutex_);
            if (jobs_.empty()) return;
        }
        do_one();
    }
}

void CareDesk::loop() {
    for (;;) {
        {
            std::unique_lock lock(mutex_);
            more_.wait(lock, [this] { return stopping_ || !jobs_.empty(); });
            if (stopping_) return;
        }
        do_one();
    }
}

Result<std::vector<CareReport>> CareDesk::reports() {
    return office_.box().store.read([](store::Tables& tables) {
        std::vector<CareReport> all;
        for (CareRecord& each : care_records(tables))
            all.push_back({each.at_ms, std::move(each.who), std::move(each.way),
                           std::move(each.command),
                           each.answer.empty() && !each.begun ? kWaits : std::move(each.answer)});
        return all;
    });
}

}  // namespace waypost
