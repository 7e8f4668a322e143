// SPDX-License-Identifier: Apache-2.0
#include "bridges/activitypub/pictures/attached.h"

#include <algorithm>

#include "gateway/base/log.h"
#include "gateway/commands/catalogue.h"
#include "gateway/message/text.h"

namespace waypost::activitypub {
namespace {

constexpr std::size_t kMostFiles = 20;           // that are looked at
constexpr std::uint64_t kMostBytes = 30u << 20;  // of a picture, as it came
constexpr std::size_t kNameBytes = 60;
constexpr std::size_t kDescriptionBytes = 500;

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           static_cast<unsigned char>(c) >= 0x80;
}

}  // namespace

std::string description_in(const std::string& file_name) {
    std::string stem = file_name.substr(0, file_name.rfind('.'));
    std::replace(stem.begin(), stem.end(), '_', ' ');
    stem = squeeze(stem);
    int words = 0, letters = 0, digits = 0;
    for (const char c : stem + ' ') {
        if (is_letter(c)) {
            ++letters;
            digits = 0;
        } else if (c >= '0' && c <= '9') {
            if (++digits >= 4) return {};  // a date, or a number that goes on and on
        } else {
            words += letters >= 2 ? 1 : 0;
            letters = digits = 0;
        }
    }
    return words >= 2 ? one_line(clean_utf8(stem), kDescriptionBytes) : std::string();
}

std::string said_left_out(const std::vector<Attachment>& files, const std::string& language) {
    if (files.empty()) return {};
    std::string said;
    for (const Attachment& each : files) {
        if (!said.empty()) said += ", ";
        said += one_line(each.name, kNameBytes) + ' ' +
                short_size(static_cast<std::size_t>(each.bytes));
    }
    return '[' + catalogue(language).letter("post_left_out", {{"what", said}}) + ']';
}

AttachedFiles::AttachedFiles(Office& office, Originals originals, WebPictureOptions options)
    : office_(office), originals_(std::move(originals)), web_(std::move(options)) {}

Attached AttachedFiles::of(const Delivery& delivery) {
    Attached attached;
    const auto opens = originals_.find(delivery.body_network);
    if (delivery.body.size == 0 || opens == originals_.end()) return attached;
    const auto take = [&](AttachmentContent& file) -> Result<void> {
        const Attachment& about = file.about();
        const bool may_go = about.type.rfind("image/", 0) == 0 && about.bytes <= kMostBytes &&
                            attached.pictures.size() < kMostPictures;
        if (!may_go) {
            attached.left_out.push_back(about);
            return {};
        }
        auto made = web_.make([&](std::ostream& out) { return file.copy_to(out); });
        if (made.ok()) {
            attached.pictures.push_back({std::move(*made), description_in(about.name), about.name});
            return {};
        }
        attached.left_out.push_back(about);
        log(Level::Info, "activitypub", "picture-left-out",
            {{"message", std::to_string(delivery.message)}, {"why", made.error().text}});
        return {};
    };
    (void)each_attachment(office_, delivery.body, opens->second, kMostFiles, take);
    return attached;
}

}  // namespace waypost::activitypub
