// SPDX-License-Identifier: Apache-2.0
// The fediverse: signed activities taken into the store and a post delivered, by turns with a
// Fedify that keeps all in memory; what followers cost; and whether a letter waits for a post to
// thousands.
#include <cstdio>
#include <set>
#include <stdexcept>

#include "tests/bench/bench.h"
#include "tests/bench/fediverse_stage.h"
#include "tests/bench/lean_fedify.h"
#include "tests/bench/signed_load.h"

namespace waypost::bench {
namespace {

constexpr int kRounds = 3;
constexpr int kConnections = 16;
constexpr int kPairs = 20;  // who write to each other
constexpr int kOurNotes = 3000, kTheirNotes = 1000;
constexpr int kPeople = 500;
constexpr double kWantedRatio = 3;
constexpr double kMostMemory = 32;  // MiB
constexpr double kMostWait = 1;     // seconds
constexpr std::chrono::seconds kPatience{120};
constexpr std::chrono::milliseconds kBetweenLetters{100};

using Moment = std::chrono::steady_clock::time_point;

double seconds_between(Moment from, Moment to) {
    return std::chrono::duration<double>(to - from).count();
}

void pause(double seconds) {
    const StopWatch watch;
    interop::eventually([&] { return watch.seconds() > seconds; });
}

// {"bench": "activitypub", "ratio": 3.50, ...}
class LastLine {
  public:
    void add(const std::string& name, double value) {
        char text[64];
        std::snprintf(text, sizeof text, "\": %.2f", value);
        line_ += ", \"" + name + text;
    }
    void print() const { std::printf("%s}\n", line_.c_str()); }

