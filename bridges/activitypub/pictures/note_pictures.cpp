// SPDX-License-Identifier: Apache-2.0
#include "bridges/activitypub/pictures/note_pictures.h"

#include <algorithm>
#include <chrono>

#include "bridges/activitypub/network.h"
#include "gateway/base/log.h"
#include "gateway/commands/catalogue.h"
#include "gateway/message/file_name.h"
#include "gateway/message/text.h"

namespace waypost::activitypub {
namespace {

using std::chrono::steady_clock;

constexpr std::size_t kNameBytes = 80;
constexpr std::chrono::seconds kForAll{60};  // after which no other picture of a note is begun
constexpr std::string_view kEnding = ".jpg";

bool is_picture(const std::string& type) { return type.rfind("image/", 0) == 0; }

// In memory, for it is small, and becomes smaller.
class ToMemory final : public FetchSink {
  public:
    Result<void> begin(const FetchHead& head) override {
        const bool may_be =
            head.type.empty() || is_picture(head.type) || head.type == "application/octet-stream";
        if (!may_be) return bad_input("the server gives no picture but " + head.type);
        return {};
    }
    Result<void> write(std::string_view piece) override {
        bytes.append(piece);
        return {};
    }
    std::string bytes;
};

}  // namespace

std::string picture_name(const std::string& description, const std::string& undescribed) {
    std::string stem(cut_bytes(description, kNameBytes));
    std::replace_if(
        stem.begin(), stem.end(), [](char c) { return c == '/' || c == '\\'; }, ' ');
    return clean_file_name((is_blank(stem) ? undescribed : stem) + std::string(kEnding));
}

std::vector<MediaLink> pictures_of(const Note& note) {
    std::vector<MediaLink> pictures;
    for (const MediaLink& each : note.media) {
        const bool drawn = each.type.rfind("image/svg", 0) == 0;  // a program more than a picture
        if (is_picture(each.type) && !drawn && pictures.size() < kMostPictures)
            pictures.push_back(each);
    }
    return pictures;
}

bool is_welcome(Office& office, const PeopleView& people, const Message& message) {
    return std::any_of(message.to.begin(), message.to.end(), [&](const Address& to) {
        const std::string handle(to.local_part());
        if (to.scheme != kScheme || !people.resident(handle)) return false;
        if (!office.check({message.from, false}, to, 0).kept()) return false;
        const auto consent = people.consent(handle, message.from);
        return consent.ok() && *consent == Consent::Given;
    });
}

Verdict accept_with_pictures(Message message, const std::function<Verdict(Message)>& accept) {
    Verdict verdict = accept(message);
    const bool too_large =
        verdict.reason == Verdict::Reason::TooLarge || verdict.reason == Verdict::Reason::QuotaFull;
    if (verdict.kept() || !too_large || message.attachments.empty()) return verdict;
    message.attachments.clear();
    message.body = {};
    return accept(std::move(message));
}

NotePictures::NotePictures(Office& office, PictureOptions options, Allowed allowed)
    : office_(office),
      options_(std::move(options)),
      allowed_(std::move(allowed)),
      fetcher_(options_.fetch),
      web_(options_.web) {}

Result<email::MailFile> NotePictures::get(const MediaLink& picture,
                                          const std::string& undescribed) {
    if (!allowed_(picture.url))
        return Error{Code::Refused, "this server is not spoken with", false};
    ToMemory file;
    const auto fetched = fetcher_.fetch({picture.url, {"Accept: image/*"}}, file);
    if (!fetched.ok()) return fetched.error();
    auto made = web_.make(file.bytes);
    if (!made.ok()) return made.error();
    return email::MailFile{
        {picture_name(picture.description, undescribed), "image/jpeg", made->jpeg.size()},
        picture.description,
        std::move(made->jpeg)};
}

Result<void> NotePictures::keep(Message& message, const std::vector<email::MailFile>& files) {
    const auto writer = office_.new_body();
    const auto written = writer->write(email::files_original(message.text, files));
    if (!written.ok()) return written;
    auto body = writer->finish();
    if (!body.ok()) return body.error();
    message.body = std::move(*body);
    for (const email::MailFile& file : files) message.attachments.push_back(file.about);
    return {};
}

void NotePictures::cut() {
    cut_ = true;
    fetcher_.cut();
}

bool NotePictures::attach(Message& message, const WaitingNote& note) {
    const Catalogue& words = catalogue(note.language);
    const std::string undescribed = words.say("post_pictures", {{"count", "1"}});
    const auto until = steady_clock::now() + kForAll;
    std::vector<email::MailFile> files;
    std::size_t missing = 0;
    const auto miss = [&](std::size_t count, const Error& error) {
        missing += count;
        log(Level::Info, "activitypub", "picture-not-fetched",
            {{"note", message.origin_id}, {"why", error.text}});
    };
    for (const MediaLink& each : note.pictures) {
        auto file = steady_clock::now() < until
                        ? get(each, undescribed)
                        : Result<email::MailFile>(Error{Code::Timeout, "it took too long", true});
        file.ok() ? files.push_back(std::move(*file)) : miss(1, file.error());
    }
    if (cut_) return false;
    const auto kept = files.empty() ? Result<void>() : keep(message, files);
    if (!kept.ok()) miss(files.size(), kept.error());
    if (missing == 0) return true;
    message.text += (message.text.empty() ? "[" : " [") +
                    words.say("post_not_fetched", {{"count", std::to_string(missing)}}) + ']';
    return true;
}

}  // namespace waypost::activitypub
