// SPDX-License-Identifier: Apache-2.0
#include "web/tls/certificate_keeper.h"

#include <sys/eventfd.h>

#include <algorithm>
#include <filesystem>
#include <stdexcept>

#include "gateway/base/durable_file.h"
#include "gateway/base/local_time.h"
#include "gateway/base/log.h"

namespace waypost::tls {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds kLook{5};
constexpr std::chrono::hours kLongestInsist{24 * 30};
constexpr std::int64_t kRenewOwnMs = std::chrono::milliseconds(std::chrono::hours(24 * 30)).count();
constexpr char kOwn[] = "own.pem";
constexpr char kAcme[] = "acme.pem";

const char* name_of(Wanted wanted) {
    switch (wanted) {
        case Wanted::File:
            return "file";
        case Wanted::Acme:
            return "acme";
        case Wanted::Own:
            break;
    }
    return "own";
}

AcmeOptions with_folder(AcmeOptions options, const std::string& folder) {
    options.folder = folder + "/acme";
    return options;
}

}  // namespace

CertificateKeeper::CertificateKeeper(KeeperOptions options, KeeperTools tools)
    : options_(std::move(options)),
      tools_(std::move(tools)),
      client_(with_folder(options_.acme, options_.folder)),
      files_(options_.certificate, options_.key),
      end_(::eventfd(0, EFD_CLOEXEC)) {}

void CertificateKeeper::open() {
    std::error_code failed;
    fs::create_directories(options_.folder, failed);
    fs::permissions(options_.folder, fs::perms::owner_all, failed);
    time_was_known_ = tools_.time_known();
    if (options_.wanted == Wanted::File) look_at_files();
    if (options_.wanted == Wanted::Acme) {
        acme_ = state_from(tools_.load_state());
        problem_ = acme_.problem;
        problem_ms_ = acme_.problem_ms;
        const auto kept = read_pem(own_file(kAcme));
        if (kept.ok()) (void)use(Wanted::Acme, {Secret(*kept)});
    }
    if (!in_use_) {
        const auto kept = read_pem(own_file(kOwn));
        if (kept.ok()) (void)use(Wanted::Own, {Secret(*kept)});
    }
    keep_own();
}

CertificateKeeper::~CertificateKeeper() { stop(); }

void CertificateKeeper::start() {
    thread_ = std::thread([this] {
        std::unique_lock lock(mutex_);
        while (!ends_) {
            lock.unlock();
            step();
            lock.lock();
            wake_.wait_for(lock, kLook, [this] { return ends_ || wished_; });
        }
    });
}

void CertificateKeeper::stop() {
    if (!thread_.joinable()) return;
    {
        const std::lock_guard lock(mutex_);
        ends_ = true;
    }
    ::eventfd_write(end_.get(), 1);
    wake_.notify_all();
    thread_.join();
}

void CertificateKeeper::step() {
    if (tools_.time_known() != time_was_known_) {
        time_was_known_ = !time_was_known_;
        judge_anew();
    }
    if (options_.wanted == Wanted::File) look_at_files();
    keep_own();
    if (options_.wanted == Wanted::Acme) look_at_authority();
}

// ---- what is in use

Result<void> CertificateKeeper::use(Wanted source, const KeyAndChain& pem) {
    auto loaded = load(pem);
    if (!loaded.ok()) return loaded.error();
    auto fresh = std::make_shared<InUse>();
    fresh->source = source;
    fresh->loaded = std::move(*loaded);
    fresh->chain = chain_in(std::string(pem.pem.reveal()));
    fresh->accepted = is_accepted(fresh->chain, tools_.time_known());
    const CertificateFacts& facts = fresh->loaded.facts;
    log(Level::Info, "console", "certificate",
        {{"from", name_of(source)},
         {"issuer", facts.issuer},
         {"until", local_date_time(facts.not_after_ms)},
         {"browsers_accept_it", fresh->accepted ? "yes" : "no"}});
    const std::lock_guard lock(mutex_);
    in_use_ = std::move(fresh);
    return {};
}

void CertificateKeeper::judge_anew() {
    const std::lock_guard lock(mutex_);
    auto fresh = std::make_shared<InUse>(*in_use_);
    fresh->accepted = is_accepted(fresh->chain, time_was_known_);
    in_use_ = std::move(fresh);
}

