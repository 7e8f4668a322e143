// SPDX-License-Identifier: Apache-2.0
// Bodies as rows of the table body_parts. What comes, and what is read, is in a file of this
// machine that has no name meanwhile: a sender may take minutes, and who reads goes back and forth.
#include <Poco/Data/Session.h>
#include <Poco/Exception.h>
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <fstream>
#include <mutex>
#include <stdexcept>
#include <vector>

#include "gateway/base/clock.h"
#include "gateway/base/free_bytes.h"
#include "gateway/base/write_all.h"
#include "gateway/store/body_stream.h"
#include "gateway/store/columns.h"
#include "gateway/store/database.h"
#include "gateway/store/prepared.h"
#include "gateway/store/records.h"

namespace waypost::store {
namespace {

constexpr std::size_t kPart = std::size_t{256} * 1024;  // of one row
constexpr std::size_t kIdleSessions = 4;
// What no message names may still be on its way into one.
constexpr std::chrono::hours kUnnamed{2};

Ms wall_ms() { return to_ms(SystemClock().wall()); }

// A session and its statements; it belongs to one thread at a time.
struct Parts {
    explicit Parts(Poco::Data::Session opened)
        : session(std::move(opened)),
          add(session, "INSERT INTO body_parts (name, part, bytes, made) VALUES (?,?,?,?)"),
          remove(session, "DELETE FROM body_parts WHERE name = ?"),
          part(session, "SELECT bytes FROM body_parts WHERE name = ? AND part = ?"),
          any(session, "SELECT part FROM body_parts LIMIT 1"),
          sweep(session,
                "DELETE FROM body_parts WHERE made < ? AND NOT EXISTS"
                " (SELECT 1 FROM messages WHERE body_file <> '' AND body_file = body_parts.name)") {
    }
    Poco::Data::Session session;
    Prepared<Params<std::string, int, Blob, std::int64_t>> add;
    Prepared<Params<std::string>> remove;
    Prepared<Params<std::string, int>, Row<Blob>> part;
    Prepared<Params<>, Row<int>> any;
    Prepared<Params<std::int64_t>> sweep;
};

// Thread-safe. A session that failed is not used again.
class PartSessions {
  public:
    explicit PartSessions(Database& database) : database_(database) {}

    // Throws Poco::Exception.
    template <class Work>
    auto with(Work work) {
        std::unique_ptr<Parts> parts = take();
        try {
            if constexpr (std::is_void_v<decltype(work(*parts))>) {
                work(*parts);
                give_back(std::move(parts));
            } else {
                auto value = work(*parts);
                give_back(std::move(parts));
                return value;
            }
        } catch (...) {
            if (!parts->session.isConnected()) forget_idle();
            throw;
        }
    }

  private:
    std::unique_ptr<Parts> take() {
        {
            const std::lock_guard lock(mutex_);
            if (!idle_.empty()) {
                auto parts = std::move(idle_.back());
                idle_.pop_back();
                return parts;
            }
        }
        return std::make_unique<Parts>(database_.open_writer());
    }
    // The database was away: what was open before is of no use any more.
    void forget_idle() {
        const std::lock_guard lock(mutex_);
        idle_.clear();
    }
    void give_back(std::unique_ptr<Parts> parts) {
        const std::lock_guard lock(mutex_);
        if (idle_.size() < kIdleSessions) idle_.push_back(std::move(parts));
    }

    Database& database_;
    std::mutex mutex_;
    std::vector<std::unique_ptr<Parts>> idle_;
};

Error database_error(const Poco::Exception& e) {
    return {Code::Internal, "the database: " + e.displayText(), true};
}

Error spool_error() { return file_error("cannot spool a body"); }

// A file of this machine without a name: it goes with the process.
class Spooled {
  public:
    explicit Spooled(const std::string& folder)
        : fd_(::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600)) {}
    Spooled(const Spooled&) = delete;
    Spooled& operator=(const Spooled&) = delete;
    ~Spooled() {
        if (fd_ >= 0) ::close(fd_);
    }

    Result<void> write(std::string_view bytes) {
        if (fd_ < 0) return spool_error();
        if (!write_all(fd_, bytes)) return spool_error();
        size_ += bytes.size();
        return {};
    }
    // Of all that is in it; it may outlive this.
    std::unique_ptr<std::istream> read() const {
        return std::make_unique<std::ifstream>("/proc/self/fd/" + std::to_string(fd_),
                                               std::ios::binary);
    }
    // Throws std::runtime_error. How many; fewer than there is room for only at the end.
    std::size_t read_at(std::vector<unsigned char>& piece, std::uint64_t at) const {
        std::size_t have = 0;
        while (have < piece.size()) {
            const ssize_t n = ::pread(fd_, piece.data() + have, piece.size() - have,
                                      static_cast<off_t>(at + have));
            if (n < 0 && errno == EINTR) continue;
            if (n < 0) throw std::runtime_error(spool_error().text);
            if (n == 0) break;
            have += static_cast<std::size_t>(n);
        }
        if (have == 0 && at < size_) throw std::runtime_error("a spooled body is cut short");
        return have;
    }
    bool ok() const { return fd_ >= 0; }
    std::uint64_t size() const { return size_; }

