// SPDX-License-Identifier: Apache-2.0
#include "player.h"

#include <Poco/JSON/Object.h>
#include <Poco/JSON/Parser.h>

#include <algorithm>
#include <cctype>
#include <sstream>

namespace waypost::talk {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Steady = std::chrono::steady_clock;

constexpr milliseconds kPatience = seconds(45);
constexpr milliseconds kQuiet = seconds(1);
constexpr milliseconds kRest{300};  // after the last step, for what nobody expects
constexpr milliseconds kLook{50};
constexpr std::size_t kAnswerBytes = 130;
constexpr std::size_t kPageBytes = 200;
constexpr std::size_t kNone = std::string::npos;
constexpr double kSpeed = 30;
constexpr char kBegin[] = "begin";
constexpr char kLaterStates[] = "later states";
constexpr char kSlowRadio[] = "slow radio";

// The talk wants this of its box from the start: "begin: later states".
bool begins_with(const std::vector<Step>& talk, const std::string& what) {
    return std::any_of(talk.begin(), talk.end(), [&](const Step& step) {
        return step.words == std::vector<std::string>{kBegin} && step.text == what;
    });
}

demo::StageOptions options(const std::string& bin, const std::vector<Step>& talk) {
    demo::StageOptions options;
    options.bin = bin;
    options.handhelds = {"ana", "ben", "carl", "dora"};
    options.speed = kSpeed;
    options.loss = 0;
    options.json = true;
    // The device wants 2 s of its time between two texts; the gateway's clock does not run faster.
    const std::string gap = begins_with(talk, kSlowRadio) ? "4s" : "120ms";
    options.radio_toml = "gap = \"" + gap + "\"\nshare = 100\n";
    // All mail of a talk comes from loopback, so whatever dale says of itself is believed.
    options.more_toml =
        "[neighbour.dale]\ndomain = [\"dale.example\"]\naddresses = [\"127.0.0.1\"]\n";
    // Whether an earlier letter has left by the time of the next receipt is a matter of moments,
    // unless the talk waits for it.
    options.box_toml = std::string("later_states = ") +
                       (begins_with(talk, kLaterStates) ? "true" : "false") + '\n';
    return options;
}

// "eve" is outside; "fay@dale.example" is who she says.
std::string address_of(const std::string& name) {
    return name.find('@') == std::string::npos ? name + "@example.org" : name;
}

std::string capital(std::string name) {
    name[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(name[0])));
    return name;
}

std::vector<std::string> split_lines(const std::string& text) {
    std::istringstream in(text);
    std::vector<std::string> lines;
    for (std::string line; std::getline(in, line);) {
        line.erase(line.find_last_not_of(" \r") + 1);
        line.erase(0, line.find_first_not_of(' '));
        lines.push_back(line);
    }
    return lines;
}

std::string listed(const std::vector<std::string>& lines) {
    std::string out;
    for (const std::string& line : lines) out += "\n    " + line;
    return out.empty() ? "\n    nothing" : out;
}

bool has(const std::vector<std::string>& lines, const std::string& pattern) {
    return std::any_of(lines.begin(), lines.end(),
                       [&](const std::string& line) { return matches(line, pattern); });
}

}  // namespace

Player::Player(std::string file, const std::string& bin)
    : file_(std::move(file)), steps_(read_talk(file_)), stage_(options(bin, steps_)) {}

std::string Player::play() {
    int line = 0;
    try {
        start();
        for (const Step& each : steps_) {
            line = each.line;
            step(each);
        }
        nothing_left();
        return {};
    } catch (const std::exception& e) {
        return file_ + ':' + std::to_string(line) + ": " + e.what() + "\n--- the logs' ends:\n" +
               stage_.log_tail(25);
    }
}

void Player::start() {
    if (!stage_.until_up()) throw Failure("the gateway does not come up");
}

void Player::step(const Step& step) {
    const std::string name = step.words.empty() ? "" : step.words[0];
    const bool told = step.words.size() == 3 && step.words[2] == "refused";
    if (was_refused_ && !told) throw Failure("the mail before this line was refused: " + refused_);
    if (of_box(step)) return;
    if (of_handheld(name.substr(0, name.find_first_of(">!")), step)) return;
    if (of_outsider(name, step)) return;
    throw Failure("no line of a talk: " + step.whole);
}