  private:
    std::string line_ = "{\"bench\": \"activitypub\"";
};

// Notes of u0 to u19, each to one of theirs alone.
std::vector<std::string> notes_to(const OtherServers& others, const std::string& host,
                                  const std::string& actors, int count) {
    static int made = 0;
    std::vector<Post> posts;
    for (int i = 0; i < count; ++i, ++made) {
        const std::string number = std::to_string(i % kPairs);
        const auto from = others.actor(80, "u" + number);
        activitypub::OwnNote note;
        note.author = from;
        note.id = from.id() + "/notes/" + std::to_string(made);
        note.content = "<p>Note " + std::to_string(made) +
                       ": the road over the pass is open since noon, and the ford can be waded. "
                       "Bring the letters when you come, and some bread.</p>";
        note.published = std::time(nullptr);
        note.to = {"https://hill.test" + actors + "p-" + number};
        if (host != "hill.test") note.to = {"http://" + host + actors + "p-" + number};
        posts.push_back(
            {host, actors + "p-" + number + "/inbox", activitypub::create_json(note), from});
    }
    return signed_requests(others, posts);
}

bool measure_in(LastLine& last) {
    FediverseStage stage(0);
    stage.need_contacts(kPairs);
    const LeanFedify fedify(kDale);
    long at_fedify = 0;
    const auto ours = [&](int count) {
        const auto requests = notes_to(stage.others(), "hill.test", "/ap/", count);
        return count / seconds_to_post(requests, kHill, kConnections);
    };
    const auto theirs = [&](int count) {
        const auto requests = notes_to(stage.others(), "dale.test", "/users/", count);
        const StopWatch watch;
        seconds_to_post(requests, kDale, kConnections);
        fedify.wait_until_came(at_fedify += count);
        return count / watch.seconds();
    };
    ours(kOurNotes / 10);
    theirs(kTheirNotes / 2);
    std::vector<double> our_rates, their_rates;
    const double before = processor_seconds_of(stage.box().pid());
    for (int i = 0; i < kRounds; ++i) {
        their_rates.push_back(theirs(kTheirNotes));
        our_rates.push_back(ours(kOurNotes));
    }
    const double processor = processor_seconds_of(stage.box().pid()) - before;
    const std::string taken = "taken: " + std::to_string(kOurNotes / 10 + kRounds * kOurNotes);
    if (stage.box().waypost("status").find(taken) == std::string::npos)
        throw std::runtime_error("not all are kept: " + stage.box().waypost("status"));
    const double ratio = median(our_rates) / median(their_rates);
    row("activities in, waypost", median(our_rates), "a second", "on disk when 202 is said");
    row("activities in, Fedify", median(their_rates), "a second", "in memory");
    row("in, ratio", ratio, "", "wanted: 3");
    row("processor time of the gateway for one", 1000 * processor / (kRounds * kOurNotes), "ms");
    last.add("ratio", ratio);
    return ratio >= kWantedRatio;
}

// From being asked for until the last has it.
double seconds_to_all(OtherServers& others, const std::function<void()>& ask) {
    others.shared();
    const Moment begin = std::chrono::steady_clock::now();
    ask();
    const bool all = interop::eventually(
        [&] { return others.shared_waiting() >= static_cast<std::size_t>(kServers); }, kPatience);
    const auto came = others.shared();
    if (!all)
        throw std::runtime_error("only " + std::to_string(came.size()) + " servers got the post");
    return seconds_between(begin, came.back().at);
}

void post(FediverseStage& stage) {
    static int number = 0;
    stage.device().text(FediverseStage::radio_of(0),
                        "#news Post " + std::to_string(++number) + ": the road is open");
}

bool measure_out(FediverseStage& stage, LastLine& last) {
    stage.need_followers();
    const LeanFedify fedify(kDale);
    const auto ours = [&] {
        return kServers / seconds_to_all(stage.others(), [&] { post(stage); });
    };
    const auto theirs = [&] {
        return kServers / seconds_to_all(stage.others(), [&] {
                   fedify.send("elm.test", OtherServers::kFirstPort, kServers);
               });
    };
    ours();
    theirs();
    std::vector<double> our_rates, their_rates;
    const double before = processor_seconds_of(stage.box().pid());
    for (int i = 0; i < kRounds; ++i) {
        their_rates.push_back(theirs());
        our_rates.push_back(ours());
    }
    const double processor = processor_seconds_of(stage.box().pid()) - before;
    const double ratio = median(our_rates) / median(their_rates);
    row("activities out, waypost", median(our_rates), "a second", "one post to 2,000 servers");
    row("activities out, Fedify", median(their_rates), "a second", "likewise");
    row("out, ratio", ratio, "", "wanted: 3");
    row("processor time of the gateway for one", 1000 * processor / (kRounds * kServers), "ms");
    last.add("ratio_out", ratio);
    return ratio >= kWantedRatio;
}

bool measure_memory(FediverseStage& stage, LastLine& last) {
    pause(5);
    const double idle = stage.own_memory();
    stage.need_people(kPeople);
    std::vector<std::string> actors;
    for (int i = 0; i < kPeople; ++i) actors.push_back("/ap/p-" + std::to_string(i));
    get_each(actors, "hill.test", kHill);
    const double people = stage.own_memory();
    const double seconds = stage.need_followers();
    pause(10);
    const double all = stage.own_memory();
    row("gateway that waits, its own", idle, "MiB", "RssAnon");
    row("more with 500 actors that were fetched", people - idle, "MiB");
    row("more with 10,000 followers too", all - idle, "MiB", "wanted: at most 32");
    if (seconds > 0) row("these followed", kServers * kFollowersOfEach / seconds, "a second");
    last.add("memory", all - idle);
    return all - idle <= kMostMemory;
}

// Letters of persons, every 100 ms, while a post goes out.
class Letters {
  public:
    explicit Letters(FediverseStage& stage) : stage_(stage) {}

    void write() {
        const int person = 1 + static_cast<int>(written_.size()) % kPairs;
        const std::string number = std::to_string(written_.size());
        written_.push_back(stage_.device().text(
            FediverseStage::radio_of(person),
            "@u" + std::to_string(person) + "@elm.test Letter " + number + " of mine."));
    }
    std::size_t count() const { return written_.size(); }
    // Seconds of each until it was there.
    std::vector<double> waits() {
        if (!interop::eventually([&] { return look() == written_.size(); }, kPatience))
            throw std::runtime_error("of " + std::to_string(written_.size()) + " letters " +
                                     std::to_string(came_.size()) + " came");
        std::vector<double> seconds;
        for (std::size_t i = 0; i < written_.size(); ++i)
            seconds.push_back(seconds_between(written_[i], came_.at(i)));
        return seconds;
    }

