// SPDX-License-Identifier: Apache-2.0
// `waypost trunk survey`: pings at one place after another, a table and a plot.
#include <unistd.h>

#include <deque>
#include <memory>

#include "app/cli/trunk/host_end.h"
#include "app/cli/trunk/interrupt.h"
#include "app/cli/trunk/pinging.h"
#include "app/cli/trunk/signal_text.h"
#include "app/cli/trunk/survey_file.h"
#include "app/cli/trunk/tools.h"

namespace waypost::cli {
namespace {

constexpr milliseconds kLook{100};
constexpr std::size_t kMostTyped = 4096;

struct SurveyOptions {
    PingOptions ping;
    std::string place, csv, plot;
};

// Places as somebody types them, a line each.
class Places {
  public:
    Places(const std::string& first, bool typed) : typed_(typed) {
        if (!first.empty()) waiting_.push_back(trunk::clean_place(first));
    }
    void look() {
        if (!typed_ || in_->ended()) return;
        line_ += in_->read(kMostTyped);
        for (std::size_t end; (end = line_.find('\n')) != std::string::npos;) {
            if (end > 0) waiting_.push_back(trunk::clean_place(line_.substr(0, end)));
            line_.erase(0, end + 1);
        }
        if (line_.size() > kMostTyped) line_.clear();
    }
    bool waits() const { return !waiting_.empty(); }
    bool ended() const { return waiting_.empty() && (!typed_ || in_->ended()); }
    std::string next() {
        std::string place = std::move(waiting_.front());
        waiting_.pop_front();
        return place;
    }

  private:
    bool typed_;
    std::unique_ptr<HostEnd> in_ = standard_streams();
    std::string line_;
    std::deque<std::string> waiting_;
};

class SurveyRun {
  public:
    SurveyRun(const SurveyOptions& options, OpenRadio& radio, SurveyFile* file, bool json)
        : options_(options),
          radio_(radio),
          file_(file),
          json_(json),
          places_(options.place, options.place.empty() || ::isatty(STDIN_FILENO) == 1) {
        if (file_ != nullptr)
            for (const auto& point : file_->before()) survey_.add(point);
    }
    Result<void> run();
    const trunk::Survey& survey() const { return survey_; }

  private:
    Result<void> at(const std::string& place);
    void add(const trunk::SurveyPoint& point);

    const SurveyOptions& options_;
    OpenRadio& radio_;
    SurveyFile* file_;
    bool json_;
    Places places_;
    trunk::Survey survey_;
    Result<void> written_;
};

void SurveyRun::add(const trunk::SurveyPoint& point) {
    if (!survey_.add(point)) written_ = Error{Code::Full, "too many places", false};
    if (file_ != nullptr) {
        if (auto added = file_->add(point); !added.ok()) written_ = std::move(added);
    }
    if (json_) return;
    const auto& result = point.result;
    std::string line = clock_text(radio_.clock().wall()) + "  " + point.place + "  ";
    using Kind = trunk::PingResult::Kind;
    if (result.kind == Kind::Lost) line += "no answer";
    if (result.kind == Kind::NotSent) line += "not sent";
    if (result.kind == Kind::Answered)
        line += "here " + signal_text(result.here) + "  there " + signal_text(result.there);
    print_now(line);
}

// With a count each place has so many pings; without one, they go on until another is named.
Result<void> SurveyRun::at(const std::string& place) {
    const auto pinged = ping(
        options_.ping, radio_,
        [&](const trunk::PingResult& result) {
            add({place, to_ms(radio_.clock().wall()) / 1000, result});
        },
        [&] {
            places_.look();
            const bool moves = options_.ping.count == 0 && (places_.waits() || places_.ended());
            return written_.ok() && !moves;
        });
    return pinged.ok() ? written_ : pinged;
}

Result<void> SurveyRun::run() {
    while (interrupted() == 0) {
        places_.look();
        if (places_.waits()) {
            if (const auto done = at(places_.next()); !done.ok()) return done;
        } else if (places_.ended()) {
            break;
        } else {
            radio_.step(radio_.now() + kLook);
        }
    }
    return {};
}

void show(const trunk::Survey& survey, Context& context) {
    if (context.json) {
        for (const trunk::SurveyPlace& place : survey.places()) {
            Json object = totals_json(place.totals);
            object.set("place", place.name);
            object.set("at", place.first_at);
            print_now(object);
        }
        return;
    }
    print_now('\n' + trunk::table(survey) + '\n' + trunk::text_plot(survey));
}

void run_survey(const SurveyOptions& options, Context& context) {
    catch_interrupts();
    if (!options.plot.empty()) {
        if (const auto can = can_plot(options.plot); !can.ok()) return fail(context, can.error());
    }
    std::unique_ptr<SurveyFile> file;
    if (!options.csv.empty()) {
        auto opened = SurveyFile::open(options.csv);
        if (!opened.ok()) return fail(context, opened.error());
        file = std::move(*opened);
    }
    auto radio = OpenRadio::open(options.ping.radio, Sends::Yes, remark);
    if (!radio.ok()) return fail(context, radio.error());
    if (options.place.empty() && ::isatty(STDIN_FILENO) == 1)
        remark("type the name of the place where you are; Ctrl-D ends the survey");
    SurveyRun survey(options, **radio, file.get(), context.json);
    const auto ran = survey.run();
    show(survey.survey(), context);
    if (!ran.ok()) fail(context, ran.error());
    if (options.plot.empty()) return;
    if (const auto drawn = plot(survey.survey(), options.plot); !drawn.ok())
        fail(context, drawn.error());
}

}  // namespace

void add_trunk_survey(CLI::App& trunk, Context& context) {
    auto options = std::make_shared<SurveyOptions>();
    options->ping.count = 10;
    auto* command = trunk.add_subcommand(
        "survey", "how far the radio reaches: pings place by place, a table and a plot");
    command->add_option("--place", options->place, "where this end is; else, and then, type it");
    command
        ->add_option("--count", options->ping.count,
                     "pings at each place; 0: until another is named")
        ->check(CLI::NonNegativeNumber)
        ->capture_default_str();
    add_ping_options(*command, options->ping);
    command->add_option("--csv", options->csv,
                        "keep each ping in this file; it goes on another day");
    command->add_option("--plot", options->plot, "draw into this file (SVG, by gnuplot)");
    add_radio_options(*command, options->ping.radio, Sends::Yes);
    add_code_options(*command, options->ping.radio, false);
    command->callback([&context, options] { run_survey(*options, context); });
}

}  // namespace waypost::cli