bool Player::of_box(const Step& step) {
    const auto is = [&](const char* words) { return step.whole == words; };
    if (step.colon && step.words == std::vector<std::string>{kBegin}) {
        if (step.text != kLaterStates && step.text != kSlowRadio)
            throw Failure("a talk begins with: " + std::string(kLaterStates) + ", " + kSlowRadio);
    } else if (step.colon && step.words == std::vector<std::string>{"named"}) {
        std::istringstream names(step.text);
        for (std::string name; std::getline(names >> std::ws, name, ',');) {
            const auto& all = options({}, {}).handhelds;
            const auto place = std::find(all.begin(), all.end(), name) - all.begin();
            const auto ran = stage_.run(
                "people add " + name + " --name " + capital(name) +
                " --radio meshtastic:" + demo::radio_of(static_cast<std::size_t>(place)));
            if (!ran.good) throw Failure(ran.output);
        }
    } else if (step.colon && step.words == std::vector<std::string>{"run"}) {
        ran_ = step.text;
        printed_ = stage_.run(ran_).output;
    } else if (step.colon && step.words == std::vector<std::string>{"says"}) {
        says(step.text);
    } else if (step.colon && step.words == std::vector<std::string>{"it", "says"}) {
        it_says(step.text);
    } else if (step.colon && step.words == std::vector<std::string>{"box", "has"}) {
        stage_.add_settings(step.text);
    } else if (is("mail is down") || is("mail is up")) {
        stage_.mail().set_open(is("mail is up"));
    } else if (is("box stops")) {
        stage_.stop_gateway();
    } else if (is("box starts")) {
        stage_.start_gateway();
        start();
    } else {
        return false;
    }
    return true;
}

bool Player::of_handheld(const std::string& name, const Step& step) {
    if (!is_handheld(name)) return false;
    const std::string verb = step.words.size() > 1 ? step.words[1] : "";
    if (step.whole == name + " sees nothing") {
        sees_nothing(name);
    } else if (step.colon && verb == "sees") {
        sees(name, step.text, kAnswerBytes);
    } else if (step.colon && verb == "reads") {
        sees(name, step.text, kPageBytes);
    } else if (step.colon ? verb.empty() || verb == "re" || verb == "react"
                          : verb == "on" || verb == "off") {
        stage_.village().say(step.whole);
    } else {
        return false;
    }
    return true;
}

bool Player::of_outsider(const std::string& name, const Step& step) {
    const std::string verb = step.words.size() > 1 ? step.words[1] : "";
    if (step.whole == name + " gets nothing") {
        gets_nothing(name);
    } else if (step.colon && verb == "gets") {
        gets(name, step.text);
    } else if (step.colon && verb == "answers") {
        answers(name, step.text);
    } else if (step.colon && verb == "writes" && step.words.size() == 3) {
        writes(name, step.words[2], step.text);
    } else if (step.colon && step.words.size() == 3 && step.words[2] == "refused") {
        is_refused(name, step.text);
    } else if (step.whole == name + " does not exist") {
        stage_.mail().refuse(name);
    } else {
        return false;
    }
    return true;
}

void Player::sees(const std::string& name, const std::string& text, std::size_t most_bytes) {
    Line* found = nullptr;
    const auto look = [&] {
        for (Line& line : seen_[name]) {
            if (!line.expected && matches(on_one_line(line.text), text)) found = &line;
            if (found != nullptr) return true;
        }
        return false;
    };
    if (!watch(look, kPatience)) {
        throw Failure("expected\n    " + name + " sees: " + text + "\nbut " + name + " saw" +
                      seen_by(name));
    }
    found->expected = true;
    if (found->text.size() > most_bytes) {
        throw Failure("longer than " + std::to_string(most_bytes) + " bytes (" +
                      std::to_string(found->text.size()) + "):\n    " + on_one_line(found->text));
    }
}

void Player::sees_nothing(const std::string& name) {
    const auto unexpected = [&] {
        const auto& lines = seen_[name];
        return std::any_of(lines.begin(), lines.end(),
                           [](const Line& line) { return !line.expected; });
    };
    if (watch(unexpected, kQuiet)) {
        throw Failure("expected that " + name + " sees nothing, but " + name + " saw" +
                      seen_by(name));
    }
}

void Player::gets(const std::string& name, const std::string& text) {
    std::vector<std::string> instead;
    const auto came = [&] {
        instead.clear();
        const auto all = stage_.mail().mailbox();
        mail_expected_.resize(all.size(), false);
        for (std::size_t i = 0; i < all.size(); ++i) {
            const auto lines = lines_of(all[i]);
            if (!mail_expected_[i]) instead.insert(instead.end(), lines.begin(), lines.end());
            const bool his = all[i].to.front().rfind(name + '@', 0) == 0;
            if (mail_expected_[i] || !his || !has(lines, text)) continue;
            mail_ = i;
            return true;
        }
        return false;
    };
    if (!watch(came, kPatience)) {
        throw Failure("expected a mail for " + name + " with\n    " + text + "\nbut what came is" +
                      listed(instead));
    }
    mail_expected_[mail_] = true;
}

void Player::gets_nothing(const std::string& name) {
    const auto came = [&] { return unexpected_mail(name) != kNone; };
    if (!watch(came, kQuiet)) return;
    throw Failure("expected no mail for " + name + ", but there is" +
                  listed(lines_of(stage_.mail().mailbox()[unexpected_mail(name)])));
}

void Player::it_says(const std::string& text) {
    if (mail_ == kNone) throw Failure("`it says` comes after a `gets`");
    const auto lines = lines_of(stage_.mail().mailbox()[mail_]);
    if (!has(lines, text)) {
        throw Failure("expected in that mail\n    " + text + "\nbut it is" + listed(lines));
    }
}

