// SPDX-License-Identifier: Apache-2.0
// A village of some hundred people with one box, in virtual time, and what it measures.
//
// Real: the office with its store (without syncs), the Meshtastic transport and its session, the
// law's airtime ledger, and the box's device as tests/month simulates it, by the bytes of its host
// protocol. Modelled: the handhelds and the channel (crowd.h), the mail relay (takes all at once),
// what people do: most write a few letters a day, one in twenty writes nineteen times as much, so
// that these send half of all; three fifths of everything falls between six and ten in the evening,
// the busy hours. Some write mails and are answered, notices go to many at once, spam comes from
// people whom nobody here knows, and every other evening somebody calls for help while the channel
// is short; a responder answers and closes it. Who is told that his letter was not kept, since
// others of his wait, tries again when he is told to, every other time.
//
// A wait: from the moment at which somebody says a letter that is kept (or a mail for him comes
// from outside), said in the busy hours, to the moment at which it is on its recipient's screen. It
// is its sender's (the recipient's, if it came from outside). A person's wait is the median of his,
// where he has enough of them to speak of one (`kEnough`); `median_s` is the median of all people's
// waits, `worst_s` the longest, and `wait_ratio` the one over the other.
//
// The village's airtime: all that is sent on its channel: what handhelds say, with what they repeat
// because nobody acknowledged it; what the box's device sends; all acknowledgements. No handheld
// relays, so nothing is counted twice; where a mesh relays, it relays receipts as all else.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

namespace waypost::village {

struct Plan {
    int people = 500;
    int days = 30;
    double letters_a_day = 4;  // of an ordinary person
    double loss = 0.03;        // of frames on their way to a handheld
    int preset = 6;            // Meshtastic's number: ShortFast
    unsigned seed = 7;
};

constexpr std::size_t kEnough = 10;  // waits, to have a median; in less than ten days, 3

struct PersonWait {
    std::string who;
    bool chatty = false;
    std::size_t letters = 0;
    double median_s = 0;
    double p95_s = 0;
};

struct Figures {
    int letters = 0;
    int shown = 0;
    int to_people = 0;            // letters said to others here, in the busy hours
    int refused = 0;              // and not kept, since too many of his waited
    int receipts = 0;             // packets
    double channel_s = 0;         // the village's airtime
    double airtime_s = 0;         // of it, of the box's device: texts, receipts, acknowledgements
    double receipts_s = 0;        // of that, "7 kept", "7 8 kept" and "7 FAIL"
    double receipt_acks_s = 0;    // of the channel's: handhelds' acknowledgements of them
    double worst_hour_s = 0;      // of what the session counts against its share
    double median_s = 0;          // of all people's medians
    double worst_s = 0;           // the worst person's median
    double worst_ordinary_s = 0;  // of those who are not chatty
    double sos_worst_s = 0;       // until every responder's radio had it
    int alarms = 0;
    int alarms_lost = 0;  // not on every responder's radio an hour later
    std::vector<PersonWait> waits;

    double receipts_share() const { return channel_s > 0 ? receipts_s / channel_s : 0; }
    double receipts_of_gateway() const { return airtime_s > 0 ? receipts_s / airtime_s : 0; }
    double wait_ratio() const { return median_s > 0 ? worst_s / median_s : 0; }
};

Figures live(const Plan& plan);

// One line per person, with a line of names above.
void write_csv(const Figures& figures, std::ostream& out);

}  // namespace waypost::village
