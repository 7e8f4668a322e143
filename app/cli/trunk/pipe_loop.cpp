// SPDX-License-Identifier: Apache-2.0
#include "app/cli/trunk/pipe_loop.h"

#include <algorithm>

#include "app/cli/trunk/host_end.h"
#include "app/cli/trunk/interrupt.h"
#include "app/cli/trunk/open_radio.h"
#include "app/cli/trunk/tools.h"
#include "radio/trunk/tools/pipe_end.h"

namespace waypost::cli {
namespace {

using trunk::PipeEnd;

constexpr milliseconds kLook{20};          // at the host, which wakes nobody
constexpr milliseconds kStopTime{10'000};  // to tell the other

milliseconds from_seconds(double seconds) {
    return milliseconds(static_cast<std::int64_t>(seconds * 1000));
}

class PipeLoop {
  public:
    PipeLoop(const PipeOptions& options, trunk::LinkSettings link, OpenRadio& radio, HostEnd& host)
        : options_(options),
          radio_(radio),
          host_(host),
          end_({std::move(link), from_seconds(options.give_up_s)}, radio.law(), radio.random()) {}

    Result<void> run();
    std::size_t in() const { return in_; }
    std::size_t out() const { return out_; }
    std::size_t unconfirmed() { return end_.stream().unconfirmed(); }

  private:
    void take_input(BoxTime now);
    Result<void> give_output(BoxTime now);
    void heed_interrupts(BoxTime now);
    void send_and_hear();
    void note_modem(BoxTime now);

    const PipeOptions& options_;
    OpenRadio& radio_;
    HostEnd& host_;
    PipeEnd end_;
    std::optional<FrameOut> waiting_;  // for the modem
    std::uint32_t in_air_ = 0;         // FrameOut::id
    bool input_ended_ = false, output_ended_ = false, output_failed_ = false;
    bool was_ready_ = false, told_met_ = false;
    BoxTime last_input_{};
    std::size_t in_ = 0, out_ = 0;
};

// After the other's end of file ours comes when nothing more is being said here.
void PipeLoop::take_input(BoxTime now) {
    if (input_ended_) return;
    if (end_.stream().room() > 0) {
        const std::string bytes = host_.read(end_.stream().room());
        in_ += bytes.size();
        if (!bytes.empty()) last_input_ = now;
        end_.stream().put(bytes);
    } else {
        last_input_ = now;
    }
    const bool lingered = output_ended_ && !options_.wait_for_eof &&
                          now >= last_input_ + from_seconds(options_.linger_s);
    if (!host_.ended() && !lingered) return;
    input_ended_ = true;
    end_.stream().end();
}

Result<void> PipeLoop::give_output(BoxTime now) {
    while (!end_.stream().readable().empty()) {
        const auto written = host_.write(end_.stream().readable());
        if (!written.ok()) return written.error();
        if (*written == 0) break;
        out_ += *written;
        end_.stream().read(*written);
    }
    if (end_.stream().at_end() && !std::exchange(output_ended_, true)) {
        host_.close_out();
        last_input_ = now;
    }
    return {};
}

// A terminal has no end of file: the first stop is one.
void PipeLoop::heed_interrupts(BoxTime now) {
    const int times = interrupted();
    if (times == 0) return;
    if (options_.serial && times == 1) {
        if (!std::exchange(input_ended_, true)) end_.stream().end();
    } else {
        end_.stop(now + kStopTime);
    }
}

void PipeLoop::note_modem(BoxTime now) {
    const bool ready = radio_.ready();
    if (ready && !was_ready_) end_.renew(now);
    was_ready_ = ready;
    if (end_.met() && !std::exchange(told_met_, true)) remark("the other end is there");
}

void PipeLoop::send_and_hear() {
    const BoxTime now = radio_.now();
    if (!waiting_) waiting_ = end_.frame();
    if (waiting_ && radio_.send(waiting_->bytes, OpenRadio::Asked::Yes)) {
        in_air_ = waiting_->id;
        waiting_.reset();
    }
    const BoxTime until = std::clamp(end_.next_tick(), now + milliseconds(5), now + kLook);
    const RadioActions actions = radio_.step(until);
    for (FrameReport report : actions.reports) {
        report.id = in_air_;
        end_.fate(report, radio_.now());
    }
    for (const FrameIn& frame : actions.heard) end_.heard(frame, radio_.now());
    note_modem(radio_.now());
}

Result<void> PipeLoop::run() {
    const BoxTime start = radio_.now();
    end_.start(start);
    while (end_.state() == PipeEnd::State::Open) {
        const BoxTime now = radio_.now();
        if (!radio_.refused().empty()) return Error{Code::Full, radio_.refused(), true};
        if (options_.wait_s > 0 && !end_.met() && now >= start + from_seconds(options_.wait_s))
            return Error{Code::Timeout, "the other end did not come", true};
        if (interrupted() > 2) return Error{Code::Network, "stopped", false};
        heed_interrupts(now);
        take_input(now);
        // What nobody reads is never confirmed as read.
        if (const auto given = give_output(now); !given.ok()) {
            if (!std::exchange(output_failed_, true)) remark(given.error().text);
            end_.stop(now + kStopTime);
        }
        end_.tick(now);
        send_and_hear();
    }
    if (end_.state() == PipeEnd::State::Broken) return Error{Code::Network, end_.why(), false};
    return {};
}

}  // namespace

void pipe_loop(const PipeOptions& options, Context& context) {
    catch_interrupts();
    auto link = pairing(options.radio);
    if (!link.ok()) return fail(context, link.error());
    auto radio = OpenRadio::open(options.radio, Sends::Yes, remark);
    if (!radio.ok()) return fail(context, radio.error());
    std::unique_ptr<HostEnd> host = standard_streams();
    if (options.serial) {
        auto terminal = open_terminal(options.link);
        if (!terminal.ok()) return fail(context, terminal.error());
        host = std::move(terminal->end);
        print_now(options.link.empty() ? terminal->path : options.link);
    }
    PipeLoop loop(options, std::move(**link), **radio, *host);
    const auto ran = loop.run();
    const std::string counts =
        std::to_string(loop.in()) + " bytes in, " + std::to_string(loop.out()) + " bytes out";
    if (ran.ok()) return remark(counts + ", all arrived");
    remark(ran.error().text + " (" + counts + ", " + std::to_string(loop.unconfirmed()) +
           " not confirmed)");
    context.status = 1;
}

}  // namespace waypost::cli
