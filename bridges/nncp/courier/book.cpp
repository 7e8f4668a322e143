// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/courier/book.h"

#include <Poco/Exception.h>
#include <Poco/JSON/Array.h>
#include <Poco/JSON/Object.h>
#include <Poco/JSON/Parser.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <sstream>

#include "bridges/nncp/courier/devices.h"
#include "bridges/nncp/packet/mth.h"
#include "bridges/nncp/spool/files.h"

namespace waypost::nncp {
namespace {

namespace fs = std::filesystem;
using Json = Poco::JSON::Object;
using State = StickRecord::State;

std::string text_of(const StickRecord& record) {
    Poco::JSON::Array rides;
    for (const Ride& each : record.rides) {
        Poco::JSON::Array ride;
        ride.add(to_base32(each.node));
        ride.add(to_base32(each.packet));
        ride.add(Poco::Int64(each.at));
        ride.add(each.times);
        rides.add(ride);
    }
    Json json(Poco::JSON_PRESERVE_KEY_ORDER);
    json.set("id", record.id);
    json.set("name", record.name);
    json.set("state", to_string(record.state));
    json.set("at", Poco::Int64(record.at));
    json.set("rides", rides);
    std::ostringstream text;
    json.stringify(text);
    text << '\n';
    return text.str();
}

std::optional<Ride> ride_of(const Poco::JSON::Array& json) {
    const auto node = hash_from_base32(json.getElement<std::string>(0));
    const auto packet = hash_from_base32(json.getElement<std::string>(1));
    if (!node.ok() || !packet.ok()) return std::nullopt;
    return Ride{*node, *packet, json.getElement<Poco::Int64>(2), json.getElement<int>(3)};
}

std::optional<StickRecord> read(const fs::path& file) {
    std::ifstream in(file);
    if (!in) return std::nullopt;
    try {
        const auto json = Poco::JSON::Parser().parse(in).extract<Json::Ptr>();
        StickRecord record;
        record.id = json->getValue<std::string>("id");
        record.name = json->optValue<std::string>("name", "");
        const auto state = json->optValue<std::string>("state", "");
        record.state = state == "accepted"  ? State::Accepted
                       : state == "refused" ? State::Refused
                                            : State::Asked;
        record.at = json->optValue<Poco::Int64>("at", 0);
        const auto rides = json->getArray("rides");
        for (std::size_t i = 0; rides && i < rides->size(); ++i) {
            const auto each = rides->getArray(static_cast<unsigned>(i));
            const auto ride = each ? ride_of(*each) : std::nullopt;
            if (ride) record.rides.push_back(*ride);
        }
        return record;
    } catch (const Poco::Exception&) {
        return std::nullopt;
    }
}

}  // namespace

const char* to_string(State state) {
    return state == State::Accepted ? "accepted" : state == State::Refused ? "refused" : "asked";
}

const Ride* StickRecord::ride(const NodeId& node, const Mth& packet) const {
    const auto found = std::find_if(rides.begin(), rides.end(), [&](const Ride& each) {
        return each.node == node && each.packet == packet;
    });
    return found == rides.end() ? nullptr : &*found;
}

Result<CourierBook> CourierBook::open(const Spool& spool, bool sync) {
    fs::path folder = spool.directory() / "courier";
    if (const auto made = make_folder(folder, sync); !made.ok()) return made.error();
    return CourierBook(std::move(folder), sync);
}

// A path is no file name: its hash is.
fs::path CourierBook::file(const std::string& id, const char* ending) const {
    if (good_id(id)) return folder_ / (id + ending);
    MthHasher hasher;
    hasher.update({reinterpret_cast<const std::uint8_t*>(id.data()), id.size()});
    return folder_ / ("dir_" + to_base32(hasher.finish()).substr(0, 26) + ending);
}

std::optional<StickRecord> CourierBook::find(const std::string& id) const {
    return read(file(id, ".json"));
}

std::vector<StickRecord> CourierBook::all() const {
    std::vector<StickRecord> records;
    for (const auto& each : entries_of(folder_)) {
        if (each.path().extension() != ".json") continue;
        if (auto record = read(each.path())) records.push_back(std::move(*record));
    }
    std::sort(records.begin(), records.end(),
              [](const StickRecord& a, const StickRecord& b) { return a.id < b.id; });
    return records;
}

Result<void> CourierBook::put(const StickRecord& record) const {
    const fs::path last = file(record.id, ".json");
    const fs::path working = folder_ / working_name();
    const std::string text = text_of(record);
    std::ifstream present(last, std::ios::binary);
    if (present && std::string(std::istreambuf_iterator<char>(present), {}) == text) return {};
    const Fd fd(::open(working.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
    if (!fd.good()) return disk_error("write " + working.string());
    auto done =
        write_all(fd.get(), {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
    if (done.ok() && sync_ && ::fsync(fd.get()) != 0) done = disk_error("sync " + working.string());
    if (done.ok() && ::rename(working.c_str(), last.c_str()) != 0)
        done = disk_error("name " + last.string());
    if (!done.ok()) {
        (void)::unlink(working.c_str());
        return done;
    }
    return sync_ ? sync_folder(folder_) : Result<void>();
}

void CourierBook::forget(const std::string& id) const { (void)::unlink(file(id, ".json").c_str()); }

Result<void> CourierBook::set_state(const std::string& id, State state,
                                    const std::string& name) const {
    auto record = find(id).value_or(StickRecord{id, name, state, 0, {}});
    record.state = state;
    if (!name.empty()) record.name = name;
    return put(record);
}

Result<Fd> CourierBook::lock(const std::string& id) const {
    const fs::path name = file(id, ".lock");
    Fd fd(::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666));
    if (!fd.good()) return disk_error("open " + name.string());
    if (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0)
        return Error{Code::Busy, "another program is using this stick", true};
    return fd;
}

}  // namespace waypost::nncp
