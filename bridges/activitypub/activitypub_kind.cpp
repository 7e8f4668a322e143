// SPDX-License-Identifier: Apache-2.0
// The settings of the fediverse, and how they make a transport.
#include <array>
#include <stdexcept>

#include "bridges/activitypub/activitypub_transport.h"
#include "bridges/activitypub/pictures/picture_settings.h"
#include "bridges/email/mime/mail_attachment.h"
#include "gateway/message/text.h"

namespace waypost::activitypub {
namespace {

using Kind = Setting::Kind;

constexpr std::array kSettings = {
    Setting{"host", Kind::Text, "", "", "",
            "name under which other servers reach this box by HTTPS, if it is not the mail domain; "
            "then the domain's web server has to pass /.well-known/webfinger on to it",
            false, true},
    Setting{"listen", Kind::Text, "127.0.0.1:8090", "", "",
            "address and port for a reverse proxy that does TLS; empty: none", false, true},
    Setting{
        "tls_listen", Kind::Text, "", "", "",
        "address and port for other servers themselves, with the certificate below; empty: none",
        false, true},
    Setting{"certificate", Kind::Path, "", "", "", "PEM file with the chain, for tls_listen", false,
            true},
    Setting{"private_key", Kind::Path, "", "", "", "PEM file with its key", false, true},
    Setting{"proxy", Kind::Text, "127.0.0.1", "", "",
            "IP address of the reverse proxy, which is believed when it says for whom it asks",
            false, true},
    Setting{"allow", Kind::List, "", "", "",
            "domains that are spoken with, and those below them; empty: all", false, true},
    Setting{"block", Kind::List, "", "", "", "domains that are not spoken with", false, true},
    Setting{"authorised_fetch", Kind::Boolean, "false", "", "",
            "profiles and posts only for servers that say by a signature who they are", false,
            true},
    Setting{"note_bytes", Kind::Bytes, "5KiB", "256..64KiB", "",
            "most of a post's text that is taken; what is longer is cut", false, true},
    kPictureSide,
    kPictureQuality,
    kPictureBytes,
    kFetchPictures,
    Setting{"picture_room", Kind::Bytes, "200MiB", "1MiB..10GiB", "bytes",
            "pictures of what people here have written are kept for others to fetch; beyond this "
            "the oldest go",
            false, true},
    Setting{"rotate_keys", Kind::Duration, "0s", "0s..3650d", "",
            "signing keys older than this are replaced; 0: never", false, true},
    Setting{"near", Kind::List, "", "", "",
            "hosts in a private network that are spoken with all the same", false, true},
    Setting{"ca_file", Kind::Path, "", "", "",
            "PEM file of the authority that signed the certificates of other servers; else the "
            "system's",
            false, true},
};

constexpr Section kSection{"activitypub", true,
                           "The fediverse: the village as a server that others reach by HTTPS.",
                           kSettings};

PictureOptions picture_options(const SectionValues& values, const FetchOptions& fetch) {
    PictureOptions pictures;
    pictures.web = web_picture_options(values);
    pictures.room = static_cast<std::uint64_t>(values.bytes("picture_room"));
    pictures.fetch = picture_fetch_options(values, fetch);
    return pictures;
}

std::unique_ptr<Transport> make(TransportId id, const SectionValues& values, Originals originals) {
    ActivityPubOptions options;
    options.originals = std::move(originals);
    options.host = lower_ascii(values.text("host"));
    if (options.host.find_first_of("/: ") != std::string::npos)
        throw std::runtime_error("host: a name alone is wanted, \"social.hill.example\"");
    options.door.listen = values.text("listen");
    options.door.tls_listen = values.text("tls_listen");
    options.door.certificate = values.text("certificate");
    options.door.private_key = values.text("private_key");
    options.door.proxy = values.text("proxy");
    if (options.door.listen.empty() && options.door.tls_listen.empty())
        throw std::runtime_error("listen or tls_listen is wanted: other servers have to come in");
    if (!options.door.tls_listen.empty() &&
        (options.door.certificate.empty() || options.door.private_key.empty()))
        throw std::runtime_error("tls_listen needs certificate and private_key");
    options.policy.allow = values.list("allow");
    options.policy.block = values.list("block");
    options.policy.authorised_fetch = values.boolean("authorised_fetch");
    options.policy.note_bytes = static_cast<std::size_t>(values.bytes("note_bytes"));
    options.rotate_keys =
        std::chrono::duration_cast<std::chrono::hours>(values.duration("rotate_keys"));
    options.fetch.near = values.list("near");
    options.fetch.ca_file = values.text("ca_file");
    options.fetch.most_bytes = kMostActivityBytes;
    options.fetch.whole = std::chrono::seconds(30);
    options.pictures = picture_options(values, options.fetch);
    return std::make_unique<ActivityPubTransport>(std::move(id), std::move(options));
}

}  // namespace

TransportKind activitypub_kind(Originals originals) {
    const auto make_it = [originals = std::move(originals)](TransportId id,
                                                            const SectionValues& values) {
        return make(std::move(id), values, originals);
    };
    return {&kSection, make_it, {}, email::open_mail_attachment, true};
}

}  // namespace waypost::activitypub