bool CertificateKeeper::in_use_is(Wanted source) const {
    const std::lock_guard lock(mutex_);
    return in_use_ && in_use_->source == source;
}

std::optional<CertificateFacts> CertificateKeeper::facts_of(Wanted source) const {
    const std::lock_guard lock(mutex_);
    if (!in_use_ || in_use_->source != source) return std::nullopt;
    return in_use_->loaded.facts;
}

void CertificateKeeper::set_problem(const std::string& problem) {
    const std::lock_guard lock(mutex_);
    if (!problem.empty() && problem != problem_)
        log(Level::Error, "console", "certificate-not-taken", {{"why", problem}});
    problem_ = problem;
    problem_ms_ = problem.empty() ? 0 : tools_.wall_ms();
}

Poco::Net::Context::Ptr CertificateKeeper::context() const {
    const std::lock_guard lock(mutex_);
    return in_use_->loaded.context;
}

std::chrono::seconds CertificateKeeper::insist() const {
    if (!tools_.time_known()) return std::chrono::seconds(0);
    const std::lock_guard lock(mutex_);
    if (!in_use_->accepted) return std::chrono::seconds(0);
    const auto left = (in_use_->loaded.facts.not_after_ms - tools_.wall_ms()) / 1000;
    return std::clamp(std::chrono::seconds(left), std::chrono::seconds(0),
                      std::chrono::seconds(kLongestInsist));
}

bool CertificateKeeper::is_accepted_for(const std::string& host) const {
    const std::lock_guard lock(mutex_);
    return in_use_->accepted && is_for(in_use_->loaded.facts, host);
}

// ---- files of the operator

void CertificateKeeper::look_at_files() {
    if (!files_.changed()) return;
    const auto pem = files_.read();
    const auto used = pem.ok() ? use(Wanted::File, *pem) : Result<void>(pem.error());
    set_problem(used.ok() ? "" : options_.certificate + ": " + used.error().text);
}

// ---- the box's own

void CertificateKeeper::keep_own() {
    const auto facts = facts_of(Wanted::Own);
    if (!facts) {
        const std::lock_guard lock(mutex_);
        if (in_use_) return;
    }
    const bool has_names = facts && !lacked_name(*facts, options_.names) &&
                           !lacked_name(*facts, options_.local_names) &&
                           !lacked_name(*facts, options_.addresses);
    const std::int64_t now = tools_.wall_ms();
    const bool lasts = facts && (!tools_.time_known() || (now >= facts->not_before_ms &&
                                                          now < facts->not_after_ms - kRenewOwnMs));
    if (has_names && lasts) return;
    const auto made = make_own();
    if (made.ok()) return;
    const std::lock_guard lock(mutex_);
    if (!in_use_) throw std::runtime_error("[console] tls_listen: " + made.error().text);
}

Result<void> CertificateKeeper::make_own() {
    std::vector<std::string> names = options_.names;
    names.insert(names.end(), options_.local_names.begin(), options_.local_names.end());
    const auto made = make_certificate(names, options_.addresses);
    if (!made.ok()) return made.error();
    const KeyAndChain pem = joined(made->key, made->text);
    if (auto used = use(Wanted::Own, pem); !used.ok()) return used;
    const auto kept = write_durably({own_file(kOwn), std::string(pem.pem.reveal()), 0600});
    if (!kept.ok())
        log(Level::Warning, "console", "certificate-not-kept", {{"why", kept.error().text}});
    return {};
}

// ---- an authority

void CertificateKeeper::look_at_authority() {
    if (!tools_.time_known()) {
        const std::lock_guard lock(mutex_);
        problem_ = in_use_->source == Wanted::Acme
                       ? ""
                       : "the authority is asked when the box knows the time";
        return;
    }
    const bool due = is_due(facts_of(Wanted::Acme), options_.names, tools_.wall_ms());
    {
        const std::lock_guard lock(mutex_);
        problem_ = acme_.problem;
        problem_ms_ = acme_.problem_ms;
        const std::int64_t now = tools_.box_ms();
        const bool may = due && next_try(acme_, now) <= now;
        if (!may && !wished_) return;
        wished_ = false;
        asking_ = true;
    }
    ask_authority();
    const std::lock_guard lock(mutex_);
    asking_ = false;
}

