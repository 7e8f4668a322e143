// SPDX-License-Identifier: Apache-2.0
// What the benches share. Each prints what it measured as a table and, last, one line of JSON; a
// peer runs in the same call on the same machine.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "tests/interop/mail/peers.h"

namespace waypost::bench {

// The last line of a bench.
struct Summary {
    std::string bench;
    double ours = 0;
    std::string peer;  // empty: the figure stands alone
    double theirs = 0;
    std::string unit;
    double ratio = 0;  // 0: none
};
void print(const Summary& summary);

// "name            12.3 unit   note"
void row(const std::string& name, double value, const std::string& unit,
         const std::string& note = {});

double median(std::vector<double> values);
// The value that `share` of them (0 to 1) do not exceed.
double percentile(std::vector<double> values, double share);

class StopWatch {
  public:
    double seconds() const {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - began_).count();
    }

  private:
    std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
};

// Mails of 1 KiB by Postfix's smtp-source, each answered 250 before its session sends the next.
struct Load {
    int port = 0;
    int sessions = 20;
    int mails = 1000;
    std::string to = "eve@out.test";
};
double seconds_of(const Load& load);
inline double rate_of(const Load& load) { return load.mails / seconds_of(load); }

// What a bench says to Postfix beside what the tests do: take mail as fast as it can, no TLS, and
// nothing tried again while others are measured.
inline const std::map<std::string, std::string> kUndisturbed = {
    {"in_flow_delay", "0"},
    {"smtpd_tls_security_level", "none"},
    {"queue_run_delay", "300s"},
    {"minimal_backoff_time", "300s"},
    {"maximal_backoff_time", "4000s"}};

// Postfix's smtp-sink by LMTP, which takes all and counts.
class Sink {
  public:
    explicit Sink(const interop::Folder& folder);
    ~Sink();
    Sink(const Sink&) = delete;
    Sink& operator=(const Sink&) = delete;
    int port() const { return port_; }
    long count() const;  // mails taken so far

  private:
    std::string log_;
    int port_ = free_port();
    int pid_ = 0;
};

// From /proc: what a process holds, in MiB.
struct Memory {
    double resident = 0;
    double private_dirty = 0;
    double peak = 0;
    double proportional = 0;  // PSS: of what is shared, a share
};
Memory memory_of(int pid);
// MiB of pages that are of no file, RssAnon of proc(5): programs and libraries are shared with
// others that run. 0: it is gone.
double own_memory_of(int pid);
// Of all its threads since it began, its own and the kernel's for it.
double processor_seconds_of(int pid);

// Every fsync and fdatasync of processes started while this lives takes at least 10 ms, as on an
// SD card.
class SlowDisk {
  public:
    SlowDisk();
    ~SlowDisk();
    SlowDisk(const SlowDisk&) = delete;
    SlowDisk& operator=(const SlowDisk&) = delete;
};

int ingest();
int slow_disk();
int through();
int queue_scale();
int idle();
int radio_latency();
int email();
int village();
int languages();
int spam();
int nncp();
int trunk_link();
int trunk_text();
int trunk_message();
int xmpp();
int xmpp_rate();
int xmpp_memory();
int xmpp_cut();
int activitypub();
int activitypub_in();
int activitypub_out();
int activitypub_memory();
int activitypub_fan_out();
int mqtt_mesh();
int store_copy();

}  // namespace waypost::bench
