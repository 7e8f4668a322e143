// SPDX-License-Identifier: Apache-2.0
// The settings of an account elsewhere, and how they make a transport.
#include <array>
#include <stdexcept>

#include "bridges/activitypub/client/client_transport.h"
#include "bridges/activitypub/pictures/picture_settings.h"
#include "bridges/activitypub/vocab/activity.h"
#include "bridges/fetch/web_url.h"
#include "gateway/message/text.h"

namespace waypost::activitypub {
namespace {

using Kind = Setting::Kind;

constexpr std::array kSettings = {
    Setting{"server", Kind::Text, "", "", "",
            "the server that the account is on: \"https://social.example\"", true, true},
    Setting{"person", Kind::Text, "", "", "",
            "handle of the person whose account this is: she alone writes by it", true, true},
    Setting{"token_file", Kind::Path, "", "", "",
            "file of mode 0600 with the account's token; `waypost fediverse-account` writes it",
            true, true},
    Setting{"poll", Kind::Duration, "60s", "10s..1d", "",
            "how often the server is asked for new mentions", false, true},
    Setting{"stream", Kind::Boolean, "true", "", "",
            "hold a connection by which the server tells news at once, where it offers one", false,
            true},
    kPictureSide,
    kPictureQuality,
    kPictureBytes,
    kFetchPictures,
    Setting{"near", Kind::List, "", "", "",
            "hosts in a private network that may be asked all the same", false, true},
    Setting{"ca_file", Kind::Path, "", "", "",
            "PEM file of the authority that signed the server's certificate; else the system's",
            false, true},
};

constexpr Section kSection{kClientSection, true,
                           "The fediverse through an account that a person has on some server: for "
                           "a village without a public name.",
                           kSettings};

}  // namespace

ClientOptions client_options(const SectionValues& values) {
    ClientOptions options;
    options.fetch.near = values.list("near");
    options.fetch.ca_file = values.text("ca_file");
    options.fetch.whole = std::chrono::seconds(30);
    const auto url = parse_web_url(values.text("server"));
    if (!url.ok()) throw std::runtime_error("server: " + url.error().text);
    if (url->path != "/" || !url->query.empty())
        throw std::runtime_error("server: only its name, \"https://social.example\"");
    options.server = url->scheme + "://" + url->authority();
    if (const auto may = Fetcher(options.fetch).check(options.server); !may.ok())
        throw std::runtime_error("server: " + may.error().text);
    options.person = lower_ascii(values.text("person"));
    options.token_file = values.text("token_file");
    options.poll = values.duration("poll");
    options.pictures.web = web_picture_options(values);
    options.pictures.fetch = picture_fetch_options(values, options.fetch);
    options.stream = values.boolean("stream");
    return options;
}

TransportKind fediverse_account_kind(Originals originals) {
    const auto make = [originals = std::move(originals)](TransportId id,
                                                         const SectionValues& values) {
        ClientOptions options = client_options(values);
        options.originals = originals;
        return std::make_unique<ClientTransport>(std::move(id), std::move(options));
    };
    return {&kSection, make, {}, {}, true};
}

}  // namespace waypost::activitypub