// It counts from its beginning: a box that is switched off each time must not ask each time.
void CertificateKeeper::ask_authority() {
    AcmeState before;
    {
        const std::lock_guard lock(mutex_);
        before = acme_;
    }
    Try tried;
    tried.problem = "the box stopped before the authority had answered";
    tried.box_ms = tools_.box_ms();
    tried.wall_ms = tools_.wall_ms();
    tried.chance = tools_.chance();
    tools_.save_state(to_text(after(before, tried)));

    auto answer = client_.ask(options_.names, end_.get());
    tried.box_ms = tools_.box_ms();
    tried.wall_ms = tools_.wall_ms();
    {
        const std::lock_guard lock(mutex_);
        if (ends_) return;
    }
    if (auto* not_issued = std::get_if<NotIssued>(&answer)) {
        tried.problem = not_issued->why;
        tried.reached = not_issued->reached;
    } else {
        const auto taken = take(std::move(std::get<Issued>(answer)));
        tried.problem = taken.ok() ? "" : taken.error().text;
    }
    save(after(before, tried));
}

Result<void> CertificateKeeper::take(Issued issued) {
    const auto facts = certificate_facts(issued.chain);
    if (!facts.ok()) return bad_input("the authority's certificate: " + facts.error().text);
    if (const std::string* name = lacked_name(*facts, options_.names))
        return bad_input("the authority's certificate is not for " + *name);
    const KeyAndChain pem = joined(issued.key, issued.chain);
    const auto used = use(Wanted::Acme, pem);
    if (!used.ok()) return bad_input("the authority's certificate: " + used.error().text);
    const auto kept = write_durably({own_file(kAcme), std::string(pem.pem.reveal()), 0600});
    if (!kept.ok())
        return Error{kept.error().code,
                     "the new certificate is in use, but not on disk: " + kept.error().text, true};
    return {};
}

void CertificateKeeper::save(const AcmeState& state) {
    if (!state.problem.empty())
        log(Level::Warning, "console", "certificate-not-renewed",
            {{"why", state.problem},
             {"next_min",
              std::to_string((next_try(state, tools_.box_ms()) - tools_.box_ms()) / 60'000)}});
    tools_.save_state(to_text(state));
    const std::lock_guard lock(mutex_);
    acme_ = state;
    problem_ = state.problem;
    problem_ms_ = state.problem_ms;
}

// ---- what is known of it

CertificateReport CertificateKeeper::report() const {
    CertificateReport report;
    const bool known = tools_.time_known();
    const std::int64_t now = tools_.box_ms();
    const std::lock_guard lock(mutex_);
    const CertificateFacts& facts = in_use_->loaded.facts;
    report.wanted = name_of(options_.wanted);
    report.in_use = name_of(in_use_->source);
    report.names = facts.names;
    report.issuer = facts.issuer;
    report.fingerprint = facts.fingerprint;
    report.not_before_ms = facts.not_before_ms;
    report.not_after_ms = facts.not_after_ms;
    if (known) report.days_left = days_until(facts.not_after_ms, tools_.wall_ms());
    report.accepted = in_use_->accepted;
    report.problem = problem_;
    report.problem_ms = problem_ms_;
    if (options_.wanted == Wanted::Acme && known && !acme_.problem.empty())
        report.next_try_min = static_cast<int>((next_try(acme_, now) - now) / 60'000);
    return report;
}

Result<void> CertificateKeeper::renew() {
    if (options_.wanted != Wanted::Acme)
        return Error{Code::Refused, "the settings name no authority: certificate = \"acme\"",
                     false};
    if (!tools_.time_known())
        return Error{Code::Refused, "the box does not know the time yet: confirm it first", true};
    const std::lock_guard lock(mutex_);
    if (asking_ || wished_) return Error{Code::Busy, "the authority is being asked", true};
    AcmeState soon = acme_;
    soon.next_box_ms = 0;  // whoever asks need not wait for the next try, but for the day's number
    const std::int64_t wait = next_try(soon, tools_.box_ms()) - tools_.box_ms();
    if (wait > 0)
        return Error{Code::Refused,
                     "the authority was asked " + std::to_string(kMostAsked) +
                         " times in a day, more would shut this box out: again in " +
                         std::to_string(wait / 3'600'000 + 1) + " h",
                     true};
    wished_ = true;
    wake_.notify_all();
    return {};
}

}  // namespace waypost::tls