void Player::answers(const std::string& name, const std::string& text) {
    const auto all = stage_.mail().mailbox();
    if (mail_ == kNone) throw Failure("`answers` comes after a `gets`");
    const auto sent = demo::MailPeer::answer(all[mail_], address_of(name), capital(name), text,
                                             stage_.mail_port());
    was_refused_ = !sent.ok();
    if (was_refused_) refused_ = sent.error().text;
}

void Player::writes(const std::string& name, const std::string& to, const std::string& text) {
    demo::ToVillage mail;
    mail.from = address_of(name);
    mail.from_name = capital(name);
    mail.to = to;
    const std::size_t mark = text.find(" // ");
    if (mark != kNone) mail.subject = text.substr(0, mark);
    mail.text = mark == kNone ? text : text.substr(mark + 4);
    const auto sent = demo::MailPeer::send(mail, stage_.mail_port());
    was_refused_ = !sent.ok();
    if (was_refused_) refused_ = sent.error().text;
}

void Player::is_refused(const std::string& name, const std::string& text) {
    if (!was_refused_) throw Failure("expected that " + name + " is refused, but it was taken");
    was_refused_ = false;
    if (!matches(refused_, text)) {
        throw Failure("expected the refusal\n    " + text + "\nbut it is\n    " + refused_);
    }
}

void Player::says(const std::string& text) {
    const auto said = [&] {
        if (has(split_lines(printed_), text)) return true;
        printed_ = stage_.run(ran_).output;
        return has(split_lines(printed_), text);
    };
    if (watch(said, kPatience)) return;
    throw Failure("expected of `waypost " + ran_ + "`\n    " + text + "\nbut it says" +
                  listed(split_lines(printed_)));
}

void Player::nothing_left() {
    watch([] { return false; }, kRest);
    for (const auto& [name, lines] : seen_) {
        for (const Line& line : lines) {
            if (line.expected) continue;
            throw Failure("at its end the talk has not named what " + name + " saw:\n    " +
                          on_one_line(line.text));
        }
    }
    if (const std::size_t mail = unexpected_mail({}); mail != kNone) {
        throw Failure("at its end the talk has not named the mail" +
                      listed(lines_of(stage_.mail().mailbox()[mail])));
    }
}

bool Player::watch(const std::function<bool()>& done, milliseconds within) {
    const auto end = Steady::now() + within;
    for (bool over = false; !over;) {
        over = Steady::now() >= end;
        for (std::string line = stage_.village().line(milliseconds(0)); !line.empty();
             line = stage_.village().line(milliseconds(0))) {
            take(line);
        }
        if (!complaint_.empty()) throw Failure("the village says: " + complaint_);
        if (done()) return true;
        if (stage_.village().ended()) throw Failure("the village ended");
        const auto left = std::chrono::duration_cast<milliseconds>(end - Steady::now());
        const std::string line =
            stage_.village().line(std::clamp(left, milliseconds(0), milliseconds(kLook)));
        if (!line.empty()) take(line);
    }
    return false;
}

// What the box said is kept; what handhelds say to each other is their own affair.
void Player::take(const std::string& printed) {
    const auto event = Poco::JSON::Parser().parse(printed).extract<Poco::JSON::Object::Ptr>();
    const auto what = event->getValue<std::string>("what");
    const auto text = event->getValue<std::string>("text");
    if (what == "error") complaint_ = text;
    if ((what != "sees" && what != "ALERT") || event->optValue<std::string>("from", "") != "post") {
        return;
    }
    seen_[event->getValue<std::string>("who")].push_back({text});
}

bool Player::is_handheld(const std::string& name) const {
    const auto all = options({}, {}).handhelds;
    return std::find(all.begin(), all.end(), name) != all.end();
}

std::vector<std::string> Player::lines_of(const demo::BobsMail& mail) const {
    std::vector<std::string> lines{
        "From: " + mail.mail.from_name + " <" + mail.mail.from.value + '>',
        "Reply-To: " + mail.reply_to, "Subject: " + mail.mail.subject};
    for (const std::string& to : mail.to) lines.push_back("To: " + to);
    for (const std::string& line : split_lines(mail.whole)) lines.push_back(line);
    return lines;
}

std::size_t Player::unexpected_mail(const std::string& name) const {
    const auto all = stage_.mail().mailbox();
    for (std::size_t i = 0; i < all.size(); ++i) {
        const bool expected = i < mail_expected_.size() && mail_expected_[i];
        const bool his = name.empty() || all[i].to.front().rfind(name + '@', 0) == 0;
        if (!expected && his) return i;
    }
    return kNone;
}

std::string Player::seen_by(const std::string& name) const {
    std::vector<std::string> lines;
    const auto found = seen_.find(name);
    if (found == seen_.end()) return listed(lines);
    for (const Line& line : found->second) {
        lines.push_back(on_one_line(line.text) + (line.expected ? "   (expected)" : ""));
    }
    return listed(lines);
}

}  // namespace waypost::talk
