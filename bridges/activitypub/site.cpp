// SPDX-License-Identifier: Apache-2.0
#include "bridges/activitypub/site.h"

#include "gateway/message/text.h"

namespace waypost::activitypub {
namespace {

constexpr std::string_view kActors = "/ap/";
constexpr std::string_view kNotes = "/notes/";

}  // namespace

Site::Site(std::string host, std::string domain)
    : host_(std::move(host)), domain_(std::move(domain)), base_("https://" + host_) {}

std::string Site::note_id(const OwnActor& author, const std::string& token) const {
    return author.id() + std::string(kNotes) + token;
}

bool Site::is_ours(std::string_view url) const {
    return url.substr(0, base_.size()) == base_ &&
           (url.size() == base_.size() || url[base_.size()] == '/');
}

std::string Site::name_of(std::string_view id) const {
    if (!is_ours(id)) return {};
    std::string_view path = id.substr(base_.size());
    if (path.substr(0, kActors.size()) != kActors) return {};
    path.remove_prefix(kActors.size());
    return path.find('/') == std::string_view::npos ? std::string(path) : std::string();
}

std::string Site::author_of(std::string_view id) const {
    const std::size_t notes = id.find(kNotes);
    return notes == std::string_view::npos ? std::string() : name_of(id.substr(0, notes));
}

std::string host_of(std::string_view url) {
    for (const std::string_view scheme : {"https://", "http://"}) {
        if (url.substr(0, scheme.size()) != scheme) continue;
        url.remove_prefix(scheme.size());
        return lower_ascii(std::string(url.substr(0, url.find_first_of("/?#"))));
    }
    return {};
}

}  // namespace waypost::activitypub
