// SPDX-License-Identifier: Apache-2.0
// Flags of the short form. What a flag says follows in this order.
#pragma once

namespace waypost::post::bits {

// First byte of a batch: version << 5.
enum : unsigned { kEvents = 0x10, kManyLetters = 0x0f };

// Of a letter. The lower two: its priority.
enum Letter : unsigned {
    kAutomatic = 0x04,
    kMore = 0x08,     // a byte of LetterMore follows
    kSubject = 0x10,  // its length
    kName = 0x20,     // likewise, of the sender's name
    kWritten = 0x40,  // it is not the time in the id: seconds, zigzag, from that or from 1970
    kMail = 0x80      // the text is one of RFC 5322; no subject, name, time or references
};
enum LetterMore : unsigned {
    kReferences = 0x01,  // how many, each an id
    kCopies = 0x02,      // how many, if not one
    kUnusual = 0x04,     // a byte of CopyFlags before each copy
    kTextId = 0x08,      // the id in words: its length
    kNoReturn = 0x10     // of a single usual copy: no return path
};
// Of a copy. The lower three: the wish, as in post.proto.
inline constexpr unsigned kUsualWish = 7;
enum CopyFlags : unsigned { kReturn = 0x08, kEnvelope = 0x10, kRecipient = 0x20 };

// Of an event. The lower two: the action.
enum Event : unsigned {
    kStatus = 0x04,      // not the usual one of its action: its length
    kDiagnostic = 0x08,  // its length
    kEnvelopeId = 0x10,  // not that of the message's id: its length
    kOriginal = 0x20,    // original recipient: its length
    kWords = 0x40,       // the id in words: its length
    kNobody = 0x80       // no recipient
};

// Of an id of a list: how it is written.
enum Id : unsigned { kOfWriter = 0, kOfReader = 1, kInWords = 2 };

inline constexpr const char* kUsualStatus[] = {"4.0.0", "5.0.0", "2.0.0", "2.0.0"};

}  // namespace waypost::post::bits
