// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/node/make_node.h"

#include <sodium.h>

#include <functional>

#include "bridges/nncp/node/key_checks.h"

namespace waypost::nncp {
namespace {

Secret secret_of(std::size_t bytes, const std::function<void(unsigned char*)>& fill) {
    std::string room(bytes, '\0');
    fill(reinterpret_cast<unsigned char*>(room.data()));
    return Secret(std::move(room));
}

Secret exchange_pair(Hash32& public_key) {
    return secret_of(crypto_box_SECRETKEYBYTES,
                     [&](unsigned char* secret) { crypto_box_keypair(public_key.data(), secret); });
}

Hjson letters(const Hash32& hash) { return Hjson::of_text(to_base32(hash)); }
Hjson letters(const Secret& secret) { return Hjson::of_text(to_base32(secret.reveal())); }

Hjson list_of(const std::string& text) {
    Hjson list;
    list.kind = Hjson::Kind::List;
    list.items.push_back(Hjson::of_text(text));
    return list;
}

void set_public(Hjson& into, const NodeId& id, const Hash32& exchange, const Hash32& signing) {
    into.set("id", letters(id));
    into.set("exchpub", letters(exchange));
    into.set("signpub", letters(signing));
}

bool same(const Hjson& a, const Hjson& b) { return to_json(a) == to_json(b); }

Result<void> merge_entry(const std::string& name, Hjson& ours, const Hjson& theirs) {
    for (const auto& [key, value] : theirs.members) {
        const Hjson* there = ours.find(key);
        if (there == nullptr) {
            ours.set(key, value);
            continue;
        }
        const bool is_key = key == "id" || key.ends_with("pub") || key == "prv";
        if (is_key && !same(*there, value))
            return Error{Code::Conflict,
                         name + " is known here with another " + key +
                             ": ask its operator which is right, then remove the old entry",
                         false};
    }
    return {};
}

Result<void> merge_section(const char* section, Hjson& ours, const Hjson& theirs) {
    const Hjson* given = theirs.find(section);
    if (given == nullptr) return {};
    if (given->kind != Hjson::Kind::Object)
        return bad_input(std::string(section) + ": expected {name: { ... }}");
    if (ours.find(section) == nullptr) ours.set(section, Hjson::object());
    Hjson& into = *ours.find(section);
    for (const auto& [name, entry] : given->members) {
        if (name == "self") continue;
        if (entry.kind != Hjson::Kind::Object) return bad_input(name + ": expected { ... }");
        Hjson* there = into.find(name);
        if (there == nullptr) {
            into.set(name, entry);
        } else if (const auto done = merge_entry(name, *there, entry); !done.ok()) {
            return done;
        }
    }
    return {};
}

}  // namespace

OwnKeys make_keys() {
    OwnKeys keys;
    keys.exchange = exchange_pair(keys.exchange_public);
    keys.noise = exchange_pair(keys.noise_public);
    keys.signing = secret_of(crypto_sign_SECRETKEYBYTES, [&](unsigned char* secret) {
        crypto_sign_keypair(keys.signing_public.data(), secret);
    });
    keys.id = hash_of_key(keys.signing_public);
    return keys;
}

Hjson new_node(const OwnKeys& keys, const std::string& spool, const std::string& log) {
    Hjson own = Hjson::object();
    set_public(own, keys.id, keys.exchange_public, keys.signing_public);
    own.set("noisepub", letters(keys.noise_public));
    Hjson self = own;
    self.set("exchprv", letters(keys.exchange));
    self.set("signprv", letters(keys.signing));
    self.set("noiseprv", letters(keys.noise));
    Hjson handles = Hjson::object();
    handles.set("sendmail", list_of("/usr/sbin/sendmail"));
    own.set("exec", handles);
    Hjson neighbours = Hjson::object();
    neighbours.set("self", own);
    Hjson root = Hjson::object();
    root.set("spool", Hjson::of_text(spool));
    root.set("log", Hjson::of_text(log));
    root.set("self", self);
    root.set("neigh", neighbours);
    return root;
}

Hjson new_area() {
    Hash32 public_key{};
    const Secret secret = exchange_pair(public_key);
    Hjson area = Hjson::object();
    area.set("id", letters(hash_of_key(public_key)));
    area.set("pub", letters(public_key));
    area.set("prv", letters(secret));
    return area;
}

Hjson public_part(const NodeConfig& config, const std::string& name,
                  const std::map<std::string, std::string>& addresses) {
    const Node& self = config.nodes.at("self");
    Hjson entry = Hjson::object();
    set_public(entry, self.id, self.exchange_public, self.signing_public);
    if (self.noise_public) entry.set("noisepub", letters(*self.noise_public));
    if (!addresses.empty()) {
        Hjson list = Hjson::object();
        for (const auto& [label, address] : addresses) list.set(label, Hjson::of_text(address));
        entry.set("addrs", list);
    }
    Hjson neighbours = Hjson::object();
    neighbours.set(name, entry);
    Hjson root = Hjson::object();
    root.set("neigh", neighbours);
    return root;
}

Result<Hjson> merged(Hjson ours, const Hjson& theirs) {
    for (const char* section : {"neigh", "areas"}) {
        const auto done = merge_section(section, ours, theirs);
        if (!done.ok()) return done.error();
    }
    const auto checked = node_config_of(ours);
    if (!checked.ok()) return checked.error();
    return ours;
}

}  // namespace waypost::nncp
