// SPDX-License-Identifier: Apache-2.0
// Everything that reads keys and encrypted mail from outside, with one fixed key of ours.
#include <cstdint>
#include <cstdlib>

#include "bridges/email/mime/read_mail.h"
#include "bridges/email/openpgp/autocrypt.h"
#include "bridges/email/openpgp/hidden_recipient.h"
#include "bridges/email/openpgp/key_store.h"
#include "bridges/email/openpgp/pgp_mime.h"
#include "bridges/email/openpgp/sealed_message.h"
#include "bridges/email/openpgp/secure_join.h"
#include "gateway/base/encoding.h"
#include "gateway/message/text.h"

namespace {

using namespace waypost::email;

// Of nobody: made for this file.
constexpr char kSecret[] =
    "xVgEawgdnhYJKwYBBAHaRw8BAQdALkBmwL9VK4ls1dtBBwJiHsD/CNC3iCLcKlGlL7yJZUQAAP9C83b4"
    "6mtF9wSXFa/2Ez3oPT1rpdwVmarQdCJYaxJRuRDDzRI8YW5hQGhpbGwuZXhhbXBsZT7CiQQTFggAMRYh"
    "BA1eP9PgeNXHXoLvoEB2gsmyAxljBQJrCB2eAhsDBAsJCAcFFQgJCgsFFgIDAQAACgkQQHaCybIDGWOi"
    "hAD/Q6sqdS+zf9VVRzRIqfAiiJd5jHZP560KMLdm38JTG1EBAIObbvNuIO4P0Z+V2zhdSCGv8mpDqsY6"
    "afRrV1vbaawMx10EawgdnhIKKwYBBAGXVQEFAQEHQKnz/14mDtxFKjnsZq0HMxRDTNxL6SUy0Z6IUove"
    "Q8lyAwEIBwAA/1iMiMgNFB0jUi/SA76zve6yspk7m+2HzNdTlMLM9bcQEiHCeAQYFggAIBYhBA1eP9Pg"
    "eNXHXoLvoEB2gsmyAxljBQJrCB2eAhsMAAoJEEB2gsmyAxljjQ0A/22jmphYcSKYpG2zMTwFzfocQcMO"
    "0O+OAKbR6+TR6y98AQCroqMZKCsZmb4IuNjeR/w9c7TGPDVFD0doT1fzpAYPDg==";

const openpgp::OwnKey& our_key() {
    static const openpgp::OwnKey kKey =
        std::move(openpgp::load_key(waypost::Secret(*waypost::from_base64(kSecret)))).value();
    return kKey;
}

void read_opened(std::string_view mail, std::string_view inside) {
    const auto outer = read_mail(mail);
    const std::string opened =
        openpgp::opened_mail(mail, inside, outer.ok() ? outer->from : waypost::Address());
    const auto read = read_mail(opened);
    if (read.ok() && (!waypost::is_utf8(read->text) || !waypost::is_utf8(read->subject)))
        std::abort();
    (void)openpgp::read_handshake(openpgp::split_mail(inside), true);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const openpgp::OpenLimits limits{1 << 20, 1 << 20, 16};
    const auto said = openpgp::parse_autocrypt(bytes);
    const auto certificate = openpgp::read_certificate(said.ok() ? said->key : bytes);
    if (certificate.ok() && !openpgp::read_certificate(certificate->bytes).ok()) std::abort();
    const auto part = openpgp::encrypted_part(bytes, limits.sealed_bytes);
    const auto opened = openpgp::open_message(part ? *part : bytes, our_key(), {}, limits);
    if (opened.ok()) read_opened(bytes, opened->bytes);
    read_opened(bytes, bytes);
    std::string packets(bytes);
    (void)openpgp::name_hidden_recipient(packets, our_key().encryption_id, 16);
    if (packets.size() != size) std::abort();
    (void)openpgp::parse_peer(packets);
    const auto sealed = openpgp::sealed_mail(bytes, "b", [](std::string_view inside) {
        return waypost::Result<std::string>(std::string(inside.substr(0, 100)));
    });
    if (!sealed.ok()) std::abort();
    return 0;
}
