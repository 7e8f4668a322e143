// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/openpgp/encryption.h"

#include <algorithm>

#include "bridges/email/mime/gmime_types.h"
#include "bridges/email/mime/write_mail.h"
#include "bridges/email/openpgp/autocrypt.h"
#include "bridges/email/openpgp/pgp_mime.h"
#include "gateway/base/log.h"
#include "gateway/message/text.h"

namespace waypost::email::openpgp {
namespace {

constexpr std::size_t kBoundaryBytes = 12;
constexpr std::size_t kMostKeysTried = 4;  // addresses of ours in one mail
constexpr std::int64_t kNoteSeenEvery = 24 * 3600;

// The key in the one Autocrypt header for this sender; nullopt: none, several, or a bad one. One
// that is `known` is not checked again.
std::optional<Certificate> said_by(const SplitMail& fields, const Address& sender,
                                   const Peer* known) {
    const auto header = [](const HeaderField& f) { return f.name == "autocrypt"; };
    if (std::count_if(fields.fields.begin(), fields.fields.end(), header) != 1) return std::nullopt;
    const auto said = parse_autocrypt(fields.value("autocrypt"));
    if (!said.ok() || key_name(said->address) != key_name(sender)) return std::nullopt;
    if (known != nullptr && known->certificate.bytes == said->key) return known->certificate;
    auto certificate = read_certificate(said->key);
    if (!certificate.ok()) return std::nullopt;
    return std::move(*certificate);
}

Received refused(std::string why) {
    Received no;
    no.handshake = true;
    no.verdict = {Verdict::Kind::Refused, Verdict::Reason::NotAllowed, std::move(why), 0};
    return no;
}

constexpr char kNoInvitation[] = "this invitation is not known here, or it has ended";

// A signed text that somebody else got could be encrypted again, to us. So what is proven by it
// must also be said to us.
bool said_to(const SplitMail& inside, const Address& own) {
    const std::string name = key_name(own);
    return lower_ascii(inside.value("to")).find(name) != std::string::npos ||
           lower_ascii(inside.value("cc")).find(name) != std::string::npos;
}

// The date outside an encrypted mail may be made up, so as to tell nothing.
std::int64_t date_of(const SplitMail& inside, std::int64_t otherwise) {
    GDateTime* date = g_mime_utils_header_decode_date(inside.value("date").c_str());
    if (date == nullptr) return otherwise;
    const std::int64_t seconds = g_date_time_to_unix(date);
    g_date_time_unref(date);
    return seconds;
}

// The mail itself is not kept meanwhile.
std::optional<std::string> sealed_part(const Incoming& in, std::size_t most) {
    const auto mail = in.whole();
    if (!mail) return std::nullopt;
    return encrypted_part(*mail, most);
}

bool is_encrypted(const SplitMail& mail) {
    return mail.value("content-type").rfind("multipart/encrypted", 0) == 0;
}

}  // namespace

Encryption::Encryption(Office& office, TransportId transport)
    : office_(office),
      transport_(std::move(transport)),
      own_(office.state(transport_)),
      peers_(office.state(transport_)),
      invitations_(office.state(transport_), office.random()) {}

std::int64_t Encryption::now() const { return to_ms(office_.clock().wall()) / 1000; }

bool Encryption::ours(const Address& address) const {
    return address.scheme == "mailto" && address.domain() == office_.domain();
}

std::string Encryption::boundary() { return "wp-" + office_.random().hex(kBoundaryBytes); }

Received Encryption::receive(const Incoming& in) {
    const std::lock_guard lock(mutex_);
    if (std::none_of(in.to.begin(), in.to.end(), [&](const Address& a) { return ours(a); }))
        return {};
    if (in.mail.encrypted) {
        const auto it = open(in);
        if (it) return opened(in, *it);
        Received none;
        none.unreadable = true;
        return none;
    }
    const SplitMail fields = split_mail(in.head);
    if (const auto step = read_handshake(fields, false)) return join(in, *step, fields, nullptr);
    learn(in, fields, nullptr);
    return {};
}

std::optional<Encryption::Opened> Encryption::open(const Incoming& in) {
    const OpenLimits limits;
    const auto sealed = sealed_part(in, limits.sealed_bytes);
    if (!sealed) return std::nullopt;
    std::vector<Certificate> signers;
    const Peer* peer = peers_.find(in.mail.from);
    if (peer != nullptr) signers.push_back(peer->certificate);
    std::size_t tried = 0;
    for (const Address& to : in.to) {
        const auto key = ours(to) && tried < kMostKeysTried ? own_.find(to) : nullptr;
        if (!key) continue;
        ++tried;
        auto message = open_message(*sealed, *key, signers, limits);
        if (!message.ok()) continue;
        Opened it{std::move(*message), key, to, {}};
        it.said = said_by(split_mail(it.message.bytes), in.mail.from, peer);
        const bool other_key =
            it.said && (signers.empty() || it.said->fingerprint != signers[0].fingerprint);
        if (it.message.signer.empty() && other_key) {
            auto again = open_message(*sealed, *key, {*it.said}, limits);
            if (again.ok()) it.message = std::move(*again);
        }
        return it;
    }
    return std::nullopt;
}

Received Encryption::opened(const Incoming& in, const Opened& it) {
    const SplitMail fields = split_mail(it.message.bytes);
    if (const auto step = read_handshake(fields, true)) return join(in, *step, fields, &it);
    learn(in, fields, &it);
    Received received;
    received.opened = opened_mail(in.head, it.message.bytes, in.mail.from);
    const Peer* peer = peers_.find(in.mail.from);
    received.proven = peer != nullptr && peer->pinned && said_to(fields, it.own) &&
                      it.message.signer == peer->certificate.fingerprint;
    return received;
}

// Autocrypt Level 1, "Updating Autocrypt Peer State": the newer mail wins, robots and lists do not
// count. Inside an encrypted mail the key must have signed it. Beyond Autocrypt: a mail that may be
// forged changes nothing that is known already.
void Encryption::learn(const Incoming& in, const SplitMail& fields, const Opened* opened) {
    if (in.mail.automatic || in.mail.from.scheme != "mailto" || ours(in.mail.from)) return;
    const Peer* known = peers_.find(in.mail.from);
    const auto said = opened != nullptr ? opened->said : said_by(fields, in.mail.from, known);
    const std::string signer = opened != nullptr ? opened->message.signer : std::string();
    const bool believed = known == nullptr || in.dmarc_passed.value_or(true) ||
                          (!signer.empty() && signer == known->certificate.fingerprint);
    if (!believed) return;
    const std::int64_t written = std::min(date_of(fields, in.mail.date), now());
    Peer peer = known != nullptr ? *known : Peer{};
    const bool may_change = known == nullptr || (!known->pinned && written >= known->said);
    const bool vouched = opened == nullptr || (said && signer == said->fingerprint);
    if (said && may_change && vouched) {
        peer.address = in.mail.from;
        peer.certificate = *said;
        peer.said = written;
    }
    if (peer.address.empty()) return;  // no key of his
    const bool signed_by_him = !signer.empty() && signer == peer.certificate.fingerprint;
    if (opened == nullptr || signed_by_him) peer.encrypts = opened != nullptr;
    peer.chat = fields.has("chat-version");
    const bool changed = known == nullptr || known->encrypts != peer.encrypts ||
                         known->chat != peer.chat ||
                         known->certificate.bytes != peer.certificate.bytes;
    if (!changed && now() - peer.seen < kNoteSeenEvery) return;
    peer.seen = now();
    peers_.put(std::move(peer));
}

Received Encryption::join(const Incoming& in, const Handshake& step, const SplitMail& fields,
                          const Opened* opened) {
    if (in.mail.from.scheme != "mailto" || ours(in.mail.from))
        return refused("addresses of this box cannot join");
    if (step.step == Handshake::Step::RequestWithAuth && opened != nullptr)
        return joined(in, step, fields, *opened);
    if (step.step != Handshake::Step::Request) return refused(kNoInvitation);
    const auto said = opened != nullptr ? opened->said : said_by(fields, in.mail.from, nullptr);
    if (!said) return refused("a request to join without an Autocrypt key");
    for (const Address& to : in.to) {
        if (ours(to) && invitations_.use_number(to, step.invite_number, now()))
            return asked_to_join(in, to, *said);
    }
    return refused(kNoInvitation);
}

// The key is not proven yet, so nothing of it is kept.
Received Encryption::asked_to_join(const Incoming& in, const Address& own,
                                   const Certificate& peer) {
    const auto key = own_.find(own);
    if (!key) return refused(kNoInvitation);  // an invitation has made one
    return step_of_ours("vc-auth-required", own, *key, in.mail.from, peer, false);
}

Received Encryption::joined(const Incoming& in, const Handshake& step, const SplitMail& fields,
                            const Opened& it) {
    if (!said_to(fields, it.own)) return refused("not said to the one who invited");
    if (!it.said || it.message.signer.empty() || it.message.signer != it.said->fingerprint ||
        step.fingerprint != it.said->fingerprint) {
        return refused("the key that signed is not the one that joins");
    }
    const auto invitation = invitations_.find_auth(it.own, step.auth, now());
    if (!invitation) return refused(kNoInvitation);
    // An old link must not be enough to become somebody who has joined already.
    const Peer* known = peers_.find(in.mail.from);
    if (known != nullptr && known->pinned &&
        known->certificate.fingerprint != it.said->fingerprint &&
        invitation->made() <= known->said) {
        return refused("this address has joined with another key: ask for a new invitation");
    }
    Peer peer;
    peer.address = in.mail.from;
    peer.certificate = *it.said;
    peer.said = peer.seen = now();
    peer.encrypts = peer.pinned = peer.chat = true;
    peers_.put(peer);
    log(Level::Info, "email", "joined",
        {{"who", shorten(peer.address.value)}, {"invited_by", shorten(it.own.value)}});
    return step_of_ours("vc-contact-confirm", it.own, *it.key, peer.address, peer.certificate,
                        true);
}

// A mail of the invited-to person's own mail program, as far as the office can see: durable, sent
// again until the relay has it, on record. `known_to_owner`: it makes the one who joined known to
// her, so that his mail is not held as a stranger's.
Received Encryption::step_of_ours(const char* step, const Address& own, const OwnKey& key,
                                  const Address& to, const Certificate& peer, bool known_to_owner) {
    const std::string name = key_name(own);
    const Address from = mailto(name.substr(0, name.find('@')), office_.domain());
    const std::string id =
        "<join-" + office_.random().hex(kBoundaryBytes) + '@' + office_.domain() + '>';
    OutgoingMail mail;
    mail.from = from;
    mail.to = to;
    mail.subject = "Secure-Join";
    mail.text = std::string("Secure-Join: ") + step;
    mail.message_id = id;
    mail.date = office_.clock().wall();
    const auto written = write_mail(mail);
    if (!written.ok()) return refused(written.error().text);
    const std::string plain = "Chat-Version: 1.0\r\nSecure-Join: " + std::string(step) + "\r\n" +
                              autocrypt_field("Autocrypt", from, key.certificate) +
                              autocrypt_field("Autocrypt-Gossip", to, peer) + *written;
    auto sealed = sealed_mail(plain, boundary(), [&](std::string_view inside) {
        return seal_message(inside, peer, key);
    });
    if (!sealed.ok()) return refused("your key cannot be used: " + sealed.error().text);
    Received received;
    received.handshake = true;
    Message& reply = received.reply.emplace();
    reply.network = "email";
    reply.transport = transport_;
    reply.from = from;
    reply.to = {to};
    reply.origin_id = id;
    reply.text = "[invitation]";
    reply.trusted = true;
    reply.submitted = known_to_owner;
    reply.body.size = sealed->size();
    reply.body.bytes = std::move(*sealed);
    return received;
}

void Encryption::prepare(const Address& from) {
    const std::lock_guard lock(mutex_);
    if (ours(from)) (void)own_.find_or_make(from);
}

Result<std::string> Encryption::dress(std::string mail, const Address& from, const Address& to) {
    const std::lock_guard lock(mutex_);
    const SplitMail fields = split_mail(mail);
    if (!ours(from) || is_encrypted(fields)) return mail;
    const Peer* peer = peers_.find(to);
    const auto key = own_.find_or_make(from);
    if (!key.ok()) {
        log(Level::Warning, "email", "no-key",
            {{"address", shorten(from.value)}, {"why", key.error().text}});
        if (peer != nullptr && peer->wants_encryption()) return key.error();
        return mail;
    }
    std::string dressed;
    if (!fields.has("autocrypt")) dressed = autocrypt_field("Autocrypt", from, (*key)->certificate);
    if (peer != nullptr && peer->chat && !fields.has("chat-version"))
        dressed += "Chat-Version: 1.0\r\n";
    dressed += mail;
    if (peer == nullptr || !peer->wants_encryption()) return dressed;
    return sealed_mail(dressed, boundary(), [&](std::string_view inside) {
        return seal_message(inside, peer->certificate, **key);
    });
}

Result<std::string> Encryption::invite(const Address& own, const std::string& name) {
    const std::lock_guard lock(mutex_);
    if (!ours(own)) return Error{Code::NotFound, own.value + " is no address of this box", false};
    const auto key = own_.find_or_make(own);
    if (!key.ok()) return key.error();
    return invitation_link((*key)->certificate.fingerprint, invitations_.make(own, now()), own,
                           name);
}

}  // namespace waypost::email::openpgp