  private:
    int fd_;
    std::uint64_t size_ = 0;
};

class SpooledBody final : public BodyWriter {
  public:
    SpooledBody(PartSessions& sessions, const std::string& spool, std::string name)
        : sessions_(sessions), name_(std::move(name)), file_(spool) {}

    Result<void> write(std::string_view bytes) override { return file_.write(bytes); }
    std::unique_ptr<std::istream> written() override { return file_.read(); }
    Result<Body> finish() override {
        if (!file_.ok()) return spool_error();
        try {
            sessions_.with([this](Parts& parts) { insert(parts); });
        } catch (const Poco::Exception& e) {
            return database_error(e);
        } catch (const std::runtime_error& e) {
            return Error{Code::Internal, e.what(), true};
        }
        return Body{{}, name_, file_.size()};
    }

  private:
    void insert(Parts& parts) {
        const Ms made = wall_ms();
        std::vector<unsigned char> piece(kPart);
        parts.session.begin();
        parts.remove.run(name_);
        int part = 0;
        for (std::uint64_t at = 0; at < file_.size() || part == 0; ++part) {
            const std::size_t n = file_.read_at(piece, at);
            parts.add.run(name_, part, Blob(piece.data(), n), made);
            at += n;
        }
        parts.session.commit();
    }

    PartSessions& sessions_;
    std::string name_;
    Spooled file_;
};

class DatabaseBodies final : public Bodies {
  public:
    DatabaseBodies(Database& database, std::string spool, Random& random)
        : sessions_(database), spool_(std::move(spool)), random_(random) {
        make_own_folder(spool_);
    }

    std::unique_ptr<BodyWriter> make() override {
        return std::make_unique<SpooledBody>(sessions_, spool_, random_.hex(16));
    }
    void remove(const std::string& name) override {
        (void)guarded([&](Parts& parts) { parts.remove.run(name); });
    }
    // The database knows which are named, by other workers too; what is new is left alone.
    std::size_t sweep(const Named&) override {
        std::size_t removed = 0;
        const Ms before = wall_ms() - std::chrono::milliseconds(kUnnamed).count();
        (void)guarded([&](Parts& parts) { removed = parts.sweep.run(before); });
        return removed;
    }
    Result<void> copy_to(const std::string&) const override {
        return Error{Code::Refused, "a PostgreSQL store is backed up by pg_dump", false};
    }
    Result<void> put(const std::string& name, std::istream& content) override {
        SpooledBody body(sessions_, spool_, name);
        return fill(body, content);
    }
    bool empty() const override {
        return sessions_.with([](Parts& parts) { return !parts.any.one(); });
    }
    std::string folder() const override { return {}; }
    std::uint64_t free_bytes() const override { return waypost::free_bytes(spool_); }

  protected:
    Result<std::unique_ptr<std::istream>> open_named(const std::string& name) const override {
        Spooled file(spool_);
        try {
            const bool whole =
                sessions_.with([&](Parts& parts) { return fetch(parts, name, file); });
            if (whole) return {file.read()};
        } catch (const Poco::Exception& e) {
            return database_error(e);
        } catch (const std::runtime_error& e) {
            return Error{Code::Internal, e.what(), true};
        }
        return Error{Code::NotFound, "the body of this message is gone", false};
    }

  private:
    // False: there is no such. All its parts go at once, so if the first is still there all were.
    static bool fetch(Parts& parts, const std::string& name, Spooled& file) {
        parts.session.begin();
        int part = 0;
        for (auto row = parts.part.one(name, part); row; row = parts.part.one(name, ++part)) {
            const auto kept = file.write(text_of(std::get<0>(*row)));
            if (!kept.ok()) throw std::runtime_error(kept.error().text);
        }
        const bool there = part > 0 && parts.part.one(name, 0);
        parts.session.commit();
        return there;
    }
    template <class Work>
    Result<void> guarded(Work work) {
        try {
            sessions_.with(work);
            return {};
        } catch (const Poco::Exception& e) {
            return database_error(e);
        }
    }

    mutable PartSessions sessions_;
    std::string spool_;
    Random& random_;
};

}  // namespace

std::unique_ptr<Bodies> bodies_in_database(Database& database, std::string spool, Random& random) {
    return std::make_unique<DatabaseBodies>(database, std::move(spool), random);
}

}  // namespace waypost::store
