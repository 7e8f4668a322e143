// SPDX-License-Identifier: Apache-2.0
// What a network that shows people to one another (XMPP, the fediverse) may know of the village,
// and what it may ask in somebody's name. A transport gets it from the Office and needs no store.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "gateway/base/result.h"
#include "gateway/message/address.h"

namespace waypost {

// What somebody wants to be, to networks that show people to all the world.
enum class Profile {
    None,      // nobody: not to be found, not to be written to
    Unlisted,  // found by who knows his address, and by no search
    Listed,    // may be searched and recommended
};

// Who can be written to as HANDLE@domain: a person, or a radio without a name by its eight digits.
struct Resident {
    std::string handle;
    std::string name;      // for display; may be empty
    std::string language;  // "sw"; may be empty
    bool minor = false;    // a child: nothing passes between it and the outside
    Profile profile = Profile::Unlisted;
    bool has_radio = false;
    std::int64_t heard_at = 0;  // Unix seconds at which a radio of his was last heard; 0: never
};

struct GroupView {
    std::string name;
    std::string title;       // may be empty
    bool moderated = false;  // what members post waits for a moderator
    bool closed = false;     // only moderators post
};

struct GroupMember {
    Address address;  // person:ana, or of somebody outside
    std::string name;
    bool moderator = false;
};

// Whether a person takes what somebody outside writes.
enum class Consent { NotAsked, Pending, Given, Refused };

// Any thread. What reads the disk says so; what changes something answers once it is on disk, on
// the store's writer thread.
class PeopleView {
  public:
    using OnDone = std::function<void(Result<void>)>;

    virtual ~PeopleView() = default;

    virtual std::optional<Resident> resident(const std::string& handle) const = 0;
    virtual std::vector<Resident> persons() const = 0;     // by handle; without nameless radios
    virtual std::string language() const { return "en"; }  // of people who chose none
    // Whose address on whatever network this is: a handle; empty: nobody's here.
    virtual std::string handle_of(const Address& address) const = 0;
    // The record has it as somebody's here, whether that counts now or not: it may be suspended, or
    // its person not approved yet. Then handle_of() says all there is to say about it.
    virtual bool on_record(const Address& address) const = 0;
    virtual bool is_operator(const std::string& handle) const = 0;
    virtual std::optional<GroupView> group(const std::string& name) const = 0;
    virtual std::vector<GroupView> groups() const = 0;  // by name

    // These read the disk.
    // Accounts elsewhere whose public posts people here follow, by address: "acct:bob@x.org". What
    // they post is handed over to group:bob@x.org. Nobody outside is told who follows them.
    virtual std::vector<Address> feeds() const { return {}; }
    virtual Result<std::vector<GroupMember>> members(const std::string& group) const = 0;
    virtual Result<Consent> consent(const std::string& handle, const Address& outsider) const = 0;

    // `who`: an address that its network vouches for. NotAllowed errors are sentences for him.
    virtual void join(const std::string& group, const Address& who, OnDone done) = 0;
    virtual void leave(const std::string& group, const Address& who, OnDone done) = 0;
    // The account is this person's, as the caller knows for certain: it becomes one more address of
    // his.
    virtual void attach(const std::string& handle, const Address& account, OnDone done) = 0;
    // An account elsewhere has moved, as both sides say: who follows it follows the new one, whose
    // contact it was has the new one as such, and is told so once; who blocked it blocks that too.
    virtual void moved(const Address& from, const Address& to, OnDone done) = 0;
};

}  // namespace waypost
