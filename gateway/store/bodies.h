// SPDX-License-Identifier: Apache-2.0
// Bodies too large to keep inline: beside the store of a box one file each in a folder, in the
// database of a hub, where all of its workers read them.
#pragma once

#include <cstdint>
#include <functional>
#include <istream>
#include <memory>
#include <set>
#include <string>

#include "gateway/base/random.h"
#include "gateway/base/result.h"
#include "gateway/transport.h"

namespace waypost::store {

class Database;

// Thread-safe. A body is durable before finish() returns, so the commit that names it never names
// one that a power cut could empty.
class Bodies {
  public:
    virtual ~Bodies() = default;
    virtual std::unique_ptr<BodyWriter> make() = 0;
    // NotFound: it is gone. What fails later sets the stream's badbit.
    Result<std::unique_ptr<std::istream>> open(const Body& body) const;
    virtual void remove(const std::string& name) = 0;
    // At start: what no message names (a crash between finish and commit) goes. How many. `named`
    // is asked where they are files.
    using Named = std::function<std::set<std::string>()>;
    virtual std::size_t sweep(const Named& named) = 0;
    // Copies all that are finished into a new folder, synced with all else on that disk.
    virtual Result<void> copy_to(const std::string& folder) const = 0;
    // One of another store, under its name. It replaces what has that name.
    virtual Result<void> put(const std::string& name, std::istream& content) = 0;
    virtual bool empty() const = 0;
    // The folder of files; empty: they are in the database.
    virtual std::string folder() const = 0;
    // Bytes free on the disk that holds them, or, as a database does not tell, what is still
    // coming.
    virtual std::uint64_t free_bytes() const = 0;

  protected:
    virtual Result<std::unique_ptr<std::istream>> open_named(const std::string& name) const = 0;
};

// Lower hexadecimal digits: no other name leads anywhere.
bool is_body_name(const std::string& name);

// Makes the folder (mode 0700) if it is missing; throws std::runtime_error if that fails.
std::unique_ptr<Bodies> bodies_in_folder(std::string folder, Random& random, bool sync);
// `spool`: a folder of this machine for what is still coming, made like the one above. `database`
// and `random` outlive it.
std::unique_ptr<Bodies> bodies_in_database(Database& database, std::string spool, Random& random);

}  // namespace waypost::store
