// SPDX-License-Identifier: Apache-2.0
// The encryption of the data partition of a box that is an image.
#include "gateway/encryption/data_encryption.h"
#include "web/api/api.h"

namespace waypost::api {
namespace {

DataEncryption* encryption_of(Desk& desk) {
    return desk.control() == nullptr ? nullptr : desk.control()->encryption();
}

Reply facts(Desk& desk, const Request&) {
    DataEncryption* encryption = encryption_of(desk);
    const auto facts = encryption == nullptr ? std::nullopt : encryption->facts();
    Reply reply;
    reply.body->set("image", facts.has_value());
    if (!facts) return reply;
    reply.body->set("state", facts->state);
    reply.body->set("percent", facts->percent);
    reply.body->set("why", facts->why);
    return reply;
}

// Who wished it is on record by the API; neither the passphrase nor the key is.
Reply encrypt(Desk& desk, const Request& request) {
    DataEncryption* encryption = encryption_of(desk);
    if (encryption == nullptr)
        return fail(404, "not-found", "this box is no image with a partition for data");
    const auto random = system_random();
    const auto key = encryption->encrypt(request.body->getValue<std::string>("passphrase"),
                                         request.body->optValue("stick", false), *random);
    if (!key.ok()) return fail(key.error());
    Reply reply;
    reply.body->set("recovery_key", *key);
    return reply;
}

}  // namespace

std::vector<Route> encryption_routes() {
    return {{"GET", "/encryption", facts}, {"POST", "/encryption", encrypt, Role::Admin}};
}

}  // namespace waypost::api