  private:
    std::size_t look() {
        for (const auto& each : stage_.others().personal()) {
            const std::size_t at = each.body.find("Letter ");
            if (at != std::string::npos)
                came_.emplace(std::stoul(each.body.substr(at + 7)), each.at);
        }
        return came_.size();
    }
    FediverseStage& stage_;
    std::vector<Moment> written_;
    std::map<std::size_t, Moment> came_;
};

struct FannedOut {
    std::size_t requests = 0, servers = 0;
    double seconds = 0;
};

// One post, and letters until all have it.
FannedOut fan_out(FediverseStage& stage, Letters& letters) {
    stage.others().shared();
    const Moment begin = std::chrono::steady_clock::now();
    post(stage);
    Moment next = begin;
    while (stage.others().shared_waiting() < static_cast<std::size_t>(kServers) &&
           std::chrono::steady_clock::now() - begin < kPatience) {
        letters.write();
        std::this_thread::sleep_until(next += kBetweenLetters);
    }
    pause(2);  // what is sent too often comes later
    const auto came = stage.others().shared();
    std::set<int> ports;
    for (const auto& each : came) ports.insert(each.port);
    const double seconds = came.empty() ? 0 : seconds_between(begin, came.back().at);
    return {came.size(), ports.size(), seconds};
}

bool measure_fan_out(FediverseStage& stage, LastLine& last) {
    stage.need_people(kPairs + 1);
    stage.need_followers();
    {
        Letters first(stage);  // names are looked up, keys are made
        while (first.count() < kPairs) first.write();
        first.waits();
    }
    Letters letters(stage);
    bool all = true;
    std::size_t requests = 0;
    std::vector<double> seconds;
    for (int i = 0; i < kRounds; ++i) {
        const FannedOut out = fan_out(stage, letters);
        requests = std::max(requests, out.requests);
        seconds.push_back(out.seconds);
        const auto wanted = static_cast<std::size_t>(kServers);
        all = all && out.requests == wanted && out.servers == wanted;
    }
    const std::vector<double> waits = letters.waits();
    const double worst = percentile(waits, 1);
    row("requests of one post", static_cast<double>(requests), "", "wanted: 2,000");
    row("until the last had it", median(seconds), "s");
    row("letters meanwhile", static_cast<double>(waits.size()), "");
    row("a letter's way, median", median(waits), "s", "from the radio's last byte");
    row("99 of 100", percentile(waits, 0.99), "s");
    row("the slowest", worst, "s", "wanted: at most 1");
    last.add("requests", static_cast<double>(requests));
    last.add("letter_s", worst);
    return all && worst <= kMostWait;
}

// Those that have followers share a stage, which takes a minute to be made.
int measure(const std::set<std::string>& parts) {
    LastLine last;
    bool good = true;
    if (parts.count("in") != 0) good = measure_in(last) && good;
    if (parts.size() > parts.count("in")) {
        FediverseStage stage(kServers);
        if (parts.count("memory") != 0) good = measure_memory(stage, last) && good;
        if (parts.count("out") != 0) good = measure_out(stage, last) && good;
        if (parts.count("fan-out") != 0) good = measure_fan_out(stage, last) && good;
    }
    last.print();
    return good ? 0 : 1;
}

}  // namespace

int activitypub() { return measure({"in", "out", "memory", "fan-out"}); }
int activitypub_in() { return measure({"in"}); }
int activitypub_out() { return measure({"out"}); }
int activitypub_memory() { return measure({"memory"}); }
int activitypub_fan_out() { return measure({"fan-out"}); }

}  // namespace waypost::bench
