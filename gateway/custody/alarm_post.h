// SPDX-License-Identifier: Apache-2.0
// An alarm as posts that all the world may read, where the village chose so ([box] publish_alarms):
// that there is one, and what becomes of it, each answering the first. By the box's own name or a
// published group's, and never with the name or the place of who called. What he typed stands in it
// if he is a person of the village, by his key, and no child: else anybody with a radio would write
// in the village's name. They leave by the network that has readers, not by radio. All in the
// transaction of what they tell.
#pragma once

#include <string>

#include "gateway/custody/ledger.h"

namespace waypost {

// `publish_alarms` for the box's own name.
inline constexpr char kPublishAsBox[] = "box";

// It was raised. `words`: what was typed may be told.
void publish_alarm(Ledger& ledger, const store::AlarmRow& alarm, bool words);

enum class AlarmNews {
    Taken,    // a responder has it, the first to say so
    AllClear  // says who called
};
// Nothing, where the alarm itself was not published.
void publish_news(Ledger& ledger, const store::AlarmRow& alarm, AlarmNews news);

// It is closed: what has not left goes nowhere any more, and who could read the first reads that it
// is over.
void publish_end(Ledger& ledger, const store::AlarmRow& alarm);

}  // namespace waypost
