// SPDX-License-Identifier: Apache-2.0
// What the trunk's text packing makes of texts that no model was trained with.
#pragma once

namespace waypost::bench {

struct TextFigures {
    double inside = 0;  // bits a character of the worst language, texts of a kind with the training
    double outside = 0;     // likewise, of another kind
    double short_text = 0;  // bytes packed for 100 bytes of short English texts
    double mail = 0;        // bytes packed, mean of mails of about 1.7 KB; 0: no mail model
};

// Prints a row for each language and for speed, memory and start. Throws if a text does not come
// back.
TextFigures measure_trunk_text();

}  // namespace waypost::bench
