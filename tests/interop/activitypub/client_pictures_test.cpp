// SPDX-License-Identifier: Apache-2.0
// A picture by way of Ana's account on a real snac at oak.test, to Bob on the same.
#include <Poco/JSON/Array.h>
#include <Poco/JSON/Object.h>
#include <Poco/JSON/Parser.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <iostream>

#include "bridges/activitypub/client/letters.h"
#include "bridges/email/mime/mail_attachment.h"
#include "bridges/email/mime/mail_files.h"
#include "tests/fakes/fake_office.h"
#include "tests/fakes/pictures.h"
#include "tests/interop/activitypub/fediverse.h"
#include "tests/interop/activitypub/snac.h"

namespace waypost::interop {
namespace {

using namespace activitypub;

FetchOptions fetch_options(const Fediverse& world) {
    FetchOptions options;
    options.ca_file = world.authority();
    options.near = {"oak.test"};
    return options;
}

// What Ana's box does with a mail of hers.
struct AnasBox {
    AnasBox(const Fediverse& world, const std::string& token) : fetcher(fetch_options(world)) {
        std::ofstream(folder / "token") << token << '\n';
        ::chmod((folder / "token").c_str(), 0600);
    }
    Outcome send(const Delivery& delivery, const WireId& wire) {
        if (!session.sign_in()) return outcome(Outcome::Kind::NotTried, "account", session.why());
        return letters.send(delivery, wire);
    }

    const Folder folder;
    FakeOffice office;
    TransportState& state = office.state("fediverse_account.ana");
    Fetcher fetcher;
    const client::MastodonApi api{fetcher, "https://oak.test"};
    client::IdMemory came{state, "came"}, went{state, "went"};
    client::Session session{api, office.clock(), folder / "token", "type something"};
    AttachedFiles files{office,
                        {{"email", email::open_mail_attachment}},
                        {WAYPOST_BIN "/waypost-shrink", 640, 75, 256u << 10}};
    client::Letters letters{
        {office, state, api, came, went, "fediverse_account.ana", "ana"}, session, &files};
};

Delivery mail_with(const std::string& photo) {
    Delivery delivery;
    delivery.attempt = {1, 1};
    delivery.to = {"acct", "bob@oak.test"};
    delivery.author = "ana";
    delivery.text = "Whose goat is it?";
    delivery.body_network = "email";
    delivery.body.bytes = email::files_original(
        "Whose goat is it?", {{{"our goat.jpg", "image/jpeg", photo.size()}, {}, photo}});
    delivery.body.size = delivery.body.bytes.size();
    return delivery;
}

// The statuses of what somebody was told of that say this.
std::vector<Poco::JSON::Object::Ptr> told(Snac& snac, const std::string& text) {
    std::vector<Poco::JSON::Object::Ptr> some;
    const auto list = Poco::JSON::Parser()
                          .parse(snac.api("bob", "GET", "/api/v1/notifications"))
                          .extract<Poco::JSON::Array::Ptr>();
    for (const auto& each : *list) {
        const auto status = each.extract<Poco::JSON::Object::Ptr>()->getObject("status");
        if (status && status->getValue<std::string>("content").find(text) != std::string::npos)
            some.push_back(status);
    }
    return some;
}

TEST(FediverseAccountPictures, SnacTakesItWithItsDescriptionAndShowsNoPlace) {
    const Fediverse world;
    Snac snac(world, "oak.test", {"ana", "bob"});
    AnasBox box(world, snac.token("ana"));
    const std::string photo = shrink::jpeg(1600, 1200, shrink::meadow, 6);
    Delivery delivery = mail_with(photo);
    const Outcome sent = box.send(delivery, "waypost-1");
    ASSERT_EQ(sent.kind, Outcome::Kind::Sent) << sent.detail << snac.log();
    ASSERT_TRUE(eventually([&] { return !told(snac, "Whose goat").empty(); })) << snac.log();
    const auto media = told(snac, "Whose goat").front()->getArray("media_attachments");
    ASSERT_TRUE(media && media->size() == 1) << snac.api("bob", "GET", "/api/v1/notifications");
    const auto picture = media->getObject(0);
    EXPECT_EQ(picture->getValue<std::string>("type"), "image");
    EXPECT_EQ(picture->getValue<std::string>("description"), "our goat");
    shell("curl -sS --fail --cacert " + world.authority() + " --output " + box.folder / "got.jpg" +
          " '" + picture->getValue<std::string>("url") + "'");
    const std::string got = contents(box.folder / "got.jpg");
    EXPECT_EQ(got.substr(0, 3), "\xFF\xD8\xFF");
    EXPECT_LT(got.size(), photo.size());
    EXPECT_EQ(got.find(shrink::kGpsPlace), std::string::npos);

    // As after a kill between the post and its record: it is found, and nothing goes twice.
    box.went.clear();
    delivery.wire_id = "waypost-1";
    const Outcome again = box.send(delivery, "waypost-1");
    EXPECT_EQ(again.kind, Outcome::Kind::Sent);
    EXPECT_EQ(again.detail, "it was there already");
    EXPECT_EQ(told(snac, "Whose goat").size(), 1u);
    if (::testing::Test::HasFailure()) std::cerr << snac.log();
}

}  // namespace
}  // namespace waypost::interop
