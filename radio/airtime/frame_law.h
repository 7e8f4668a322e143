// SPDX-License-Identifier: Apache-2.0
// What one frame radio may send: the band's law, the operator's share, the hour's ledger. What a
// frame costs is on record before it may leave. One thread, or under a lock of the owner's: then
// what takes a number of bytes, and limits(), on the radio's thread alone.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "gateway/transport.h"
#include "radio/airtime/bands.h"
#include "radio/airtime/ledger.h"
#include "radio/airtime/shared_band.h"
#include "radio/frame_radio.h"

namespace waypost {

struct RadioSite {
    std::string region;
    bool amateur = false;  // the region is of amateur_allows(), and no duty cycle holds
    Emission emission;     // frequency, power, antenna; its region is the one above
    LoraParams lora;       // for the dwell limit
    bool is_lora = true;
    int share_percent = 50;  // of what the law leaves
};

// Throws std::runtime_error with a sentence for the operator if it may send nothing.
Allowance allowance(const RadioSite& site);

class FrameLaw {
  public:
    // `radio` and `state` outlive it. Throws std::runtime_error with a sentence for the operator if
    // the site may send nothing, or if what was spent before cannot be read.
    FrameLaw(const RadioSite& site, const FrameRadio& radio, TransportState& state, BoxTime now);

    // What was sent is on record here as well, and what was before counts if it is more: the
    // operator may rename or remove any section of a radio that has several.
    void keep_also(TransportState& state, BoxTime now);
    // Throws std::runtime_error if the law leaves a frame less than this.
    void require(std::size_t payload) const;
    // The modem is at another speed, that allowance() let pass as well.
    void tune(const LoraParams& lora) { site_.lora = lora; }
    FrameLimits limits() const;  // the modem's, within the dwell limit
    std::chrono::microseconds airtime(std::size_t bytes) const;
    // `now` or before: a frame may go. Later: when to ask again.
    BoxTime may_send(BoxTime now, std::chrono::microseconds airtime, bool urgent) const;

    // Several radios keep to the law together. What this one's modem did not send after all counts
    // there as well.
    void share(std::shared_ptr<SharedBand> band, const std::string& radio);
    // The last word, when a frame of so many bytes is on record: false: it may not leave now.
    bool take(std::size_t bytes, BoxTime now, bool urgent);
    // Before a frame of so many bytes leaves. True: what it costs is being written, and the next
    // commit has to be waited for; false: it is on record.
    bool promise(std::size_t bytes, BoxTime now);
    // What became of it.
    void ended(std::size_t bytes, const FrameReport& report, BoxTime now);
    // No frame will leave any more: what is promised yet was not spent.
    void close(BoxTime now);

    const Allowance& allowance() const { return allowance_; }
    milliseconds used(BoxTime now) const { return ledger_.used(now); }
    milliseconds left(BoxTime now) const { return ledger_.left(now, false); }
    milliseconds total() const { return ledger_.total(); }  // spent since it started
    bool limited() const;

  private:
    void keep(const std::string& record);

    RadioSite site_;
    const FrameRadio& radio_;
    std::vector<TransportState*> states_;
    Allowance allowance_;
    AirtimeLedger ledger_;
    bool shared_ = false;
    milliseconds taken_{0};  // of a shared band, for the frame in the air or the next
    BoxTime taken_at_{};
    milliseconds ahead_{0};     // put on record at once: one commit for several frames
    milliseconds promised_{0};  // on record as spent, and not spent yet
    BoxTime promised_at_{};     // it is on record as spent then
};

}  // namespace waypost
