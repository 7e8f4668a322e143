// SPDX-License-Identifier: Apache-2.0
#include "app/cli/trunk/open_radio.h"

#include <algorithm>
#include <stdexcept>

namespace waypost::cli {
namespace {

constexpr milliseconds kTellEvery{30'000};

// A driver that makes nothing of its settings says so by an exception.
template <class Make>
auto made(Make make) -> Result<decltype(make())> {
    try {
        return make();
    } catch (const std::runtime_error& e) {
        return bad_input(e.what());
    }
}

}  // namespace

Result<std::unique_ptr<OpenRadio>> OpenRadio::open(const RadioOptions& options, Sends sends,
                                                   Say say) {
    std::unique_ptr<OpenRadio> open(new OpenRadio);
    open->say_ = std::move(say);
    open->random_ = system_random();
    BoxTime start{};
    if (sends == Sends::Yes) {
        // A port that is searched may be a transparent modem's, which sends what it is asked.
        if (const auto may = may_send(options); !may.ok()) return may.error();
        auto file =
            AirtimeFile::open(options.ledger.empty() ? usual_airtime_file() : options.ledger);
        if (!file.ok()) return file.error();
        open->file_ = std::move(*file);
        start = open->file_->box_time();
    }
    open->clock_ = std::make_unique<SystemClock>(start);
    auto settings = modem_settings(options);
    if (!settings.ok()) return settings.error();
    const auto kind = kind_at(options, *settings, *open->random_, *open->clock_, open->say_);
    if (!kind.ok()) return kind.error();
    if (!(*kind)->lora) settings->frequency_hz = 0;  // the module's own affair
    auto radio = made([&] { return (*kind)->make(*settings, *open->random_); });
    if (!radio.ok()) return radio.error();
    open->line_ =
        std::make_unique<ModemLine>(options.port, (*kind)->baud, std::move(*radio), *open->clock_);
    if (sends == Sends::No) return open;
    const auto site = radio_site(options, **kind);
    if (!site.ok()) return site.error();
    auto law = made([&] {
        return std::make_unique<trunk::Law>(*site, open->line_->radio(), *open->file_, open->now());
    });
    if (!law.ok()) return law.error();
    open->law_ = std::move(*law);
    return open;
}

OpenRadio::~OpenRadio() {
    if (line_) line_->close();
    if (!law_) return;
    if (in_air_) law_->ended(in_air_->bytes.size(), {in_air_->id, FrameFate::Failed, 0}, now());
    law_->close(now());
}

RadioActions OpenRadio::step(BoxTime until) {
    RadioActions actions = std::exchange(early_, {});
    const bool waits = actions.heard.empty() && actions.reports.empty();
    RadioActions more = line_->step(waits ? until : now());
    std::move(more.heard.begin(), more.heard.end(), std::back_inserter(actions.heard));
    std::move(more.reports.begin(), more.reports.end(), std::back_inserter(actions.reports));
    actions.broken += more.broken;
    for (const FrameReport& report : actions.reports) {
        if (!in_air_ || report.id != in_air_->id) continue;
        law_->ended(in_air_->bytes.size(), report, now());
        in_air_.reset();
    }
    note();
    return actions;
}

// A modem that does not get ready is spoken of, and not more often than somebody would read.
void OpenRadio::note() {
    if (ready()) {
        if (!std::exchange(told_ready_, true)) say_("the modem is ready");
        told_down_.clear();
        return;
    }
    const std::string why = why_down();
    if (why.empty() || (why == told_down_ && now() < next_told_)) return;
    told_down_ = why;
    told_ready_ = false;
    next_told_ = now() + kTellEvery;
    say_(why);
}

bool OpenRadio::law_allows(std::size_t bytes) {
    const auto airtime = law_->airtime(bytes);
    if (law_->may_send(now(), airtime, false) <= now()) return true;
    if (now() >= next_told_airtime_) {
        next_told_airtime_ = now() + kTellEvery;
        say_("waits for airtime: " + std::to_string(law_->used(now()).count() / 1000) +
             " s of this hour are used");
    }
    return false;
}

bool OpenRadio::send(const std::string& bytes, Asked asked) {
    if (!law_ || in_air_ || !line_->ready() || line_->radio().room() <= 0) return false;
    if (asked == Asked::No && !law_allows(bytes.size())) return false;
    law_->promise(bytes.size(), now());
    if (!file_->failed().empty()) return false;
    in_air_ = FrameOut{++last_id_, bytes, {}};
    early_ = line_->send(*in_air_);
    return true;
}

std::string OpenRadio::refused() const { return file_ ? file_->failed() : std::string(); }

}  // namespace waypost::cli
