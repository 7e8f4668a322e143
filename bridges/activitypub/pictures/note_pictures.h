// SPDX-License-Identifier: Apache-2.0
// The pictures of somebody's note, fetched, made small, and kept as the original of its message.
#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <vector>

#include "bridges/activitypub/pictures/picture_options.h"
#include "bridges/activitypub/pictures/waiting_note.h"
#include "bridges/email/mime/mail_files.h"
#include "gateway/transport.h"

namespace waypost::activitypub {

// "a red boat.jpg": what is said of it, or else `undescribed`, as the name of a file.
std::string picture_name(const std::string& description, const std::string& undescribed);

// Those of a note that are pictures of a kind that may be fetched, the first kMostPictures.
std::vector<MediaLink> pictures_of(const Note& note);

// Somebody to whom it goes has said yes to its author. Nothing is fetched for strangers. Reads the
// disk.
bool is_welcome(Office& office, const PeopleView& people, const Message& message);

// Into custody by `accept`; where there is no room for its pictures it goes on without them.
Verdict accept_with_pictures(Message message, const std::function<Verdict(Message)>& accept);

// Thread-safe; blocks.
class NotePictures {
  public:
    // Whether this URL's server is one that is spoken with.
    using Allowed = std::function<bool(const std::string& url)>;
    NotePictures(Office& office, PictureOptions options, Allowed allowed);

    bool fetches() const { return options_.fetch.most_bytes > 0; }
    // Those that can be had become attachments of the message, in their order; of the others its
    // text says how many are not here, and the log why. False: cut meanwhile.
    bool attach(Message& message, const WaitingNote& note);
    void cut();  // ends what is under way, and all to come

  private:
    Result<email::MailFile> get(const MediaLink& picture, const std::string& undescribed);
    Result<void> keep(Message& message, const std::vector<email::MailFile>& files);

    Office& office_;
    const PictureOptions options_;
    const Allowed allowed_;
    Fetcher fetcher_;
    std::atomic<bool> cut_{false};
    WebPictures web_;
};

}  // namespace waypost::activitypub
