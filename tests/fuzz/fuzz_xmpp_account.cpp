// SPDX-License-Identifier: Apache-2.0
// What an account's server sends, the way that it goes: by libstrophe's parser, by its text through
// ours with its limits, and then as an answer of the archive, as a message for somebody, and back.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "bridges/xmpp/account/account_stream.h"
#include "bridges/xmpp/account/catch_up.h"
#include "bridges/xmpp/account/dress.h"
#include "bridges/xmpp/account/for_whom.h"
#include "bridges/xmpp/account/sign_in.h"
#include "bridges/xmpp/account/strophe.h"
#include "gateway/message/text.h"
#include "tests/fakes/fake_office.h"
#include "tests/fakes/fake_people.h"

namespace {

namespace xmpp = waypost::xmpp;

constexpr char kAccount[] = "village@chat.example";

void must(bool is) {
    if (!is) std::abort();
}

// So that an input can name the query that it answers: "archive-0000000000000000".
struct NoChance final : waypost::Random {
    std::uint64_t next() override { return 0; }
};

struct Account final : xmpp::StropheStanzas::Reader {
    Account() {
        people.add("ana", "Ana");
        office.kept()["archive"] = "7";
        catch_up.start();
    }
    void stanza(xmpp::Element one) override {
        ++came;
        if (one.name() == "message") message(one);
        (void)catch_up.answer(one);
        (void)dress.speaker(one);
        must(dress.of_account(one).get("from").empty());
    }
    void passed_over(xmpp::StanzaHead head) override {
        ++came;
        must(!head.why.empty());
    }
    void message(const xmpp::Element& one) {
        const auto then = catch_up.archived(one);
        const xmpp::Element& said = then ? *then : one;
        must(catch_up.id_of(said).size() <= xmpp::kMostIdBytes);
        const auto from = xmpp::parse_jid(said.get("from"));
        if (!from.ok()) return;
        xmpp::Chat chat = xmpp::read_chat(said);
        const std::string body = chat.body;
        const std::string handle = xmpp::for_whom(chat, *from, talks, office.clock().wall());
        must(waypost::is_utf8(handle) && body.ends_with(chat.body));
        if (!handle.empty()) talks.heard(*from, handle, office.clock().wall());
        talks.sent(chat.id, "ana", *from, office.clock().wall());
    }

    waypost::FakeOffice office;
    waypost::FakePeople people;
    NoChance random;
    const xmpp::Names names{"hill.example", "hill.example"};
    const xmpp::Jid account = *xmpp::parse_jid(kAccount);
    xmpp::Talks talks{office.state("xmpp_account.post"), std::chrono::hours(1)};
    xmpp::CatchUp catch_up{office.state("xmpp_account.post"), random, office.clock(), account,
                           [](xmpp::Element) {}};
    const xmpp::Dress dress{names, people, account, {}};
    int came = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string bytes(reinterpret_cast<const char*>(data), size);
    xmpp::SignIn sign_in;
    sign_in.hear(bytes);
    sign_in.hear("RECV: " + bytes);
    const xmpp::Jid account = *xmpp::parse_jid(kAccount);
    must(!sign_in.why("chat.example", account).text.empty());

    const xmpp::StropheContext context(xmpp_ctx_new(nullptr, nullptr));
    xmpp::StreamLimits limits;
    limits.stanza_bytes = 4096;
    Account reader;
    xmpp::StropheStanzas stanzas(context.get(), reader, limits);
    // As many stanzas as there are lines.
    int read = 0;
    for (std::size_t at = 0; at < bytes.size();) {
        const std::size_t end = std::min(bytes.find('\n', at), bytes.size());
        const std::string line = bytes.substr(at, end - at);
        at = end + 1;
        xmpp_stanza_t* const stanza = xmpp_stanza_new_from_string(context.get(), line.c_str());
        if (stanza == nullptr) continue;
        stanzas.read(stanza);
        xmpp_stanza_release(stanza);
        must(reader.came == ++read);
    }
    return 0;
}
